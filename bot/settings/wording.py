"""pydantic's findings in our words: which key, what was expected, what to do."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.settings import shape
from bot.settings.hints import did_you_mean, shown
from bot.settings.positions import Keys

_MODELS: dict[str, type[BaseModel]] = {
    "mailboxes": shape.MailboxSettings,
    "outgoing": shape.OutgoingSettings,
    "stores": shape.StoreSettings,
    "agents": shape.AgentSettings,
    "slack": shape.SlackSettings,
    "thresholds": shape.ThresholdSettings,
    "amazon": shape.AmazonSettings,
}

_EXPECTED = {
    "string_type": "text (if it is a number or true/false, put it in quotes)",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list, such as [a, b]",
    "dict_type": "keys with values below it",
    "model_type": "keys with values below it",
    "path_type": "a path",
}


def shape_faults(error: ValidationError) -> list[tuple[Keys, str]]:
    """Each finding of `error` as (keys, text)."""
    return [_fault(found) for found in error.errors(include_url=False, include_context=True)]


def _fault(found: Mapping[str, Any]) -> tuple[Keys, str]:
    keys: Keys = tuple(part for part in found["loc"] if part != "[key]")
    kind, given = found["type"], found["input"]
    if kind == "extra_forbidden":
        known = keys_below(keys[:-1])
        return keys, f"unknown key.{did_you_mean(str(keys[-1]), known)} (expected: {', '.join(known)})"
    if kind == "missing":
        return keys, "this key is needed and is missing"
    if kind == "value_error":
        return keys, str(found["ctx"]["error"])
    if given is None:
        return keys, f"has no value; expected {_expected(found)}. A # begins a comment: is one in the way?"
    return keys, f"expected {_expected(found)}, found {shown(given)}"


def _expected(found: Mapping[str, Any]) -> str:
    kind, limits = found["type"], found.get("ctx", {})
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "literal_error":
        return f"one of {limits['expected']}"
    if kind == "string_pattern_mismatch":
        return f"text of the form {limits['pattern']}"
    if kind == "too_short":
        return f"at least {limits['min_length']} in the list"
    message: str = found["msg"]
    return message.removeprefix("Input should be ").removeprefix("String should have ")


def keys_below(keys: Keys) -> list[str]:
    """The keys that may stand below `keys`, in the order of shape.py."""
    if keys[:2] == ("thresholds", "pings"):
        return list(shape.PingStage.model_fields)
    return list(_MODELS[str(keys[0])].model_fields)
