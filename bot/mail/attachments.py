"""The files that came with a mail, with safe names, within limits (labels.md).

A named part is a file. So is one without a name that the mail attaches, or that is neither words nor part of the
mail's layout: a nameless inline picture, or one that the layout can speak of by its Content-ID, is a logo.
"""

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.mail import Attachment
from bot.mail.mime import Part

MAX_BYTES = 10 * 1024 * 1024
MAX_TOTAL_BYTES = 25 * 1024 * 1024
MAX_NAME = 120
UNNAMED = "unnamed"
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "message/rfc822": "eml",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_NO_FILES = ("text/", "multipart/", "application/pgp-", "application/pkcs7-", "application/x-pkcs7-")
_UNSAFE = re.compile(r"[<>:\"|?*\x00-\x1f]")


def of(leaves: Sequence[Part]) -> tuple[Attachment, ...]:
    """The parts that are files, in order. `content` stays empty above 10 MB, or when all together exceed 25 MB."""
    found: list[Attachment] = []
    total = 0
    # What is nothing but words is read as such by `body`, also if it says that it is attached.
    is_words_alone = len(leaves) == 1 and leaves[0].content_type.startswith("text/")
    for part in leaves:
        if part.in_report or not (part.name or (_is_unnamed_file(part) and not is_words_alone)):
            continue
        content = part.content()
        size = len(content)
        fits = size <= MAX_BYTES and total + size <= MAX_TOTAL_BYTES
        total += size if fits else 0
        name = safe_name(part.name) if part.name else _name_for(part)
        found.append(Attachment(name, part.content_type, size, content if fits else b"", bool(part.name)))
    return tuple(found)


def _is_unnamed_file(part: Part) -> bool:
    """Whether a part without a name is a file all the same: nothing else shows that it is there."""
    disposition = part.headers.raw("content-disposition").strip().lower()
    if disposition.startswith((b"attachment", b"inline")):
        return disposition.startswith(b"attachment")
    return not part.content_type.startswith(_NO_FILES) and not part.headers.raw("content-id")


def _name_for(part: Part) -> str:
    ending = _ENDINGS.get(part.content_type)
    return f"{UNNAMED}.{ending}" if ending else UNNAMED


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
