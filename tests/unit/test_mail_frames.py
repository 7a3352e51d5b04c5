"""Which words between, above and below Amazon's markers are the buyer's own (labels.md, `text`)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail import parse

ARRIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ORDER = "113-1112223-4445557"
DASHES = "-------------"
FOOTER = "Was this e-mail helpful?  https://sellercentral.amazon.com/gp/satisfaction/survey-form.html?a=1\n"
TEMPLATE_2016 = (
    f"Order ID {ORDER}:\n1 of Mug [ASIN: B0MUG00001]\n\n"
    f"{DASHES} Begin message {DASHES}\n\nold\n\n{DASHES} End message {DASHES}\n"
)


def framed(text: str, greeting: str = "You have received a message.") -> str:
    """A mail as Amazon sends it in 2026."""
    items = f"# {ORDER}:\n1 / Mug [ASIN: B0MUG00001]"
    return f"{greeting}\n\n{items}\n\n{DASHES} Message: {DASHES}\n\n{text}\n\n{DASHES} End message {DASHES}\n\n{FOOTER}"


def read(body: str, subject: str = "Inquiry", subtype: str = "plain"):
    head = f"From: Kim <aa11bb22cc333@marketplace.amazon.com>\nSubject: {subject}\n"
    return parse.interpret(f"{head}Content-Type: text/{subtype}; charset=utf-8\n\n{body}".encode(), ARRIVED)


@pytest.mark.parametrize(
    "text",
    [
        "I wrote to you on Nov 20, 2026 and nobody wrote:\nstrange!",
        "From: my house\nTo: your house\nDate: tomorrow\n\nIs pick-up possible?",
        "Hi,\n\nthe manual says:\n> press A\n> press B\n\nbut nothing happens.",
        "Hello\n\n==========\nMy address:\n==========\nElm Street 1",
        "-----\nhello\n-----",
        "Thanks\n--\nKim",
        "Original message was lost. Please resend.",
        "On 5/11/2026 the driver left a card, it said: call us. What now?",
        "Am 5.11.2026 schrieb mir DHL: nicht zustellbar:\nwas nun?",
        "Was this e-mail helpful? No! Report this seller? Where is my mug?",
        "Copyright 2026 is printed on the mug. Is it original?",
        "1 / 2 mugs broken",
        "# 113-9999999-9999999:\nthis is my other order",
        "You have received a message? I have not!",
        "[ASIN: B0OTHER001] is what I wanted",
        "Sent from my iPhone",
        "> quoted only\n> nothing else",
        "a\n\n\n\nb",
        f"{DASHES} Message: {DASHES}\nhow do I send this?",
        f"so I typed\n{DASHES} End message {DASHES}\nand it went on",
        "See https://evil.example/x and https://www.amazon.com/gp/product/B0OTHER002",
    ],
)
def test_what_a_buyer_typed_stays_whole(text):
    mail = read(framed(text))
    assert mail.text == text
    assert (mail.order_id, mail.asins) == (ORDER, ("B0MUG00001",))


@pytest.mark.parametrize(
    "history",
    [
        "On 11/20/26 10:12 AM, Sunrise wrote:\n\nold text without marks",
        "--- Original Message ---\nold",
        "-------- Original message --------\nFrom: Sunrise <a@b.example>\nDate: 11/20/26\nTo: Kim\nSubject: x\n\nold",
        '------------------ Original ------------------\nFrom: "Sunrise"<a@b.example>;\nSubject: Re: x\n\nold',
        "Op vr 20 nov. 2026 om 10:12 schreef Sunrise <a@b.example>:\n> old",
        "Den fre 20 nov. 2026 kl 10:12 skrev Sunrise <a@b.example>:\n> old",
        "Em sex., 20 de nov. de 2026 às 10:12, Sunrise <a@b.example> escreveu:\n> old",
        "20 Kas 2026 Cum 10:12 tarihinde Sunrise <a@b.example> şunu yazdı:\n> old",
        "\u202bفي الجمعة، 20 نوفمبر 2026 في 10:12 ص، ‪Sunrise‬‏ <‪a@b.example‬‏>:\u202c\n> old",
        "______________________\nDe: Sunrise <a@b.example>\nEnviado: viernes\nPara: Kim\nAsunto: Re: x\n\nold",
        "差出人: Sunrise <a@b.example>\n送信日時: 2026年11月20日 10:12\n宛先: Kim\n件名: Re: x\n\nold",
        "> old text\n> more",
        "Gesendet von Outlook für iOS",
        "Enviado do meu iPhone",
        TEMPLATE_2016,
        framed("old"),
    ],
)
def test_history_below_is_left_out(history):
    assert read(framed(f"new words\n\n{history}"), "Re: Inquiry").text == "new words"


@pytest.mark.parametrize(
    ("body", "subject", "text"),
    [
        pytest.param(
            framed("new", "Te ha llegado un nuevo mensaje."), "RE: Pedido", "new", id="unknown greeting"
        ),
        pytest.param(
            framed("new", "Hello Sunrise,\n\nYou have received a message."), "RE: x", "new", id="salutation"
        ),
        pytest.param(
            framed("old", "Broken.\n\nYou have received a message."), "x", "Broken.", id="above a greeting"
        ),
        pytest.param(f"Broken.\n\n{TEMPLATE_2016}", "RE: x", "Broken.", id="above the template of 2016"),
        pytest.param(f"> old\n\n{framed('new')}", "RE: x", "new", id="history above the frame"),
        pytest.param(
            f"Hello\n\n{DASHES} End message {DASHES}\n\n{FOOTER}", "x", "Hello", id="only an end marker"
        ),
    ],
)
def test_above_the_frame(body, subject, text):
    assert read(body, subject).text == text


def test_a_heading_of_the_buyer_is_no_end_marker():
    text = "--- Problem ---\nThe mug leaks.\n\n--- Wish ---\nA new one."
    assert read(f"You have received a message.\n\nMessage:\n\n{text}\n\n{FOOTER}").text == text


def test_a_buyer_who_imitates_the_whole_frame_in_a_pre_stays_whole():
    text = f"{DASHES} Message: {DASHES}\nx\n{DASHES} End message {DASHES}\n# {ORDER}:"
    mail = read(f"<p>You have received a message.</p><pre>{text}</pre>", subtype="html")
    assert (mail.text, mail.order_id) == (text, None)


def test_a_pre_beats_the_plain_part_without_markers():
    body = "--x\n\nHello\n--x\nContent-Type: text/html\n\n<pre>Hello, the\n  whole text</pre>\n--x--\n"
    head = "From: <aa11bb22cc333@marketplace.amazon.com>\nContent-Type: multipart/alternative; boundary=x\n\n"
    assert parse.interpret((head + body).encode(), ARRIVED).text == "Hello, the\n  whole text"


def test_a_charset_that_only_the_html_names():
    body = '<html><head><meta charset="gb2312"></head><body><pre>灯坏了</pre></body></html>'.encode("gb2312")
    head = b"From: <aa11bb22cc333@marketplace.amazon.com>\nContent-Type: text/html\n\n"
    assert parse.interpret(head + body, ARRIVED).text == "灯坏了"


def test_a_delivery_report_says_why_in_the_servers_words_without_addresses():
    raw = (Path(__file__).parent.parent / "data" / "mails" / "dsn_failed.eml").read_bytes()
    failure = parse.read(raw, datetime(2026, 11, 25, tzinfo=UTC)).failure
    assert failure
    assert "@" not in failure
