"""Making text harmless for Slack, short enough for people, and instants readable in every zone.

What a buyer wrote at length goes into rich_text elements, which parse nothing (`blocks.quote`). What
stands in a line of ours (a name, a subject, a file name) goes through `escape`, because mrkdwn reads
markup, mentions, links and emoji codes. Source: docs.slack.dev/messaging/formatting-message-text.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

_HOLD = "\u2060"
"""WORD JOINER: no width, no line break. It parts what Slack would read as one token."""

_LOOK_ALIKE = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼"})
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LINK_PARTS = re.compile(
    r"(?<=:)(?=//)|(?<=[\w-]\.)(?=[^\W\d_]{2})|(?<=[@#])(?=\w)|(?<=\bmailto:)|(?<=\btel:)"
)
_EMOJI_CODE = re.compile(r":(?=[\w+'-]+:)")
# C0 and C1 controls but newline and tab, and the marks that turn the direction of what follows them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def clean(text: str) -> str:
    """`text` without control characters and without marks that turn the direction of a line.

    For rich_text and plain_text elements, which need no more than this.
    """
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """`text` as one line of mrkdwn that means nothing to Slack: no markup, mention, link or emoji.

    Links and addresses are parted by a character without width, so they neither unfurl nor can be
    clicked; asterisks and the like become look-alikes. Text that runs from right to left is isolated,
    so that it can't turn the line around it.
    """
    line = " ".join(clean(text).split()).translate(_LOOK_ALIKE)
    line = _EDGE_UNDERSCORE.sub("ˍ", line)
    line = _EMOJI_CODE.sub(":" + _HOLD, _LINK_PARTS.sub(_HOLD, line))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    turns = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line)
    return f"\u2068{line}\u2069" if turns else line


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters of `text`; "…" stands at the end if something was cut."""
    if len(text) <= limit:
        return text
    return text[: max(0, limit - 1)].rstrip(" \n\t\u200d\ufe0f") + "…"


def shorten_markup(text: str, limit: int) -> str:
    """Like `shorten`, for mrkdwn of ours: never cuts through a mention, a date or an escaped character."""
    if len(text) <= limit:
        return text
    return re.sub(r"(<[^<>]*|&[a-z]{0,4})$", "", text[: max(0, limit - 1)]).rstrip() + "…"


def excerpt(text: str, limit: int) -> str:
    """The beginning of what a buyer wrote, as one harmless line for the text that is read aloud."""
    return escape(shorten(" ".join(clean(text).split()), limit))


def mention(person: str) -> str:
    """A person's name as Slack shows it, who is told if the post is new."""
    return f"<@{person}>"


def utc(instant: datetime) -> str:
    """2026-11-24 07:40 UTC."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def when(instant: datetime, now: datetime | None = None) -> str:
    """A date token that each reader sees in their own zone; the fallback says it in UTC.

    With `now`, an instant less than twelve hours away is shown by its time alone.
    """
    near = now is not None and abs(instant - now) < timedelta(hours=12)
    shape = "{time}" if near else "{date_short_pretty} {time}"
    return f"<!date^{int(instant.timestamp())}^{shape}|{utc(instant)}>"


def at_second(instant: datetime) -> str:
    """A date token with seconds, for the undo window."""
    return f"<!date^{int(instant.timestamp())}^{{time_secs}}|{instant.astimezone(UTC):%H:%M:%S} UTC>"
