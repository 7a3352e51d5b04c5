"""The files that came with a mail: named parts only, with safe names, within limits (labels.md).

A nameless inline picture is a logo of the mail's layout; a named one is a buyer's photo.
"""

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.mail import Attachment
from bot.mail.mime import Part

MAX_BYTES = 10 * 1024 * 1024
MAX_TOTAL_BYTES = 25 * 1024 * 1024
MAX_NAME = 120
_UNSAFE = re.compile(r"[<>:\"|?*\x00-\x1f]")


def of(leaves: Sequence[Part]) -> tuple[Attachment, ...]:
    """The named parts, in order. `content` stays empty above 10 MB, or when all together exceed 25 MB."""
    found: list[Attachment] = []
    total = 0
    for part in leaves:
        name = part.name
        if not name or part.in_report:
            continue
        content = part.content()
        size = len(content)
        fits = size <= MAX_BYTES and total + size <= MAX_TOTAL_BYTES
        total += size if fits else 0
        found.append(Attachment(safe_name(name), part.content_type, size, content if fits else b""))
    return tuple(found)


def safe_name(name: str) -> str:
    """A file name without folders, control and direction characters, at most 120 characters long."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    name = _UNSAFE.sub("_", name).strip().strip(".").strip()
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if stem and len(extension) <= 10 else ""
        name = name[: MAX_NAME - len(tail)] + tail
    return name or "attachment"
