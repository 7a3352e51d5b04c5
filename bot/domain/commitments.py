"""What the ledger says of a text or an address without saying it: a salted hash, which nobody can guess back.

Whoever has the text and its salt can prove which text a record is about. The salt lies beside the text and goes with
it when personal data are removed: from then on the hash says nothing, not even to who tries every likely name.
HMAC-SHA256 with the salt as its key; the word before the text keeps a text from passing for an address.
"""

import hashlib
import hmac
from typing import Literal

What = Literal["text", "address", "file"]


def commitment(salt: str, what: What, value: str) -> str:
    """The salted hash of a text or an address; 64 hex digits, as the salt has too."""
    return hmac.new(bytes.fromhex(salt), f"{what}\n{value}".encode(), hashlib.sha256).hexdigest()


def fits(salt: str | None, what: What, value: str, stated: object) -> bool | None:
    """Whether a record is about this value; None if that can't be known, because the salt is gone or there was none."""
    if salt is None or not isinstance(stated, str):
        return None
    return hmac.compare_digest(commitment(salt, what, value), stated)
