"""What makes two copies of a mail the same mail, though a server moved, restored or renumbered it.

A mail program that copies a mail may add headers of its own and write other line ends (RFC 5322 2.1; imapsync,
dsync and mbox do), so bytes are no proof; Message-ID alone is none either, because senders repeat it.
"""

import hashlib
from collections.abc import Iterator

_PIECE = 1024 * 1024
_MOST_HEAD = 1024 * 1024
_TELLING = (b"message-id", b"date", b"from", b"to", b"subject")


def fingerprint(raw: bytes) -> str:
    """64 hex digits over the headers that say what a mail is, and its body; blind to line ends and other headers."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, _blank, body = lines.partition(b"\n\n")
    told = hashlib.sha256()
    telling = _telling(head)
    if not {b"message-id", b"date"} & {name for name, _value in telling}:
        told.update(lines)  # nothing tells it from another mail of the same words
    for name, value in sorted(telling):
        told.update(b"%b:%b\n" % (name, value))
    for piece in _pieces(body.rstrip()):
        told.update(b"\n" + b"\n".join(line.rstrip() for line in piece.split(b"\n")))
    return told.hexdigest()


def _pieces(body: bytes) -> Iterator[bytes]:
    """The body in pieces of whole lines: millions of short lines at once would fill the memory."""
    start = 0
    while (end := body.find(b"\n", start + _PIECE)) >= 0:
        yield body[start:end]
        start = end + 1
    yield body[start:]


def _telling(head: bytes) -> list[tuple[bytes, bytes]]:
    """The telling headers, unfolded, with one space for many."""
    unfolded = head[:_MOST_HEAD].replace(b"\n ", b" ").replace(b"\n\t", b" ")
    fields = (line.partition(b":") for line in unfolded.split(b"\n"))
    named = ((name.strip().lower(), b" ".join(value.split())) for name, _colon, value in fields)
    return [(name, value) for name, value in named if name in _TELLING]
