"""Paths into what Slack sends: the only file that knows the shapes of payloads."""

from dataclasses import dataclass
from typing import Any

from bot.errors import WrongInput

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Click:
    """A press of a button or a choice in a select. `value` is what the view put behind it."""

    person: str
    value: str
    trigger: str
    channel: str | None
    post_ts: str | None
    thread_ts: str | None
    view: dict[str, Any] | None

    @property
    def number(self) -> int:
        """The number that the value begins with: of a case, or of a reply."""
        return first_number(self.value)

    @property
    def rest(self) -> str:
        """What follows the last colon of the value."""
        return self.value.rpartition(":")[2]


def first_number(value: str) -> int:
    """The number before the first colon. Raises WrongInput."""
    head = value.partition(":")[0]
    if not head.isdecimal() or len(head) > 9:  # more is no key of a table
        raise WrongInput(f'"{value[:40]}" names no case.', key="which_case")
    return int(head)


def click(body: Body) -> Click:
    """What was pressed, by whom, where."""
    action = body["actions"][0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    return Click(
        person=body["user"]["id"],
        value=_value(action),
        trigger=body.get("trigger_id", ""),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        post_ts=message.get("ts") or container.get("message_ts"),
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        view=body.get("view"),
    )


def _value(action: dict[str, Any]) -> str:
    chosen = action.get("selected_option") or {}
    return str(
        chosen.get("value")
        or action.get("value")
        or action.get("selected_user")
        or action.get("block_id")
        or ""
    )


def pressed_post(body: Body) -> tuple[str, str, str] | None:
    """(channel, ts, action) of a press in a post; None in views, and in what one person alone sees."""
    container = body.get("container") or {}
    if body.get("type") != "block_actions" or container.get("type") != "message":
        return None
    if container.get("is_ephemeral"):
        return None
    return container["channel_id"], container["message_ts"], body["actions"][0]["action_id"]


def person_of(body: Body) -> str:
    """Who did it, in any payload."""
    user, event = body.get("user"), body.get("event")
    if isinstance(user, dict):
        return str(user.get("id") or "")
    acting = event.get("user") if isinstance(event, dict) else None
    if isinstance(acting, dict):
        acting = acting.get("id")
    return str(body.get("user_id") or user or acting or "")


def team_of(body: Body) -> str | None:
    """The workspace that the person belongs to."""
    user = body.get("user") if isinstance(body.get("user"), dict) else {}
    team = body.get("team") if isinstance(body.get("team"), dict) else {}
    return (user or {}).get("team_id") or (team or {}).get("id") or body.get("team_id")


def typed(view: dict[str, Any]) -> dict[str, str | None]:
    """What a person entered in a modal, by action id (suffixes after `#` cut off)."""
    found: dict[str, str | None] = {}
    for block in view["state"]["values"].values():
        for action_id, entry in block.items():
            found[action_id.partition("#")[0]] = _entered(entry)
    return found


def began_with(view: dict[str, Any], action_id: str) -> str:
    """What stood in a field of a modal before anybody typed there."""
    elements = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    texts = (one.get("initial_value") for one in elements if one["action_id"].partition("#")[0] == action_id)
    return next((str(text) for text in texts if text), "")


def files_in(view: dict[str, Any], action_id: str) -> list[tuple[str, str, int]]:
    """The files that a person chose in a field of a modal: (Slack's id, name, size in bytes)."""
    entries = [block[action_id] for block in view["state"]["values"].values() if action_id in block]
    chosen = [one for entry in entries for one in entry.get("files") or ()]
    return [(str(one["id"]), str(one.get("name") or ""), int(one.get("size") or 0)) for one in chosen]


def _entered(entry: dict[str, Any]) -> str | None:
    chosen = entry.get("selected_option")
    if isinstance(chosen, dict):
        return str(chosen["value"])
    if isinstance(entry.get("selected_options"), list):
        return ",".join(str(one["value"]) for one in entry["selected_options"]) or None
    for name in ("value", "selected_user", "selected_date", "selected_time", "selected_date_time"):
        if entry.get(name) is not None:
            return str(entry[name])
    return None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut. `channel`, `ts`, `thread_ts` and `text` are those of the message, if it was taken on one.

    `text` is as Slack keeps it, `typed_text` makes it what its author saw; `by_person`: no app posted it.
    """

    person: str
    trigger: str
    channel: str | None
    ts: str | None
    thread_ts: str | None
    text: str
    by_person: bool


def shortcut(body: Body) -> Shortcut:
    """Who took a shortcut, on what."""
    message = body.get("message") or {}
    return Shortcut(
        person=body["user"]["id"],
        trigger=body["trigger_id"],
        channel=(body.get("channel") or {}).get("id"),
        ts=message.get("ts"),
        thread_ts=message.get("thread_ts"),
        text=str(message.get("text") or ""),
        by_person=bool(message) and not message.get("bot_id"),
    )
