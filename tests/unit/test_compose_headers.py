"""Subject and sender's name on the wire: short lines, and word for word what was given, to old and new readers."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.mail.compose import Letter, compose, reply_subject

SENDER = "support@nordlicht.example"
LETTER = Letter(
    reply_id=88,
    sender=SENDER,
    sender_name="Nordlicht",
    to="abcd1234@marketplace.amazon.de",
    subject="Frage",
    text="Guten Tag",
    in_reply_to=None,
    references=(),
    sent_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
)
WORDS = st.one_of(
    st.sampled_from(
        ["Bestellung", "Größe", "für", "(Order:", "302-1234567-7654321)", "l'été", '"zu', "klein\\", "™", "–", "A,",
         "B", "=?", "Küchengerät", "山田", "太郎様", "お問い合わせ", "😀", "👨‍👩‍👧",
         "supercalifragilisticexpialidocious" * 3]
    ),
    st.text("abzÄüßé山田😀𠮷", min_size=1, max_size=90),
)  # fmt: skip
TEXTS = st.lists(WORDS, min_size=1, max_size=24).map(" ".join)


def head_of(letter: Letter) -> str:
    return bytes(compose(letter, salt="s")).partition(b"\r\n\r\n")[0].decode("ascii")


def check_form(header: str, sender: str = SENDER) -> None:
    """Nothing too long, nothing empty."""
    lines = header.split("\r\n")
    assert all(len(line) <= 78 or line == f" <{sender}>" for line in lines)
    assert not any(line.endswith(": ") or not line.strip() or line in {"Subject:", "From:"} for line in lines)
    words = re.findall(r"=\?utf-8\?[bq]\?([^?\s]*)\?=", header)
    assert all(0 < len(word) <= 75 - len("=?utf-8?q??=") for word in words)


def header_of(head: str, name: str) -> str:
    return next(one for one in re.split(r"\r\n(?![ \t])", head) if one.startswith(f"{name}:"))


def check_subject(subject: str) -> None:
    head, expected = head_of(replace(LETTER, subject=subject)), reply_subject(subject)
    check_form(header_of(head, "Subject"))
    old = message_from_bytes(head.encode())["Subject"]
    assert str(make_header(decode_header(old))).replace("\r\n", "") == expected
    assert message_from_bytes(head.encode(), policy=policy.default)["Subject"] == expected


@pytest.mark.parametrize(
    "subject",
    [
        "Anfrage zu Bestellung von Amazon-Kunde Jürgen Müller (Order: 302-1234567-1234567)",
        "Rückgabe Größe L statt XL – Kunde Jürgen Müller-Lüdenscheidt (Bestellung: 302-1234567-1234567)",
        "[重要] 商品について Amazon customer 山田太郎様 からのお問い合わせ (注文: 250-1234567-1234567)",
        "Remboursement demandé pour la commande d'Élodie Lefèvre à propos de l'été (Commande : 402-1234567-1234567)",
        "Consulta de producto: ¿está disponible? de María José Núñez Ordóñez (Pedido: 404-1234567-1234567)",
        "Order information from Amazon seller: question from Amazon customer Zoë about Kabel Ø 12 mm (Order: 302-1)",
        "Inquiry from Amazon customer Katrin about a water bottle of 750 ml, dark blue (Order: 302-1234567-7654321)",
        "a" * 300,
        "山" * 300,
        "😀" * 100,
    ],
)
def test_a_subject_arrives_word_for_word(subject: str) -> None:
    check_subject(subject)


@given(TEXTS)
def test_any_subject_arrives_word_for_word(subject: str) -> None:
    check_subject(subject)


def check_name(name: str, sender: str = SENDER) -> None:
    head = head_of(replace(LETTER, sender_name=name, sender=sender))
    header = header_of(head, "From")
    check_form(header, sender)
    assert header.endswith(sender) or header.endswith(f"<{sender}>")
    (address,) = message_from_bytes(head.encode(), policy=policy.default)["From"].addresses
    assert address.addr_spec == sender
    if (
        header.count("=?utf-8?") <= 1
    ):  # between two, Python's own reader of addresses leaves a blank against RFC 2047
        assert address.display_name == name
    if "=?utf-8?" in header:
        (word, charset), (rest, _) = decode_header(message_from_bytes(head.encode())["From"])
        assert (word.decode(charset), rest.decode().strip()) == (name, f"<{sender}>")


@pytest.mark.parametrize(
    "name",
    [
        "Nordlicht",
        "Nordlicht 北光, GmbH",
        'Käthe "die Große" Müller-Lüdenscheidt, Versand und Handel GmbH & Co. KG in Köln',
        "Nordlicht Versandhandel, Haushaltswaren und Gartengeräte, Niederlassung Sued, GmbH & Co. KG",
        "x" * 120,
        "北光店铺" * 10,
    ],
)
@pytest.mark.parametrize("sender", [SENDER, f"support@{'nordlicht.' * 9}example"])
def test_a_senders_name_arrives_word_for_word_and_the_address_plain(name: str, sender: str) -> None:
    check_name(name, sender)


@given(TEXTS)
@example("Produktbezeichnung Jürgen 山田 Müller-Lüdenscheidt é. a GmbH & Co. KG")
def test_any_senders_name_arrives_word_for_word(name: str) -> None:
    check_name(name)


def test_a_sender_without_a_name_is_the_address() -> None:
    assert header_of(head_of(replace(LETTER, sender_name="")), "From") == f"From: {SENDER}"
