"""Typed messages: the few things that Amazon lets a store write to a buyer by its API, each bound to an order.

Kinds, lengths and counts are those of Amazon's model (Messaging API v1). None of them stops the 24-hour clock: only
a reply does. What a text may say is the policy check's business, what an order allows at the moment is Amazon's.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from bot.domain.blank import is_blank
from bot.domain.passed_on import CONTENT_TYPES, MOST_BYTES

LONGEST_NAME = 100
_SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream")


class MessageKind(StrEnum):
    """What a message is for; the words are the ends of Amazon's paths."""

    CUSTOMIZATION = "confirmCustomizationDetails"
    DELIVERY = "confirmDeliveryDetails"
    LEGAL = "legalDisclosure"
    ORDER = "confirmOrderDetails"
    SERVICE = "confirmServiceDetails"
    WARRANTY = "warranty"
    ACCESS_KEY = "digitalAccessKey"
    PROBLEM = "unexpectedProblem"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Form:
    """What a message of one kind consists of. `text` is its greatest length, 0 for none; `files` least and most."""

    operation: str
    text: int = 0
    files: tuple[int, int] = (0, 0)
    has_dates: bool = False


# An empty disclosure tells nothing: Amazon's model allows it, we don't.
FORMS = {
    MessageKind.CUSTOMIZATION: Form("confirmCustomizationDetails", text=800, files=(0, 5)),
    MessageKind.DELIVERY: Form("createConfirmDeliveryDetails", text=2000),
    MessageKind.LEGAL: Form("createLegalDisclosure", files=(1, 5)),
    MessageKind.ORDER: Form("createConfirmOrderDetails", text=2000),
    MessageKind.SERVICE: Form("createConfirmServiceDetails", text=2000),
    MessageKind.WARRANTY: Form("CreateWarranty", files=(1, 5), has_dates=True),
    MessageKind.ACCESS_KEY: Form("createDigitalAccessKey", text=400, files=(0, 5)),
    MessageKind.PROBLEM: Form("createUnexpectedProblem", text=2000),
    MessageKind.INVOICE: Form("sendInvoice", files=(1, 5)),
}


@dataclass(frozen=True, slots=True)
class MessageFile:
    """A file that goes with a message; `name` is what the buyer sees."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TypedMessage:
    """One message. The dates are the beginning and the end of a warranty, aware, UTC; both may be left out."""

    kind: MessageKind
    text: str = field(default="", repr=False)
    files: tuple[MessageFile, ...] = ()
    covers_from: datetime | None = None
    covers_until: datetime | None = None


Rule = Literal[
    "needed", "not_wanted", "too_long", "too_few", "too_many", "too_large", "empty", "bad_name", "wrong_order"
]


@dataclass(frozen=True, slots=True)
class FormFault:
    """What does not fit the form: which field (`text`, `files`, `dates`), which rule, its limit, which file."""

    field: str
    rule: Rule
    limit: int = 0
    file: str = ""

    def __str__(self) -> str:
        limit = f" (limit {self.limit})" if self.limit else ""
        return f"{self.field}: {self.rule}{limit}{f' in {self.file!r}' if self.file else ''}"


def with_types(message: TypedMessage) -> TypedMessage:
    """The message with a plain content type for each file, which Amazon wants: the stated one, or by the ending."""
    return replace(message, files=tuple(replace(one, content_type=_type_of(one)) for one in message.files))


def _type_of(file: MessageFile) -> str:
    stated = file.content_type.partition(";")[0].strip().lower()
    if stated in _SAYS_NOTHING or len(stated) > LONGEST_NAME:
        return CONTENT_TYPES.get(file.name.rpartition(".")[2].lower(), "application/octet-stream")
    return stated


def fingerprint_of(message: TypedMessage, order_id: str) -> str:
    """Hash of all that a buyer would get, and of what it is about: what is sent is what was previewed."""
    span = (message.covers_from, message.covers_until)
    dates = [one.astimezone(UTC).isoformat() if one else None for one in span]
    files = [(one.name, one.content_type, sha256_of(one)) for one in message.files]
    whole = json.dumps([order_id, message.kind, message.text, dates, files])
    return hashlib.sha256(whole.encode()).hexdigest()


def sha256_of(file: MessageFile) -> str:
    """Hash of what a file holds; 64 hex digits."""
    return hashlib.sha256(file.content).hexdigest()


def length_of(text: str) -> int:
    """Characters as the stricter of two ways counts them: what is outside the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def form_faults(
    message: TypedMessage, files: Sequence[tuple[str, int]] | None = None
) -> tuple[FormFault, ...]:
    """All that keeps this message from fitting the form of its kind; () if it fits.

    `files`: name and size in bytes of those that are to go along, while they have not been fetched yet.
    """
    form = FORMS[message.kind]
    sizes = [(one.name, len(one.content)) for one in message.files] if files is None else files
    return (*_text_faults(message, form), *_file_faults(sizes, form), *_date_faults(message, form))


def _text_faults(message: TypedMessage, form: Form) -> Iterator[FormFault]:
    if not form.text:
        if message.text:
            yield FormFault("text", "not_wanted")
    elif is_blank(message.text):
        yield FormFault("text", "needed")
    elif length_of(message.text) > form.text:
        yield FormFault("text", "too_long", form.text)


def _file_faults(files: Sequence[tuple[str, int]], form: Form) -> Iterator[FormFault]:
    (least, most), count = form.files, len(files)
    if count and not most:
        yield FormFault("files", "not_wanted")
    elif count > most:
        yield FormFault("files", "too_many", most)
    elif count < least:
        yield FormFault("files", "too_few", least)
    for name, size in files:
        if not size:
            yield FormFault("files", "empty", file=name)
        if not _is_name(name):
            yield FormFault("files", "bad_name", LONGEST_NAME, name)
    if sum(size for _name, size in files) > MOST_BYTES:
        yield FormFault("files", "too_large", MOST_BYTES)


def _is_name(name: str) -> bool:
    return (
        bool(name.strip())
        and len(name) <= LONGEST_NAME
        and name.isprintable()
        and not {"/", "\\"} & set(name)
    )


def _date_faults(message: TypedMessage, form: Form) -> Iterator[FormFault]:
    start, end = message.covers_from, message.covers_until
    if (start or end) and not form.has_dates:
        yield FormFault("dates", "not_wanted")
    elif start and end and start > end:
        yield FormFault("dates", "wrong_order")
