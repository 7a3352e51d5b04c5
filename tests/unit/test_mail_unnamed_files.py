"""Files that came without a name: on the card nobody else says that they are there."""

from datetime import UTC, datetime

import pytest

from bot.domain.files import danger_of
from bot.mail import parse

HEAD = (
    b"From: Katrin <katrin0000001+A1@marketplace.amazon.de>\r\nTo: support@nordlicht.example\r\n"
    b"Subject: Inquiry\r\nDate: Wed, 25 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nLook.\r\n--b\r\n'
)
JPEG, LOGO = b"Content-Type: image/jpeg\r\n", b"Content-ID: <logo>\r\n"
ATTACHED, INLINE = b"Content-Disposition: attachment\r\n", b"Content-Disposition: inline\r\n"

OFFICE = b"Content-Type: application/vnd.openxmlformats-officedocument."


def read(part: bytes) -> parse.Mail:
    return parse.read(HEAD + part + b"\r\n\xff\xd8\xff\r\n--b--\r\n", datetime(2026, 11, 25, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("part", "names"),
    [
        pytest.param(JPEG, ["unnamed.jpg"], id="a photo"),
        pytest.param(JPEG + ATTACHED, ["unnamed.jpg"], id="attached"),
        pytest.param(JPEG + ATTACHED + LOGO, ["unnamed.jpg"], id="attached, with an id"),
        pytest.param(b"Content-Type: application/zip\r\n", ["unnamed"], id="an archive"),
        pytest.param(b"Content-Type: text/plain\r\n" + ATTACHED, ["unnamed.txt"], id="words as a file"),
        pytest.param(b"Content-Type: text/csv\r\n" + ATTACHED, ["unnamed.csv"], id="a table"),
        pytest.param(b"Content-Type: application/msword\r\n", ["unnamed.doc"], id="an old document"),
        pytest.param(OFFICE + b"wordprocessingml.document\r\n", ["unnamed.docx"], id="a document"),
        pytest.param(OFFICE + b"spreadsheetml.sheet\r\n", ["unnamed.xlsx"], id="a sheet"),
        pytest.param(JPEG + INLINE, [], id="inline"),
        pytest.param(JPEG + LOGO, [], id="a logo"),
        pytest.param(b"Content-Type: text/html\r\n", [], id="words"),
        pytest.param(b"Content-Type: application/pgp-signature\r\n", [], id="a signature"),
    ],
)
def test_what_counts_as_a_file(part: bytes, names: list[str]) -> None:
    mail = read(part)
    assert [one.name for one in mail.attachments] == names
    assert parse.as_json(mail)["attachments"] == [], "the command names parts with a name"


def test_a_document_without_a_name_is_no_archive() -> None:
    (one,) = read(OFFICE + b"wordprocessingml.document\r\n").attachments
    assert danger_of(one.name, one.content_type, b"PK\x03\x04") == ""


@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_a_mail_that_is_nothing_but_attached_words_says_them_once(kind: bytes) -> None:
    head = HEAD.partition(b"Content-Type:")[0]
    raw = head + b"Content-Type: " + kind + b"\r\n" + ATTACHED + b"\r\nWhere is it?\r\n"
    mail = parse.read(raw, datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert (mail.text, mail.attachments) == ("Where is it?", ())


def test_a_name_of_the_senders_stays() -> None:
    mail = read(b'Content-Type: image/jpeg; name="crack.jpg"\r\n')
    assert [(one.name, one.is_named) for one in mail.attachments] == [("crack.jpg", True)]
