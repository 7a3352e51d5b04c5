"""Columns that are encrypted: AES-256-GCM, when there are keys (settings/data_keys.py).

A stored text is `~r24:1:ID:BASE64` with nonce (96 bits, fresh for each value), ciphertext and tag; bytes have them
raw behind the second colon. Table, column and key id are the associated data, so that a value opens in its own
column only. The row is not part of that: an id that the database gives is not known when a value is bound.
Values of before there were keys are read as they are; a plain one that begins with `~r24:` is stored as `~r24:0:` and
itself. Empty values, what a purge leaves and words of our own stay plain: there is nothing in them.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement, operators
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.domain.manual import HELD_BACK
from bot.domain.purge import GONE, OPTED_OUT
from bot.errors import Unreadable
from bot.log import get_logger
from bot.settings.data_keys import DataKeys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

log = get_logger()

PREFIX = "~r24:"
LOST = "[…🔒…]"
"""What stands for a text that can't be decrypted. It is only ever shown: storing or sending it is refused."""
WORDS: Mapping[str, tuple[str, ...]] = {"replies.reason": (OPTED_OUT, HELD_BACK)}
"""Words of our own, by column, that are looked for as they are."""
_ESCAPE, _SEALED = f"{PREFIX}0:", f"{PREFIX}1:"
_NONCE_BYTES = 12
_OUTGOING = ("replies.text", "questions.text", "typed_messages.text")
_VAULT = "reply24_vault"


class Lost:
    """A stored value that can't be decrypted, as it is given to who read it."""


class LostText(Lost, str):
    """Such a text: LOST to look at, and equal to nothing but itself."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = object.__hash__


class LostBytes(Lost, bytes):
    """Such bytes: none."""

    __slots__ = ()


class LostJSON(Lost, dict[str, Any]):
    """Such a list or mapping: empty."""


class Vault:
    """Encrypts and decrypts with the keys of one installation. Shows none of them."""

    def __init__(self, keys: DataKeys) -> None:
        self._ciphers = {name: _cipher(_derived(key, b"seal")) for name, key in keys.by_id.items()}
        self._marks = {name: _derived(key, b"mark") for name, key in keys.by_id.items()}
        self.ids = keys.ids
        self.first, self.is_plain = keys.first, keys.is_plain

    def seal(self, place: str, value: bytes, key_id: str) -> bytes:
        """Nonce, ciphertext and tag. `place` is table.column."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[key_id].encrypt(nonce, value, _bound(place, key_id))

    def unseal(self, place: str, key_id: str, sealed: bytes) -> bytes:
        """The value. Raises Unreadable for a missing or wrong key, another place and changed bytes."""
        if key_id not in self._ciphers:
            raise Unreadable(f"{place}: the value is under key {key_id!r}, which is not in REPLY24_DATA_KEYS")
        from cryptography.exceptions import InvalidTag

        try:
            nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._ciphers[key_id].decrypt(nonce, rest, _bound(place, key_id))
        except (InvalidTag, ValueError) as why:
            text = f"{place}: the value was changed, moved here, or written with another key named {key_id!r}"
            raise Unreadable(text) from why

    def marks(self, place: str, value: str) -> list[str]:
        """What may stand for `value` where equal values are looked for: one keyed hash a key, the first key's first."""
        named = f"{place}\n{value}".encode()
        return [hmac.new(key, named, hashlib.sha256).hexdigest() for key in self._marks.values()]


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 8 MiB that nobody needs without a key

    return AESGCM(key)


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, b"reply24 " + use, hashlib.sha256).digest()


def _bound(place: str, key_id: str) -> bytes:
    return f"r24\n1\n{place}\n{key_id}".encode()


_NO_KEYS = Vault(DataKeys())


def give_keys(dialect: Dialect, keys: DataKeys) -> None:
    """Let the engine with this dialect encrypt. Before its first statement."""
    setattr(dialect, _VAULT, Vault(keys))


def vault_of(dialect: Dialect) -> Vault:
    """The vault of an engine; one without keys if it was given none."""
    found: Vault = getattr(dialect, _VAULT, _NO_KEYS)
    return found


def sealed_text(vault: Vault, place: str, value: str) -> str:
    """A text as it is stored. Raises Unreadable for one that was never read."""
    if isinstance(value, Lost) or value == LOST or (place in _OUTGOING and LOST in value):
        raise Unreadable(f"{place}: a text with a part that could not be decrypted is not stored")
    if vault.first is None or value in ("", GONE) or value in WORDS.get(place, ()):
        return _ESCAPE + value if value.startswith(PREFIX) else value
    sealed = vault.seal(place, value.encode("utf-8", "surrogatepass"), vault.first)
    return f"{_SEALED}{vault.first}:{base64.b64encode(sealed).decode()}"


def opened_text(vault: Vault, place: str, stored: str) -> str:
    """A text that was stored. Raises Unreadable."""
    if not stored.startswith(PREFIX):
        return stored
    if stored.startswith(_ESCAPE):
        return stored.removeprefix(_ESCAPE)
    key_id, _, rest = stored.removeprefix(_SEALED).partition(":")
    try:
        sealed = base64.b64decode(rest, validate=True)
    except (binascii.Error, ValueError) as why:
        raise Unreadable(f"{place}: the value was changed, it is no base64") from why
    return vault.unseal(place, key_id, sealed).decode("utf-8", "surrogatepass")


def sealed_bytes(vault: Vault, place: str, value: bytes) -> bytes:
    """Bytes as they are stored. Raises Unreadable for some that were never read."""
    if isinstance(value, Lost):
        raise Unreadable(f"{place}: bytes that could not be decrypted are not stored")
    if vault.first is None or not value:
        return _ESCAPE.encode() + value if value.startswith(PREFIX.encode()) else value
    return f"{_SEALED}{vault.first}:".encode() + vault.seal(place, value, vault.first)


def opened_bytes(vault: Vault, place: str, stored: bytes) -> bytes:
    """Bytes that were stored. Raises Unreadable."""
    if not stored.startswith(PREFIX.encode()):
        return stored
    if stored.startswith(_ESCAPE.encode()):
        return stored.removeprefix(_ESCAPE.encode())
    key_id, _, rest = stored.removeprefix(_SEALED.encode()).partition(b":")
    return vault.unseal(place, key_id.decode("ascii", "replace"), rest)


_NULLS = (operators.is_, operators.is_not)
_ALIKE = (operators.eq, operators.ne)
_HARMLESS = ("asc_op", "desc_op", "distinct_op")


class Uncompared(TypeDecorator.Comparator[Any]):
    """Refuses operators on an encrypted column, but for what is stored plain, so that none is found out by a user.

    Allowed: IS NULL, and = or != with the empty text, what a purge leaves, or a word of WORDS.
    """

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        """The SQL of an operator. Raises TypeError where it could never be true."""
        if op in _NULLS or getattr(op, "__name__", "") in _HARMLESS or self._is_plain(op, other):
            return super().operate(op, *other, **kwargs)
        raise TypeError(f"{self._place} is encrypted: SQL can't compare it (bot/db/queries/buyers.py)")

    reverse_operate = operate

    @property
    def _place(self) -> str:
        return str(getattr(self.type, "place", ""))

    def _is_plain(self, op: Any, other: tuple[Any, ...]) -> bool:
        value = other[0] if other else None
        if isinstance(value, ClauseElement):
            # The library itself looks for a column among others that way.
            return op in _ALIKE
        return op in _ALIKE and value in (None, "", GONE, *WORDS.get(self._place, ()))


class SealedText(TypeDecorator[str]):
    """A text of personal data. `place` is table.column, `length` that of the plain text, as SQLite has it."""

    impl = Text
    cache_ok = True
    comparator_factory = Uncompared

    def __init__(self, place: str, length: int | None = None) -> None:
        super().__init__()
        self.place, self.length = place, length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # SQLite's lengths bind nobody, and changing them would mean copying whole tables.
        is_short = self.length is not None and dialect.name == "sqlite"
        return String(self.length) if is_short else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sealed_text(vault_of(dialect), self.place, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return opened_text(vault_of(dialect), self.place, value)
        except Unreadable:
            log.error("value_unreadable", name=self.place)
            return LostText(LOST)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes of personal data."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = Uncompared

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealed_bytes(vault_of(dialect), self.place, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        try:
            return opened_bytes(vault_of(dialect), self.place, value)
        except Unreadable:
            log.error("value_unreadable", name=self.place)
            return LostBytes()


class SealedJSON(TypeDecorator[Any]):
    """A list or a mapping of personal data. Encrypted it is a JSON text."""

    impl = JSON
    cache_ok = True
    comparator_factory = Uncompared

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        vault = vault_of(dialect)
        if isinstance(value, Lost):
            raise Unreadable(f"{self.place}: what could not be decrypted is not stored")
        if not value or vault.first is None:
            return value
        return sealed_text(vault, self.place, json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(opened_text(vault_of(dialect), self.place, value))
        except Unreadable:
            log.error("value_unreadable", name=self.place)
            return LostJSON()


class Marked(TypeDecorator[str]):
    """A keyed hash by which equal values of another column are found; None where that one is not encrypted.

    What is put in is the plain value, what comes out its hash. Looking: queries/buyers.py.
    """

    impl = String(64)
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        vault = vault_of(dialect)
        if value is None or isinstance(value, Lost) or vault.first is None:
            return None
        return vault.marks(self.place, value)[0]
