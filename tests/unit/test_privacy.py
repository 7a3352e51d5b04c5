"""What a channel does not get to see of a buyer's words, in the seven languages, and what stays readable."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.privacy import HIDDEN, LONGEST, first_name, hide

HIDES = [
    ("phone", "Please call me at 555-123-4567 today.", "555-123-4567"),
    ("phone", "my number 5551234567, thanks", "5551234567"),
    ("phone", "or on WhatsApp +44 7700 900123", "+44 7700 900123"),
    ("phone", "Meine Handynummer ist 0171 2345678.", "0171 2345678"),
    ("phone", "Tel. 030/1234567", "030/1234567"),
    ("phone", "mon portable : 06 12 34 56 78", "06 12 34 56 78"),
    ("phone", "llámame al 612 345 678", "612 345 678"),
    ("phone", "il mio cellulare 347 1234567", "347 1234567"),
    ("phone", "電話は090-1234-5678です", "090-1234-5678"),
    ("phone", "我的手机13812345678", "13812345678"),
    ("phone", "请打13812345678", "13812345678"),
    ("phone", "call 555-123-4567 in the evening", "555-123-4567"),
    ("phone", "0171 2345678 a@b.co", "0171 2345678"),
    ("email", "write to joe.doe+shop@example.com please", "joe.doe+shop@example.com"),
    ("email", "joe (at) example.com", "joe (at) example.com"),
    ("email", "katrin at gmail dot com", "katrin at gmail dot com"),
    ("email", "我的邮箱 wang@qq.com", "wang@qq.com"),
    ("address", "Ship it to 12 Main Street, Springfield, IL 62704", "12 Main Street, Springfield, IL 62704"),
    ("address", "i live at 742 evergreen terrace", "742 evergreen terrace"),
    ("address", "10 Downing Street, London SW1A 2AA", "SW1A 2AA"),
    ("address", "Bitte an Hauptstraße 5, 10115 Berlin", "Hauptstraße 5, 10115 Berlin"),
    ("address", "lindenstr. 7a in 50674 Köln", "lindenstr. 7a in 50674 Köln"),
    ("address", "12 rue de la Paix, 75002 Paris", "12 rue de la Paix, 75002 Paris"),
    ("address", "Calle Mayor 12, 28013 Madrid", "Calle Mayor 12, 28013 Madrid"),
    ("address", "abito in via Roma 12, 00184 Roma", "via Roma 12, 00184 Roma"),
    ("address", "東京都渋谷区神宮前1-2-3", "渋谷区神宮前1-2-3"),
    ("address", "〒150-0001", "〒150-0001"),
    ("address", "北京市朝阳区建国路88号", "建国路88号"),
    ("account", "my card 4111 1111 1111 1111", "4111 1111 1111 1111"),
    ("account", "IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
]


@pytest.mark.parametrize(("kind", "text", "secret"), HIDES, ids=[one[1][:30] for one in HIDES])
def test_it_is_hidden(kind: str, text: str, secret: str) -> None:
    found = hide(text)
    assert secret not in found.text
    assert HIDDEN in found.text
    assert kind in dict(found.counts)
    assert not any(piece in found.text for piece in secret.split() if piece.isdigit())


def test_each_number_of_a_row_is_looked_at_for_itself() -> None:
    text = "Katrin\n0171 2345678\n030 1234567\n+49 171 2345678 +49 30 1234567"
    assert hide(text).text == f"Katrin\n{HIDDEN}\n{HIDDEN}\n{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize(
    "text",
    [
        "My order 305-1234567-1234567 has not arrived.",
        "Bestellung 305-1234567-1234567, Artikel B0ABCDEF12",
        "tracking 1Z999AA10123456784 and TBA123456789012",
        "Tracking number 1234567890",
        "Sendungsnummer 00340434161094042557",
        "numéro de suivi 6A12345678901",
        "número de seguimiento 0123456789",
        "numero di spedizione 0123456789",
        "お問い合わせ番号 1234-5678-9012",
        "快递单号 13812345678",
        "USPS 9400 1118 9922 3857 2314 08",
        "the serial is SN-1234567890",
        "120 x 60 cm, 12.99 EUR, 2026-11-25 at 10:30",
        "I ordered 2 of them 3 weeks ago",
        "It is 1.5 l and 230 V, 50/60 Hz, model XR-2000",
        "a cable of 1234567 mm for 1.000.000 EUR",
        "Where is my parcel? I am at home on the way to work.",
        "Das Paket kam am 24.11.2026 in der Straße an.",
        "Error 404 - 500 again",
    ],
)
def test_it_stays_readable(text: str) -> None:
    assert hide(text).text == text


def test_of_a_name_the_first_word_stays() -> None:
    found = hide("Thanks, Katrin Muster (Frau Muster)", "Katrin Muster")
    assert found.text == f"Thanks, Katrin {HIDDEN} (Frau {HIDDEN})"
    assert found.counts == (("name", 2),)
    assert hide("Musterung, muster", "Katrin Muster").counts == ()
    assert hide("Katrin Muster", "😀 Katrin Muster🌻").text == f"Katrin {HIDDEN}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Katrin Muster", "Katrin"),
        ("Joe", "Joe"),
        ("", None),
        (None, None),
        ("joe@example.com", None),
        ("😀 José", "José"),
        ("José❤️ Sample", "José"),
        ("👩‍👩‍👧", None),
        ("O'Neil-Smith Jr.", "O'Neil-Smith"),
        ("रीता शर्मा", "रीता"),
        ("佐藤", "佐藤"),
        ("D´Andre Sample", "D´Andre"),
        ("N°1 Sample", "N°1"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007fHarry", "Harry"),
        ("👍🏽 Ann", "Ann"),
        ("Dr. Katrin Muster", "Katrin"),
        ("Dr. Muster", None),
        ("Frau Muster", None),
        ("Prof. Dr. Muster", None),
        ("Sra. María Muster", "María"),
        ("M. Muster", None),
        ("J.R. Muster", None),
        ("J. Joe Muster", "Joe"),
        ("Muster, Katrin", "Katrin"),
        ("Muster, Dr. Katrin", "Katrin"),
        ("Katrin M.", "Katrin"),
        ("Katrin,", "Katrin"),
        ("Muster, K.", None),
        ("Sample Muster, Katrin", "Katrin"),
        ("van der Muster, Jan", "Jan"),
        ("Herr und Frau Muster", None),
        ("Mr and Mrs Sample", None),
        ("José Muster y Sample", "José"),
        ("Ö. Muster", None),
        ("Dr.-Ing. Hans Muster", "Hans"),
        ("Dr. med. Hans Muster", "Hans"),
        ("Mag. Anna Muster", "Anna"),
        ("Dr.", None),
        ("李 伟", "李"),
    ],
)
def test_the_first_name(name: str | None, shown: str | None) -> None:
    assert first_name(name) == shown


@pytest.mark.parametrize(
    "name", ["Dr. Muster", "Muster, Katrin", "Frau Katrin Muster", "K. Muster", "Muster, K."]
)
def test_the_family_name_is_hidden_wherever_it_stands_in_a_name(name: str) -> None:
    assert hide("Thanks, Katrin Muster", name).text == f"Thanks, Katrin {HIDDEN}"


def test_what_follows_a_very_long_text_is_hidden_without_a_look() -> None:
    text = "word " * (LONGEST // 5) + "call 555-123-4567"
    found = hide(text)
    assert "555" not in found.text
    assert dict(found.counts) == {"rest": 1}


_bits = st.sampled_from(
    [
        "305-1234567-1234567",
        "+49 171 2345678",
        "a@b.co",
        "12 rue de la Paix",
        "Muster",
        "hello",
        "75002 Paris",
        "@",
        "▒",
    ]
)


@given(st.lists(st.one_of(_bits, st.text(max_size=12)), max_size=12))
@example(["Hauptstraße 5", "a@b.co"])
def test_hiding_never_fails_never_grows_beyond_its_marks_and_hides_all_at_once(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = hide(text, "Katrin Muster")
    assert found.text.count(HIDDEN) >= sum(count for _kind, count in found.counts)
    assert not any(secret in found.text for secret in ("+49 171 2345678",))
    assert ("305-1234567-1234567" in found.text) or "305-1234567-1234567" not in text or found.counts
