"""What a reply's mail looks like on the wire, read back as any mail program would."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.mail import Attachment
from bot.domain.passed_on import MOST_BYTES
from bot.errors import Refused
from bot.mail.compose import Letter, compose, message_id, reply_subject

RELAY = "abcd1234efgh56+0f1e2d3c-aaaa-4bbb-8ccc-0123456789ab@marketplace.amazon.de"


def ses_id(n: int) -> str:
    return f"<0102018f{n:08x}-0f0f0f0f-1111-4222-8333-{n:012d}-a1b2c3-000000@eu-west-1.amazonses.com>"


LETTER = Letter(
    reply_id=88,
    sender="support@nordlicht.example",
    sender_name="Nordlicht",
    to=RELAY,
    subject="Frage zum Produkt",
    text="Guten Tag,\n\ndas Paket ist unterwegs.\n",
    in_reply_to=ses_id(1),
    references=(ses_id(1),),
    sent_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
)


def written(letter: Letter, **more):
    return message_from_bytes(bytes(compose(letter, salt="s", **more)), policy=policy.default)


def text_of(mail) -> str:
    part = mail.get_body(("plain",))
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")


def test_headers():
    mail = written(replace(LETTER, sender_name="Nordlicht 北光, GmbH"))
    assert mail["From"].addresses[0].display_name == "Nordlicht 北光, GmbH"
    assert mail["From"].addresses[0].addr_spec == "support@nordlicht.example"
    assert mail["To"] == RELAY
    assert mail["Date"] == "Wed, 25 Nov 2026 09:30:00 +0000"
    assert mail["Subject"] == "Re: Frage zum Produkt"
    assert mail.get_content_type() == "text/plain"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"
    assert not {"Cc", "Bcc", "Reply-To"} & set(mail.keys())


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Hello", "Re: Hello"),
        ("RE: Hello", "Re: Hello"),
        ("Re[2]: RES: AW: WG: Fwd: Hello", "Re: Hello"),
        ("回复：Re: 订单", "Re: 订单"),
        ("Re (3) : Hello", "Re: Hello"),
        ("Inquiry\r\n from  Amazon\tcustomer", "Re: Inquiry from Amazon customer"),
        ("Return: how?", "Re: Return: how?"),
        ("Regarding: order", "Re: Regarding: order"),
        ("R2D2: broken", "Re: R2D2: broken"),
        ("", "Re:"),
        ("Hi\r\nBcc: spy@evil.example", "Re: Hi Bcc: spy@evil.example"),
        ("a\x00b\u2028c", "Re: a b c"),
    ],
)
def test_subject_gets_one_prefix_on_one_line(subject, expected):
    assert reply_subject(subject) == expected
    assert written(replace(LETTER, subject=subject))["Subject"].strip() == expected


def test_message_id_is_the_same_each_time_and_differs_by_reply_store_and_salt():
    mine = message_id(88, "support@nordlicht.example", "s")
    assert mine == message_id(88, "Support@Nordlicht.example", "s")
    assert mine.startswith("<reply-88.")
    assert mine.endswith("@nordlicht.example>")
    assert len(mine) == len("<reply-88.0123456789abcdef@nordlicht.example>")
    others = {
        message_id(89, "support@nordlicht.example", "s"),
        message_id(88, "support@sunrise.example", "s"),
        message_id(88, "support@nordlicht.example", "t"),
    }
    assert len(others | {mine}) == 4
    assert written(LETTER)["Message-ID"] == mine


def test_the_same_letter_gives_the_same_bytes():
    letter = replace(LETTER, attachments=(file("a.pdf"), file("b.png")), quoted="Hi")
    assert bytes(compose(letter, salt="s")) == bytes(compose(letter, salt="s"))


def test_long_ids_survive_and_ten_references_are_kept_newest_last():
    ids = tuple(ses_id(n) for n in range(1, 15))
    raw = bytes(compose(replace(LETTER, in_reply_to=ids[-1], references=ids), salt="s"))
    assert b"In-Reply-To: " + ids[-1].encode() + b"\r\n" in raw
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["References"].split() == list(ids[-10:])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize("bad", ["no brackets", "<two words@x.example>", "<a>\r\nBcc: spy@x.example", ""])
def test_what_is_no_message_id_is_left_out(bad):
    mail = written(replace(LETTER, in_reply_to=bad, references=(bad, ses_id(7))))
    assert mail["In-Reply-To"] == ses_id(7)
    assert mail["References"] == ses_id(7)
    mail = written(replace(LETTER, in_reply_to=bad, references=()))
    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=300))
def test_the_text_that_arrives_is_the_text_that_was_written(text):
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    expected += "" if expected.endswith("\n") else "\n"
    raw = bytes(compose(replace(LETTER, text=text), salt="s"))
    assert text_of(message_from_bytes(raw, policy=policy.default)) == (expected if text else "\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()


def test_lines_of_the_body_are_short():
    raw = bytes(compose(replace(LETTER, text="ü" * 5000), salt="s"))
    body = raw.partition(b"\r\n\r\n")[2]
    assert max(len(line) for line in body.split(b"\r\n")) <= 76


def test_a_quotation_stands_below():
    mail = written(replace(LETTER, text="Danke", quoted="Wo ist es?\r\n\r\nGruß"))
    assert text_of(mail) == "Danke\n\n----- Original Message -----\n> Wo ist es?\n> \n> Gruß\n"


def file(name: str, content: bytes = b"%PDF-1.7") -> Attachment:
    return Attachment(name, "application/octet-stream", len(content), content)


def test_attachments_arrive_whole_with_their_names():
    letter = replace(LETTER, attachments=(file("Rechnung ä 发票.PDF", b"\x00\r\n.\n" * 99), file("b.jpeg")))
    mail = written(letter)
    first, second = mail.iter_attachments()
    assert first.get_filename() == "Rechnung ä 发票.PDF"
    assert first.get_content_type() == "application/pdf"
    assert first.get_payload(decode=True) == b"\x00\r\n.\n" * 99
    assert (second.get_filename(), second.get_content_type()) == ("b.jpeg", "image/jpeg")
    assert text_of(mail) == LETTER.text


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.pdf.exe", "pdf", "a", "../a.pdf", "a/b.pdf", "a\\b.pdf", ".pdf", ".a.pdf", " a.pdf",
     "a\r\nX: y.pdf", "a\u202efdp.pdf", "x" * 100 + ".pdf", 'a".pdf', "a.html", "a.zip", ""],
)  # fmt: skip
def test_other_attachments_are_refused(name):
    with pytest.raises(Refused):
        compose(replace(LETTER, attachments=(file(name),)), salt="s")


def test_attachments_over_ten_megabytes_together_or_empty_are_refused():
    half = MOST_BYTES // 2
    compose(replace(LETTER, attachments=(file("a.pdf", b"x" * half), file("b.pdf", b"x" * half))), salt="s")
    for files in [(b"x" * half, b"x" * (half + 1)), (b"", b"x")]:
        named = tuple(file(f"{n}.pdf", content) for n, content in enumerate(files))
        with pytest.raises(Refused):
            compose(replace(LETTER, attachments=named), salt="s")


@pytest.mark.parametrize(
    "to",
    [
        "somebody@mail.example",
        "a@marketplace.amazon.de.evil.example",
        "a@amazon.de",
        "a@evilmarketplace.amazon.de",
        "a@marketplace.amazon.de, b@marketplace.amazon.de",
        "Ann <a@marketplace.amazon.de>",
        "a@marketplace.amazon.de\r\nBcc: spy@x.example",
        "a@b@marketplace.amazon.de",
        "ä@marketplace.amazon.de",
        "@marketplace.amazon.de",
        ".a@marketplace.amazon.de",
        "",
    ],
)
def test_only_one_relay_address_is_written_to(to):
    with pytest.raises(Refused):
        compose(replace(LETTER, to=to), salt="s")


@pytest.mark.parametrize(
    "to", ["a@marketplace.amazon.co.jp", "a@m.marketplace.amazon.co.jp", "A+b@Marketplace.Amazon.DE"]
)
def test_relay_addresses_are_kept_as_they_are(to):
    assert written(replace(LETTER, to=to))["To"].addresses[0].addr_spec == to


def test_extra_relay_hosts_are_allowed_when_settings_say_so():
    letter = replace(LETTER, to="a@relay.sandbox.example")
    with pytest.raises(Refused):
        compose(letter, salt="s")
    assert written(letter, extra_relay_hosts=["Relay.sandbox.example"])["To"] == letter.to


@pytest.mark.parametrize("name", ["Nord\r\nBcc: spy@x.example", 'a" <b@c.example>, "d', "a\x00b"])
def test_the_sender_name_can_not_add_headers_or_senders(name):
    mail = written(replace(LETTER, sender_name=name))
    assert len(mail["From"].addresses) == 1
    assert mail["From"].addresses[0].addr_spec == LETTER.sender
    assert mail["Bcc"] is None


@pytest.mark.parametrize("sender", ["", "nobody", "a b@c.example", "a@c.example\r\nBcc: d@e.example"])
def test_a_broken_sender_is_refused(sender):
    with pytest.raises(Refused):
        compose(replace(LETTER, sender=sender), salt="s")


def test_broken_characters_are_refused():
    with pytest.raises(Refused, match="character 3"):
        compose(replace(LETTER, text="ab\ud800"), salt="s")


@given(st.text(max_size=300), st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60))
@example("您好，我的包裹在哪里？" * 20, "北光店铺" * 10)
@example("a" * 300 + " ü", "Nordlicht")
def test_no_encoded_word_is_longer_than_mail_programs_must_read(subject, name):
    """RFC 2047 2: 75 characters; some show a longer one as it stands."""
    raw = bytes(compose(replace(LETTER, subject=subject, sender_name=name), salt="s"))
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=", head))
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"].strip() == reply_subject(subject)
    assert str(make_header(decode_header(message_from_bytes(raw)["Subject"]))).strip() == reply_subject(
        subject
    )
    assert f"In-Reply-To: {LETTER.in_reply_to}".encode() in head
    assert f"To: {RELAY}".encode() in head


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("Danke 👨‍👩‍👧!", "Re: Danke 👨‍👩‍👧!", id="people joined to a family"),
        pytest.param("Liefer\u00adung", "Re: Lieferung", id="a soft hyphen is no space"),
        pytest.param("abc\u202egpj.exe\u202c", "Re: abcgpj.exe", id="nobody's reading is turned round"),
        pytest.param("a\ud800b", "Re: a b", id="half a character"),
    ],
)
def test_signs_that_nobody_sees(subject, expected):
    assert reply_subject(subject) == expected
