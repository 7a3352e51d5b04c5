"""Mails that were made to do harm: read within bounds of memory and processor time, and always to the same shape."""

import sys
from datetime import UTC, datetime

import pytest

from bot.domain.deadlines import anchor_for
from bot.domain.fingerprint import fingerprint
from bot.domain.mail import Kind
from bot.mail import attachments, mime, parse
from tests.limited import run_limited
from tests.nasty_mails import BIG, MEGABYTE, SMALL
from tests.unit.test_mail_parse import is_sound

ARRIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(SMALL))
def test_a_nasty_mail_is_read_like_any_other(name: str) -> None:
    mail = parse.interpret(SMALL[name](), ARRIVED)
    assert is_sound(mail)
    assert len(mail.attachments) <= mime.MAX_PARTS
    assert all(len(one.name) <= attachments.MAX_NAME for one in mail.attachments)
    assert all("/" not in one.name and "\u202e" not in one.name for one in mail.attachments)
    assert abs(anchor_for(mail.received_at, ARRIVED) - ARRIVED).days < 1


def test_what_can_be_read_of_a_nasty_mail_is_read() -> None:
    mails = {name: make() for name, make in SMALL.items()}
    asking = {name: raw for name, raw in mails.items() if b"is it?" in raw.replace(b"\r", b" ")}
    read = {name: parse.interpret(raw, ARRIVED) for name, raw in asking.items()}
    lost = {name: one.why for name, one in read.items() if "is it?" not in one.full_text.replace("\n", " ")}
    assert len(asking) > 20
    assert all("read" in why for why in lost.values()), "what was not read is said"
    assert set(lost) == {
        "1 000 mails in each other",
        "HTML: 100 000 nested elements",
        "HTML: 100 000 nested tables",
    }


def test_an_archive_is_never_opened() -> None:
    mail = parse.interpret(SMALL["a zip bomb"](), ARRIVED)
    assert [(one.name, one.size_bytes < 100_000) for one in mail.attachments] == [("photo.zip", True)]
    assert mail.kind is Kind.BUYER_MESSAGE


def read_big(name: str, megabytes: str) -> None:
    """In a process of its own: what the reader and the intake do with each mail."""
    raw = BIG[name](int(megabytes) * MEGABYTE)
    mail = parse.interpret(raw, ARRIVED)
    assert is_sound(mail)
    sys.stdout.write(f"{mail.kind} {len(fingerprint(raw))}")


@pytest.mark.parametrize(
    ("name", "size"), [*((name, 8) for name in BIG), ("text", 39), ("short lines", 39), ("base64", 39)]
)
def test_a_big_nasty_mail_takes_neither_the_memory_nor_the_processor(name: str, size: int) -> None:
    used = {"seconds": 20, "megabytes": 600 + 20 * size}
    assert run_limited("tests.unit.test_nasty_mails", "read_big", name, str(size), **used).endswith(" 64")


def waste(what: str) -> None:
    """Far too much of something."""
    kept = b"x" * (900 * MEGABYTE) if what == "memory" else b""
    while what == "time" or not kept:
        pass


@pytest.mark.parametrize("what", ["memory", "time"])
def test_the_limits_are_real(what: str) -> None:
    with pytest.raises(AssertionError, match="waste"):
        run_limited("tests.unit.test_nasty_mails", "waste", what, seconds=2, megabytes=800)
