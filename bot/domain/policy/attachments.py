"""attachment_bad: what Amazon's relay takes as an attachment: few kinds of file, 10 MB in all."""

import re

from bot.domain.passed_on import MOST_BYTES
from bot.domain.policy.finding import Attachment, Finding, Reading, found

_TYPES = {
    "pdf": {"application/pdf", "application/x-pdf"},
    "jpg": {"image/jpeg", "image/jpg", "image/pjpeg"},
    "jpeg": {"image/jpeg", "image/jpg", "image/pjpeg"},
    "png": {"image/png", "image/x-png"},
    "doc": {"application/msword"},
    "docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    "txt": {"text/plain"},
}
_NOT_SAID = {"", "application/octet-stream", "binary/octet-stream"}
_HIDDEN = re.compile(r"[\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def check_attachments(reading: Reading) -> list[Finding]:
    """One finding for each file that would not arrive, and one if all together are too large."""
    files = reading.context.attachments
    faults = [fault for file in files if (fault := _fault(file))]
    total = sum(file.size_bytes for file in files)
    if total > MOST_BYTES:
        faults.append(f"The attachments have {total / 1024 / 1024:.1f} MB together; 10 MB are allowed.")
    return [found(reading, "attachment_bad", 0, 0, why=fault) for fault in faults]


def _fault(file: Attachment) -> str:
    name = file.name.strip().rstrip(".")
    end = name.rpartition(".")[2].lower() if "." in name else ""
    if _HIDDEN.search(file.name):
        return f"The name of {name!r} has hidden characters, which can disguise what it is."
    if end not in _TYPES:
        return f"{name!r} is not of a kind that Amazon takes (pdf, jpg, jpeg, png, doc, docx, txt)."
    stated = file.content_type.partition(";")[0].strip().lower()
    if stated not in _NOT_SAID and stated not in _TYPES[end]:
        return f"{name!r} says that it is {stated}, which does not match its ending."
    return ""
