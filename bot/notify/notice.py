"""A notice: the few words that leave by the second road.

It carries what Slack would carry less every word of a buyer's: case number, store, stage, deadline. Whoever
makes one puts no text, name, order or address of a buyer into `title` and `lines`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

TEXT_BYTES = 2000
"""WeCom takes 2,048 bytes of UTF-8, the least of all roads (developer.work.weixin.qq.com, path 91770)."""
_TITLE, _LINE, _URL = 120, 200, 300


@dataclass(frozen=True, slots=True)
class Notice:
    """`at` is the instant whose state it tells, `url` where to act; the rest is for programs that read it."""

    title: str
    lines: tuple[str, ...]
    at: datetime
    url: str | None = None
    stage: str = ""
    case: int | None = None
    store: str = ""
    due_at: datetime | None = None


def title(notice: Notice) -> str:
    """The title on one line."""
    return inert(notice.title, _TITLE)


def text(notice: Notice) -> str:
    """The whole notice as plain text of at most TEXT_BYTES; lines that don't fit are left out with an ellipsis."""
    end = [inert(notice.url, _URL)] if notice.url else []
    end.append(f"{notice.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    head = [title(notice)]
    for line in notice.lines:
        longer = [*head, inert(line, _LINE)]
        if _size([*longer, "…", *end]) > TEXT_BYTES:
            head.append("…")
            break
        head = longer
    return "\n".join([*head, *end])


def inert(words: str, limit: int) -> str:
    """`words` on one line, at most `limit` characters, without what a messenger would take for a mention.

    Feishu reads `<at user_id="all">` in a plain text and WeCom `<@person>`.
    """
    visible = "".join(char if char.isprintable() else " " for char in words).replace("<", "‹")
    line = " ".join(visible.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _size(lines: list[str]) -> int:
    return len("\n".join(lines).encode())
