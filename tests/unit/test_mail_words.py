"""The pieces of the mail reader: quotes, charsets, names of files, languages, authentication, forms."""

import pytest

from bot.mail import attachments, charset, forms, html, identity, language, mime, quotes


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(
            "Ja.\n\nAm 20.11.2026 um 10:12 schrieb Nordlicht:\n> Gut?", "Ja.", id="German attribution"
        ),
        pytest.param(
            "Oui\n\nLe ven. 20 nov. 2026 à 10:12, X <x@y.example> a écrit :\n> ?", "Oui", id="French"
        ),
        pytest.param("Sí\n\nEl vie, 20 nov 2026, X escribió:\n\n> ?", "Sí", id="Spanish"),
        pytest.param(
            "Tak\n\npt., 20 lis 2026 o 10:12 X <x@y.example> napisał(a):\n\n> ?", "Tak", id="Polish"
        ),
        pytest.param("好的\n\n于2026年11月20日周五 10:12写道：\n\n> ?", "好的", id="Chinese"),
        pytest.param("はい\n\n2026年11月20日(金) 10:12 X <x@y.example>:\n\n> ?", "はい", id="Japanese"),
        pytest.param("Yes\n\n-----Original Message-----\nFrom: X\n\nold", "Yes", id="Outlook's ruler"),
        pytest.param("Yes\n\nFrom: X\nSent: Friday\nTo: Y\nSubject: Z\n\nold", "Yes", id="Outlook's headers"),
        pytest.param("Yes\n> old\n> older", "Yes", id="marked lines at the end"),
        pytest.param(
            "> old?\nYes\n> old?\nNo", "> old?\nYes\n> old?\nNo", id="answers in between stay in context"
        ),
        pytest.param("Yes\n\nVon meinem iPhone gesendet", "Yes", id="signature of a phone"),
        pytest.param("From: Berlin\nTo: Munich", "From: Berlin\nTo: Munich", id="a label is no header block"),
        pytest.param("He wrote:\nno.", "He wrote:\nno.", id="no date, no attribution"),
        pytest.param("> only quoted", "> only quoted", id="nothing would be left"),
        pytest.param(
            "On 1.1.2026 X wrote:\nold", "On 1.1.2026 X wrote:\nold", id="nothing would be left either"
        ),
    ],
)
def test_what_a_person_newly_wrote(text, kept):
    assert quotes.new_words(text) == kept


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        pytest.param("é".encode(), "iso-8859-1", "é", id="UTF-8 sent as latin-1"),
        pytest.param(b"caf\xe9", "utf-8", "café", id="latin-1 sent as UTF-8"),
        pytest.param("囍".encode("gbk"), "gb2312", "囍", id="GBK sent as GB2312"),
        pytest.param(b"\x93x\x94 \x80", "iso-8859-1", "“x” €", id="Windows sent as latin-1"),
        pytest.param("①".encode("cp932"), "shift_jis", "①", id="NEC row 13"),
        pytest.param(b"\x1b$B-!\x1b(B", "iso-2022-jp", "①", id="NEC row 13 in JIS"),
        pytest.param(b"\x1b$B$3$s", "us-ascii", "こん", id="JIS without a label or an end"),
        pytest.param(b"abc\xff", "zip", "abcÿ", id="a codec that is no charset"),
        pytest.param(b"a\x00b\r\nc\rd", "", "ab\nc\nd", id="NUL and line ends"),
        pytest.param(b"gr\xc3\xbc\xc3\x9fe \xe2\x82", "utf-8", "grüße �", id="cut in a character"),
    ],
)
def test_bytes_to_text(data, label, text):
    assert charset.decode(data, label) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?a_b?=", "a b"),
        (b"=?utf-8?B?w7w=?=\r\n =?utf-8?B?w58=?=", "üß"),
        (b"x =?utf-8?B?w7w=?= y", "x ü y"),
        (b"=?utf-8?B?w7w", "=?utf-8?B?w7w"),
        (b"folded\r\n  line", "folded line"),
        (b"=?bogus?Q?=E9?=", "é"),
        (b"=?gb18030?B?0KHDtw==?=", "小梅"),  # UTF-8 by chance
        (b"=?gbk?Q?M=C3=BCller?=", "Müller"),
        (b"=?gb2312?B?0KHQv9Cw0YHQuNCx0L4=?=", "Спасибо"),
        (b"=?big5?B?5bCP5qKF?=", "小梅"),
    ],
)
def test_headers_to_text(raw, text):
    assert charset.header(raw) == text


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a.pdf", "a.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        (".hidden", "hidden"),
        ("a<b>|c?.txt", "a_b__c_.txt"),
        ("..", "attachment"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
    ],
)
def test_a_file_name_is_made_safe(given_name, name):
    assert attachments.safe_name(given_name) == name


@pytest.mark.parametrize(
    ("text", "prior", "lang"),
    [
        ("Die Dose war leer. Was nun?", "de", "de"),
        ("Where is my parcel?", "de", "en"),
        ("Grazie", "it", "it"),
        ("返品希望", "ja", "ja"),
        ("返金希望", "ja", "ja"),
        ("退货", "ja", "zh"),
        ("颜色不喜欢,可以换吗", "ja", "zh"),
        ("退货", "en", "zh"),
        ("届きません", "en", "ja"),
        ("شكرا", "en", "ar"),
        ("감사합니다", None, "ko"),
        ("111-1234567-1234567 B0ABCDEFGH https://x.example", "en", None),
        ("👍", "en", None),
    ],
)
def test_the_language_of_the_words(text, prior, lang):
    assert language.of(text, prior) == lang


@pytest.mark.parametrize(
    ("results", "failed"),
    [
        ("mx; spf=pass; dkim=pass; dmarc=pass", ""),
        ("mx; spf=softfail; dkim=pass; dmarc=pass", ""),
        ("mx; spf=fail; dkim=pass; dmarc=pass", ""),
        ("mx; spf=fail", "spf=fail"),
        ("mx; dkim=fail (bad) header.d=amazon.com; spf=pass", "dkim=fail"),
        ("mx; dkim=fail header.d=a; dkim=pass header.d=amazon.com; dmarc=pass", ""),
        ("mx; dkim=fail header.d=a; dkim=pass header.d=b; dmarc=pass", "dkim=fail"),
        ("mx; spf=pass; dkim=pass; dmarc=fail (p=reject)", "dmarc=fail"),
        ("mx; dkim=temperror; spf=none", ""),
    ],
)
def test_which_check_failed(results, failed):
    headers = mime.Headers(b"Authentication-Results: " + results.encode() + b"\n")
    assert identity.failed_authentication(headers) == failed


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b'"a@marketplace.amazon.de" <evil@x.example>', ("a@marketplace.amazon.de", "evil@x.example")),
        (b"a@x.example (Ann)", ("Ann", "a@x.example")),
        (b'"Doe, Ann" <a@X.example>', ("Doe, Ann", "a@x.example")),
        (b"=?utf-8?Q?D=C3=B6,_A?= <a@x.example>", ("Dö, A", "a@x.example")),
        (b"<a@x.example>", ("", "a@x.example")),
        (b'"unclosed <a@x.example>', ("unclosed", "a@x.example")),
    ],
)
def test_an_address_and_its_name(value, found):
    assert identity.addresses([value])[0] == found


@pytest.mark.parametrize(
    ("comment", "wants"),
    [
        ("too small", False),
        ("Reißverschluss kaputt", False),
        ("Can I get a new one?", True),
        ("I want a replacement", True),
        ("Bitte Ersatz schicken", True),
        ("Je voudrais un échange", True),
        ("返金してください", True),
        ("", False),
    ],
)
def test_a_return_comment_that_needs_a_person(comment, wants):
    assert forms.wants_an_answer(comment) is wants


def test_html_as_a_reader_sees_it():
    markup = (
        "<style>.a{display:none}</style><p>Hi <b>you</b>&nbsp;there</p><p class=a>no</p><div hidden>no</div>"
        "<ul><li>one<li>two</ul><table><tr><td>x<td>y</table>"
    )
    assert html.to_text(markup).strip() == "Hi you there\n\n- one\n- two\n\nx\ty"
