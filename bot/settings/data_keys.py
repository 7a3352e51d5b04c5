"""The keys that personal data are stored under: from the environment, like every secret.

`REPLY24_DATA_KEYS`, or a file that `REPLY24_DATA_KEYS_FILE` names: `id:key`, several with spaces or lines between
them. The first encrypts, all decrypt; with the word `plain` before them none encrypts: the way back. A key is 32
random bytes in base64; an id says nothing and is stored with each value, so it must never be used for another key.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import ConfigError
from bot.settings.secrets import look_up

NAME = "REPLY24_DATA_KEYS"
PLAIN = "plain"
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
SIZE_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataKeys:
    """The keys by id, the one that encrypts first; none, or `is_plain`: nothing is encrypted."""

    by_id: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    is_plain: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in order."""
        return tuple(self.by_id)

    @property
    def first(self) -> str | None:
        """The id of the one that encrypts."""
        return None if self.is_plain else next(iter(self.by_id), None)


def data_keys(environ: Mapping[str, str]) -> DataKeys:
    """The keys that the environment gives. Raises ConfigError, which never repeats a key."""
    if not environ.get(NAME) and not environ.get(f"{NAME}_FILE"):
        return DataKeys()
    value, fault = look_up(NAME, environ)
    if fault:
        raise ConfigError(f"environment: {NAME}: {fault}")
    words = value.split()
    is_plain = words[:1] == [PLAIN]
    found, faults = _read(words[is_plain:], 1 + is_plain)
    if not words:
        faults = ["there is no key in it"]
    if faults:
        mend = "and a key is 32 bytes in base64; make one with: reply24 keys new"
        raise ConfigError(*(f"environment: {NAME}: {one}, {mend}" for one in faults))
    return DataKeys(found, is_plain)


def _read(words: Sequence[str], first_place: int) -> tuple[dict[str, bytes], list[str]]:
    """The keys by id, and what is wrong with the others."""
    found: dict[str, bytes] = {}
    faults = []
    for place, one in enumerate(words, start=first_place):
        key_id, _, key = one.partition(":")
        bytes_of = _decoded(key)
        if not ID.fullmatch(key_id) or bytes_of is None:
            faults.append(
                f"key {place}: expected id:key, where an id is small letters, digits, - and _, up to 20"
            )
        elif key_id in found:
            faults.append(f"key {place}: the id {key_id} stands there twice")
        else:
            found[key_id] = bytes_of
    return found, faults


def _decoded(key: str) -> bytes | None:
    try:
        found = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == SIZE_BYTES else None


def new_key(key_id: str) -> str:
    """A fresh key as the environment takes it. Raises ValueError for an id that can't be one."""
    if not ID.fullmatch(key_id):
        raise ValueError(f"{key_id!r} can't be the id of a key: small letters, digits, - and _, up to 20")
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(SIZE_BYTES)).decode()}"
