"""The policy check, rule by rule: what it must see and what it must leave alone."""

import pytest

from bot.domain.policy import ADVICE, RULES, Attachment, Context, Finding, check, for_manager, verdict
from bot.domain.policy.mask import BLANK, masked
from bot.domain.policy.normalise import undisguised
from tests.unit.policy_figures import phrases

BARE = Context(parts_required=False)


def rules(text, context=BARE):
    return {finding.rule for finding in check(text, context, phrases())}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("see www.lumo.example", "external_link", id="a host"),
        pytest.param("your case is 3.0.5.5.5.5.0.1.8.8", "phone_number", id="digits one by one"),
        pytest.param("siamo al zero due, quattro zeri, uno nove otto", "phone_number", id="so many zeros"),
        pytest.param(
            "our portal (w w w . lumo-lamp . d e) shows it", "external_link", id="a host letter by letter"
        ),
        pytest.param("see lumo-lamps[.]com today", "external_link", id="a dot in brackets"),
        pytest.param("hxxp://lumo.example/a", "external_link", id="a scheme with x"),
        pytest.param(
            "https://amazon.de.evil.example/x", "external_link", id="a host that only begins like Amazon's"
        ),
        pytest.param(
            "https://amazon.com@evil.example/", "external_link", id="Amazon's name before an at-sign"
        ),
        pytest.param("ｗｗｗ．ｌｕｍｏ．ｃｏｍ", "external_link", id="full-width letters"),
        pytest.param("pon lumopan + .com", "external_link", id="a plus before the end"),
        pytest.param("t.me/lumo", "external_link", id="a short host with a path"),
        pytest.param("help@lumo.example", "email_address", id="an address"),
        pytest.param("help ( at ) lumo ( dot ) com", "email_address", id="an address in words"),
        pytest.param("hilfe klammeraffe lumo punkt de", "email_address", id="an address in German words"),
        pytest.param("write to lumo@gmail", "email_address", id="a provider without its end"),
        pytest.param("+49 30\n5550 1234", "phone_number", id="a line break inside a number"),
        pytest.param("call 1-8OO-555-O199", "phone_number", id="letters O for zeros"),
        pytest.param("phone: 1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "phone_number", id="emoji digits"),
        pytest.param("电话 13800138000", "phone_number", id="bare digits after a word"),
        pytest.param("appelez le 0 1 9 9 0 0 1 2 3 4", "phone_number", id="digits set apart"),
        pytest.param(
            "SMS mit der Seriennummer an 0151 55501 882", "phone_number", id="an id is to be sent to it"
        ),
        pytest.param("Chronopost, agence : 02 99 31 46 05", "phone_number", id="a carrier's line"),
        pytest.param(
            "Depot 020 7946 0317, reference GT-2281", "phone_number", id="an id of something else behind it"
        ),
        pytest.param("telefonear al 936 114 507 si desea", "phone_number", id="between two short words"),
        pytest.param("平日に052の7781の3306まで", "phone_number", id="groups joined by の"),
        pytest.param(
            "番号は、ゼロハチゼロ、ごーごーさんさん、いちななよんきゅう", "phone_number", id="kana words"
        ),
        pytest.param("ゼロキュウゼロの5550の0274", "phone_number", id="kana words and digits"),
        pytest.param("3-5-0 0-0-0-0 1-1-8, sono io", "phone_number", id="digits one by one in groups"),
        pytest.param("W h a t s A p p me", "messaging_app", id="letters set apart"),
        pytest.param("wh4tsapp me", "messaging_app", id="a digit for a letter"),
        pytest.param("Wh\u200bats\u200bApp us", "messaging_app", id="invisible characters"),
        pytest.param("Whаtsаpp us", "messaging_app", id="Cyrillic letters"),
        pytest.param("微 信 联系", "messaging_app", id="Chinese characters set apart"),
        pytest.param("Dear {first_name},", "placeholder_left", id="a placeholder"),
        pytest.param("order XXX-XXXXXXX-XXXXXXX", "placeholder_left", id="an order id that nobody filled in"),
        pytest.param("see <b>this</b>", "emoji_or_html", id="HTML"),
        pytest.param("IBAN DE89 3704 0044 0532 0130 00", "personal_data", id="an account number"),
        pytest.param("Date of birth: 12/03/1985", "personal_data", id="a birthday"),
    ],
)
def test_is_found(text, rule):
    assert rule in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.amazon.co.jp/dp/B0ABCDEFGH and https://sellercentral.amazon.de/x and amzn.to/3x",
        "Open 192.168.1.1 or http://router.local in your browser.",
        "It is fixed.No need to write. See manual.pdf, version 2.1.0, e.g. page 4.",
        "您的订单 249-8817350-4406129 周二已经出库，运单号 SF-0047-2298-6103，目前停在青岛分拨中心。",
        "Votre lot porte le numéro L24.118.FR.",
        "Order 302-1234567-7654321, tracking 1Z999AA10123456784, RR123456789DE, TBA123456789012.",
        "Tracking number 4155552671000 and case 17483920561, serial 5552671.",
        "On 12/11/2026 or 2026-11-12 at 10:30 we refund 1,299.00 USD or 23.90 € (10 %).",
        "BRT, spedizione 0871 2204 5591; Modellnummer 0800-5573; 製造番号は072-4490; RR 123456789 DE",
        "30 x 20 x 10 cm, 5000 mAh, 100-240 V, size 42-44, CR2032.",
        "TM: Lumo™ ©2026, I <3 this, 5 > 3, 20 °C → 25 °C",
        "Reply via Amazon's messaging centre, please; your product line is in stock online.",
    ],
)
def test_is_left_alone(text):
    assert rules(text) == set()


@pytest.mark.parametrize(
    "amount", ["1.299,00 EUR", "023.555.012 yen", "4155552671 円", "$1,299.00", "30 x 20 x 10"]
)
def test_an_amount_is_masked_whole(amount):
    assert masked(f"It is {amount} all in all.") == f"It is {BLANK * len(amount)} all in all."


def test_who_says_that_no_review_is_needed_asks_for_none():
    text = "Le agradecemos el ofrecimiento, pero no es necesario que nos deje ninguna valoración."
    assert rules(text) == set()
    assert "review_solicitation" in rules(f"{text} Please leave us a five-star review on Amazon.")


@pytest.mark.parametrize(
    "text",
    [
        "When we received your comment that the lamp no longer works, we checked the batch.",
        "Nachdem wir Ihre Zeilen gelesen haben, dass die Lampe nicht mehr leuchtet, senden wir Ersatz.",
        "Appena ricevuto il suo messaggio, abbiamo visto che la lampada non funziona più.",
        "コメント欄が表示されない場合は、アプリの更新後に再度お試しください。",
        "Per favore non ci mandi il suo IBAN, il rimborso arriva sul metodo di pagamento usato.",
        "增加微信 display 功能需要升级固件。",
    ],
)
def test_what_only_sounds_like_a_breach_is_not_blocked(text):
    assert verdict(check(text, BARE, phrases())) != "block"


@pytest.mark.parametrize("host", ["KIM.24.DE", "KIM.888.CN", "360.CN", "X.360.FR"])
def test_a_host_in_capitals_is_no_part_number(host):
    assert "external_link" in rules(f"Sehen Sie auf {host} nach.")


def test_a_finding_points_into_the_text_as_it_was_given():
    text = "Hallo! ｗ ｈ ａ ｔ ｓ ａ ｐ ｐ: +49 170 5550123"
    for finding in check(text, BARE, phrases()):
        assert text[finding.start : finding.end] == finding.excerpt
    assert "+49 170 5550123" in {finding.excerpt for finding in check(text, BARE, phrases())}


def test_undisguising_keeps_every_place():
    plain = undisguised("a\u200bｂ ﬁ 　c")
    assert plain.text == "ab fi  c"
    assert [plain.span(place, place + 1) for place in range(2)] == [(0, 1), (2, 3)]


@pytest.mark.parametrize(
    ("name", "content_type", "fine"),
    [
        ("invoice.pdf", "application/pdf", True),
        ("photo.JPG", "image/jpeg", True),
        ("notes.txt", "", True),
        ("setup.exe", "", False),
        ("invoice.pdf.zip", "application/zip", False),
        ("invoice.pdf", "application/x-msdownload", False),
        ("invoice\u202efdp.pdf", "", False),
        ("noending", "", False),
    ],
)
def test_attachments(name, content_type, fine):
    context = Context(parts_required=False, attachments=(Attachment(name, content_type),))
    assert ("attachment_bad" in rules("Attached.", context)) is not fine


def test_attachments_that_are_too_large_together():
    files = (Attachment("a.pdf", size_bytes=6 << 20), Attachment("b.pdf", size_bytes=6 << 20))
    assert rules("Attached.", Context(parts_required=False, attachments=files)) == {"attachment_bad"}


@pytest.mark.parametrize(
    ("lang", "detected", "text", "fits"),
    [
        ("ja", None, "ご連絡ありがとうございます。", True),
        ("ja", None, "感谢您的来信,我们会尽快处理。", False),
        ("zh", None, "感谢您的来信,请重启 Wi-Fi Router 设备。", True),
        ("de", None, "感谢您的来信,我们会尽快处理。", False),
        ("de", "en", "Thank you for your message, we will check.", False),
        ("de", "de", "Vielen Dank für Ihre Nachricht.", True),
        ("de-AT", "de", "Vielen Dank für Ihre Nachricht.", True),
        (None, "en", "Thank you for your message, we will check.", True),
    ],
)
def test_language(lang, detected, text, fits):
    context = Context(lang=lang, detected_lang=detected, parts_required=False)
    assert ("language_mismatch" in rules(text, context)) is not fits


@pytest.mark.parametrize(
    ("lang", "detected", "words"),
    [
        ("fr", "en", "in French, but it seems to be in English"),
        ("ja", None, "in Japanese, but it seems to be in Latin"),
    ],
)
def test_languages_have_names(lang, detected, words):
    context = Context(lang=lang, detected_lang=detected, parts_required=False)
    found = check("Thank you for your message, we will check.", context, phrases())
    assert words in found[0].why


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Your order 302-1234567-7654321 is on its way.", True),
        ("Your order 302-1111111-1111111 is on its way.", False),
        ("The replacement order is 302-1111111-1111111.", True),
        ("Order 302-1234567-7654321 was split, see 302-1111111-1111111.", True),
    ],
)
def test_order_id(text, fits):
    context = Context(order_id="302-1234567-7654321", parts_required=False)
    assert ("order_id_mismatch" in rules(text, context)) is not fits


def test_facts_of_the_buyer_are_found():
    context = Context(parts_required=False, buyer_facts=("Maple Court 48",))
    assert rules("We send it to maple court 48.", context) == {"personal_data"}


def test_missing_parts_are_named():
    (finding,) = check("Hello.", Context(), phrases())
    assert finding.rule == "missing_parts"
    assert "a word of thanks" in finding.why
    assert verdict((finding,)) == "warn"


@pytest.mark.parametrize("rule", [*RULES, "amount_mismatch"])
def test_only_a_manager_sends_over_a_warning_that_is_no_advice(rule):
    severity = RULES[rule].severity if rule in RULES else "warn"
    one = Finding(rule, severity, 0, 1, "x", "why", "do")
    expected = {
        "cancel_pressure",
        "personal_data",
        "order_id_mismatch",
        "language_mismatch",
        "emoji_or_html",
        "amount_mismatch",
    }
    assert for_manager((one, one)) == ((rule,) if rule in expected else ())


def test_for_managers_is_what_the_check_finds_without_its_advice():
    text = "It leaves tomorrow and comes on Friday 😊"
    found = check(text, Context(lang="de", detected_lang="en"), phrases())
    assert {one.rule for one in found} == {"emoji_or_html", "language_mismatch", *ADVICE}
    assert for_manager(found) == ("emoji_or_html", "language_mismatch")


def test_verdict_is_the_worst_severity():
    assert verdict(()) == "clean"
    assert verdict(check("Thanks 😊", BARE, phrases())) == "warn"
    assert verdict(check("Thanks 😊 www.lumo.example", BARE, phrases())) == "block"


def test_severities_are_those_of_the_reference():
    warnings = {rule for rule, law in RULES.items() if law.severity == "warn"}
    assert warnings == {
        "missing_parts",
        "personal_data",
        "cancel_pressure",
        "language_mismatch",
        "order_id_mismatch",
        "emoji_or_html",
    }


@pytest.mark.parametrize(
    "text", ["", " ", "\n" * 50, "9" * 4000, "a." * 2000, "w " * 2000, "{" * 4000, "评价" * 2000]
)
def test_odd_texts_end_soon_and_well(text):
    assert all(
        0 <= finding.start <= finding.end <= len(text) for finding in check(text, Context(), phrases())
    )
