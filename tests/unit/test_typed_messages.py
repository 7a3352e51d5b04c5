"""The forms of typed messages are those of Amazon's model, and what does not fit one is told rule by rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.passed_on import MOST_BYTES
from bot.domain.typed_messages import (
    FORMS,
    FormFault,
    MessageFile,
    MessageKind,
    TypedMessage,
    fingerprint_of,
    form_faults,
    length_of,
    with_types,
)
from bot.sandbox.amazon.model import operations

START = datetime(2026, 11, 20, tzinfo=UTC)
PAPER = MessageFile("invoice.pdf", "application/pdf", b"%PDF")


def fitting(kind: MessageKind) -> TypedMessage:
    form = FORMS[kind]
    return TypedMessage(kind, "x" * form.text, (PAPER,) * form.files[1])


@pytest.mark.parametrize("kind", MessageKind)
def test_each_form_has_the_limits_of_the_model(kind: MessageKind) -> None:
    form = FORMS[kind]
    operation = operations()[form.operation]
    assert operation.path.endswith(f"/messages/{kind}")
    assert operation.body is not None
    fields = operation.definitions[operation.body["$ref"].rpartition("/")[2]]["properties"]
    text, files = fields.get("text", {}), fields.get("attachments", {})
    assert form.text == text.get("maxLength", 0)
    assert form.files[1] == files.get("maxLength", 0)
    assert form.files[0] >= files.get("minLength", 0)
    assert form.has_dates == ("coverageStartDate" in fields)


def test_there_is_a_form_for_each_message_of_the_model() -> None:
    known = {one.name for one in operations().values() if "/messages/" in one.path}
    assert {form.operation for form in FORMS.values()} == known


@pytest.mark.parametrize("kind", MessageKind)
def test_a_message_at_its_limits_fits_and_one_beyond_does_not(kind: MessageKind) -> None:
    form, message = FORMS[kind], fitting(kind)
    assert form_faults(message) == ()
    longer = TypedMessage(kind, message.text + "x", (*message.files, PAPER))
    text, files = form_faults(longer)
    assert text == (
        FormFault("text", "too_long", form.text) if form.text else FormFault("text", "not_wanted")
    )
    most = form.files[1]
    assert files == (FormFault("files", "too_many", most) if most else FormFault("files", "not_wanted"))


@pytest.mark.parametrize("kind", MessageKind)
def test_an_empty_message_fits_no_form(kind: MessageKind) -> None:
    form, faults = FORMS[kind], form_faults(TypedMessage(kind, " \n"))
    expected = [FormFault("text", "needed" if form.text else "not_wanted")]
    expected += [FormFault("files", "too_few", form.files[0])] if form.files[0] else []
    assert list(faults) == expected


def invoice(name: str, content: bytes = b"x") -> TypedMessage:
    return TypedMessage(MessageKind.INVOICE, files=(MessageFile(name, "application/pdf", content),))


YESTERDAY = START - timedelta(days=1)
FAULTS = {
    "empty": (invoice("a.pdf", b""), FormFault("files", "empty", 0, "a.pdf")),
    "no name": (invoice(" "), FormFault("files", "bad_name", 100, " ")),
    "long name": (invoice("x" * 101), FormFault("files", "bad_name", 100, "x" * 101)),
    "path": (invoice("a/b.pdf"), FormFault("files", "bad_name", 100, "a/b.pdf")),
    "line": (invoice("a\nb"), FormFault("files", "bad_name", 100, "a\nb")),
    "large": (invoice("a.pdf", b"x" * (MOST_BYTES + 1)), FormFault("files", "too_large", MOST_BYTES)),
    "dates": (TypedMessage(MessageKind.INVOICE, "", (PAPER,), START), FormFault("dates", "not_wanted")),
    "turned": (
        TypedMessage(MessageKind.WARRANTY, "", (PAPER,), START, YESTERDAY),
        FormFault("dates", "wrong_order"),
    ),
}


@pytest.mark.parametrize(("message", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_says_field_rule_limit_and_file(message: TypedMessage, fault: FormFault) -> None:
    assert form_faults(message) == (fault,)
    assert str(fault).startswith(f"{fault.field}: {fault.rule}")


def test_what_one_of_two_ways_counts_twice_counts_twice() -> None:
    assert length_of("a€中") == 3
    assert length_of("𠮷") == 2
    assert form_faults(TypedMessage(MessageKind.ACCESS_KEY, "𠮷" * 201)) == (
        FormFault("text", "too_long", 400),
    )
    assert length_of("\ud800") == 1


@pytest.mark.parametrize(
    ("name", "stated", "expected"),
    [
        ("a.PDF", "", "application/pdf"),
        ("a.jpg", "application/octet-stream", "image/jpeg"),
        ("a.txt", "Text/Plain; charset=utf-8", "text/plain"),
        ("a.pdf", "image/png", "image/png"),
        ("a.png", "x" * 101, "image/png"),
        ("pdf", "", "application/pdf"),
        ("a.xyz", "", "application/octet-stream"),
    ],
)
def test_each_file_has_a_plain_content_type(name: str, stated: str, expected: str) -> None:
    message = TypedMessage(MessageKind.INVOICE, files=(MessageFile(name, stated, b"x"),))
    assert [one.content_type for one in with_types(message).files] == [expected]


def test_a_fingerprint_is_of_all_that_a_buyer_would_get() -> None:
    whole = TypedMessage(MessageKind.WARRANTY, "a", (PAPER,), START, START + timedelta(days=1))
    other_zone = START.astimezone(timezone(timedelta(hours=8)))
    assert fingerprint_of(whole, "1") == fingerprint_of(replace(whole, covers_from=other_zone), "1")
    others = [
        replace(whole, kind=MessageKind.INVOICE),
        replace(whole, text="b"),
        replace(whole, files=()),
        replace(whole, files=(replace(PAPER, name="b.pdf"),)),
        replace(whole, files=(replace(PAPER, content=b"%PDF2"),)),
        replace(whole, covers_from=None),
        replace(whole, covers_until=None),
    ]
    found = {fingerprint_of(one, "1") for one in (whole, *others)} | {fingerprint_of(whole, "2")}
    assert len(found) == len(others) + 2
