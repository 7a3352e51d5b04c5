"""What a mail server says, made fit to be shown: its words may name the buyer's address."""

import re

_ADDRESS = re.compile(r"[^\s<>()\"']{1,254}@[^\s<>()\"']+")
_BYTES = re.compile(r"^b(['\"])(.*)\1$", re.DOTALL)


def plain(text: bytes | str) -> str:
    """The server's words on one line, at most 300 characters, without addresses."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = _BYTES.sub(r"\2", words)
    return " ".join(_ADDRESS.sub("<address>", words).split())[:300].rstrip(". ")
