"""Small checks that the table of Block Kit rules (`block_rules`) is put together from.

A check looks at one value and returns its faults, in the words and with the JSON pointers of Slack's
`response_metadata.messages`. Written apart from `bot/slack/limits.py`: the bot must not test itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.wire import Json

Faults = list[str]
Check = Callable[[Any, str], Faults]
Rule = tuple[Callable[[Json], bool], str]


@dataclass(frozen=True, slots=True)
class Need:
    """A field that must be there."""

    check: Check


def fault(text: str, at: str) -> Faults:
    """One fault in Slack's form."""
    return [f"[ERROR] {text} [json-pointer:{at}]"]


def string(most: int, least: int = 1) -> Check:
    """A text of `least` to `most` characters."""

    def check(value: Any, at: str) -> Faults:
        if not isinstance(value, str):
            return fault("must be a string", at)
        if len(value) > most:
            return fault(f"must be less than {most + 1} characters", at)
        return fault(f"must be more than {least - 1} characters", at) if len(value) < least else []

    return check


def whole(low: int, high: int) -> Check:
    """A whole number."""

    def check(value: Any, at: str) -> Faults:
        if not isinstance(value, int) or isinstance(value, bool):
            return fault("must be a valid integer", at)
        return [] if low <= value <= high else fault(f"must be between {low} and {high}", at)

    return check


def number(value: Any, at: str) -> Faults:
    """Any number."""
    return (
        []
        if isinstance(value, int | float) and not isinstance(value, bool)
        else fault("must be a number", at)
    )


def flag(value: Any, at: str) -> Faults:
    """Yes or no."""
    return [] if isinstance(value, bool) else fault("must be a valid boolean", at)


def one_of(*allowed: str) -> Check:
    """One word of a list."""

    def check(value: Any, at: str) -> Faults:
        return [] if value in allowed else fault("must be one of: " + ", ".join(allowed), at)

    return check


def items(check_item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` things."""

    def check(value: Any, at: str) -> Faults:
        if not isinstance(value, list):
            return fault("must be an array", at)
        if len(value) > most:
            return fault(f"no more than {most} items allowed", at)
        if len(value) < least:
            return fault(f"no fewer than {least} items allowed", at)
        return [found for place, item in enumerate(value) for found in check_item(item, f"{at}/{place}")]

    return check


def shape(fields: Mapping[str, Check | Need], *rules: Rule) -> Check:
    """An object with these fields and no others; `rules` look at it as a whole once its fields are right."""

    def check(value: Any, at: str) -> Faults:
        if not isinstance(value, dict):
            return fault("must be an object", at)
        faults: Faults = []
        for name, rule in fields.items():
            if name in value:
                field_check = rule.check if isinstance(rule, Need) else rule
                faults += field_check(value[name], f"{at}/{name}")
            elif isinstance(rule, Need):
                faults += fault(f"missing required field: {name}", at)
        for name in value.keys() - fields.keys() - {"type"}:
            faults += fault(f"invalid additional property: {name}", at)
        if faults:
            return faults
        return [found for holds, text in rules if not holds(value) for found in fault(text, at)]

    return check


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says which shape it has."""

    def check(value: Any, at: str) -> Faults:
        if not isinstance(value, dict):
            return fault("must be an object", at)
        kind = value.get("type")
        if kind is None:
            return fault("missing required field: type", at)
        if kind not in shapes:
            return fault(f"unsupported type: {kind}", f"{at}/type")
        return shapes[kind](value, at)

    return check


def either(first: str, second: str) -> Rule:
    """Exactly one of two fields."""
    return lambda value: (first in value) != (second in value), f"must provide either {first} or {second}"


def any_field(*names: str) -> Rule:
    """At least one of these fields."""
    return lambda value: any(name in value for name in names), "must provide one of: " + ", ".join(names)


PLAIN, MRKDWN = "plain_text", "mrkdwn"


def text(most: int, *kinds: str) -> Check:
    """A text object; of both kinds when none is named."""
    shapes = {
        PLAIN: shape({"text": Need(string(most)), "emoji": flag}),
        MRKDWN: shape({"text": Need(string(most)), "verbatim": flag}),
    }
    return by_type({kind: shapes[kind] for kind in kinds or shapes})
