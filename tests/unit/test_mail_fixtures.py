"""Every mail in tests/data/mails says what the .json beside it says. A mail is named after its oddity."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail import parse

MAILS = Path(__file__).parent.parent / "data" / "mails"
ARRIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def said(raw: bytes, fields: object) -> dict[str, object]:
    """What the parser says about those fields: of its JSON, or of the record behind it."""
    mail = parse.interpret(raw, ARRIVED)
    answers = parse.as_json(mail)
    return {name: answers[name] if name in answers else _plain(getattr(mail, name)) for name in list(fields)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_a_mail_says_what_is_written_beside_it(path):
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert said(path.read_bytes(), expected) == expected


def test_every_mail_has_its_meaning_beside_it():
    mails = {path.stem for path in MAILS.glob("*.eml")}
    assert mails == {path.stem for path in MAILS.glob("*.json")}
    assert len(mails) >= 70


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_a_mail_with_the_other_line_ends_says_the_same(path):
    raw = path.read_bytes()
    if b"\r\n" in raw:
        pytest.skip("has them already")
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    expected.pop("message_id", None)
    expected.pop("attachments", None)
    assert said(raw.replace(b"\n", b"\r\n"), expected) == expected
