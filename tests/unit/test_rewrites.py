"""Rewrites: what one click takes away or puts in, and that nothing else of the text changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import letter
from bot.domain.policy import RULES, Context, check
from bot.domain.policy.rewrites import Rewrite, applied, rewrites
from tests.unit.policy_figures import phrases, rows

PARTLESS = {"parts_required": False}


def suggested(text: str, lang: str = "en", topic: str | None = None, **known: bool) -> dict[str, Rewrite]:
    context = Context(lang=lang, detected_lang=lang, **known)
    return {
        one.key: one for one in rewrites(text, check(text, context, phrases()), context, phrases(), topic)
    }


def mended(text: str, lang: str = "en") -> str:
    """Every rewrite accepted, one after the other."""
    for _click in range(20):
        found = suggested(text, lang, **PARTLESS)
        if not found:
            break
        text = applied(text, next(iter(found.values())))
    return text


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        pytest.param(
            "en",
            "Hello,\n\nIt arrives Friday. Call us at +1 415 555 0132. We are sorry.\n\nAnna",
            "Hello,\n\nIt arrives Friday. You can simply reply to this message. We are sorry.\n\nAnna",
            id="what leads away becomes an invitation to answer here",
        ),
        pytest.param(
            "en",
            "It arrives Friday. Write to help@shop.example. Please reply to this message if not.",
            "It arrives Friday. Please reply to this message if not.",
            id="or goes, where the reply invites already",
        ),
        pytest.param(
            "en",
            "It arrives Friday. Please leave us a 5-star review! We are sorry.",
            "It arrives Friday. We are sorry.",
            id="a forbidden sentence goes whole",
        ),
        pytest.param(
            "en",
            "It arrives Friday.\n\nPlease leave us a 5-star review!\n\nKind regards,\nAnna",
            "It arrives Friday.\n\nKind regards,\nAnna",
            id="a paragraph goes with its empty line",
        ),
        pytest.param(
            "en",
            "It arrives Friday.\nPlease leave us a 5-star review!\nKind regards,\nAnna",
            "It arrives Friday.\nKind regards,\nAnna",
            id="a line goes with its end",
        ),
        pytest.param(
            "en",
            "It arrives Friday.\n\nKind regards,\nAnna, Tel. +1 415 555 0132",
            "It arrives Friday.\n\nKind regards,\nAnna",
            id="of a sign-off only the number goes",
        ),
        pytest.param("en", "It arrives Friday 😀. Sorry ❤\nAnna", "It arrives Friday. Sorry\nAnna", id="emojis"),
        pytest.param(
            "de",
            "Das Paket kommt am 3. Dezember z. B. vormittags. Rufen Sie uns an: 030 5550132. Danke.",
            "Das Paket kommt am 3. Dezember z. B. vormittags. Sie können einfach auf diese Nachricht antworten. Danke.",
            id="a day and an abbreviation end no sentence",
        ),
        pytest.param(
            "zh",
            "包裹周五到。请加我微信 wx_lamp99。谢谢。",
            "包裹周五到。您直接回复这条消息即可。谢谢。",
            id="no blanks",
        ),
        pytest.param(
            "ja",
            "金曜日に届きます。LINEで友だち追加してください。よろしくお願いいたします。",
            "金曜日に届きます。このメッセージにそのままご返信ください。よろしくお願いいたします。",
            id="Japanese",
        ),
    ],
)  # fmt: skip
def test_what_a_click_changes(lang, before, after):
    assert mended(before, lang) == after


def test_rules_that_one_sentence_breaks_are_mended_by_one_click():
    made = suggested("It is here. Call us at +1 415 555 0132 or see www.sunrise.example.", **PARTLESS)
    assert [set(one.rules) for one in made.values()] == [
        {"contact_off_amazon", "phone_number", "external_link"}
    ]


@pytest.mark.parametrize(
    "text", ["Please leave us a 5-star review!", "Hello {buyer_name}, it arrives Friday."]
)
def test_nothing_is_suggested_where_nothing_would_be_left_or_only_the_agent_knows(text):
    assert suggested(text, **PARTLESS) == {}


@pytest.mark.parametrize(
    ("lang", "text", "part", "after"),
    [
        ("en", "Hello Nora, your parcel is late.", "part_thanks",
         "Hello Nora, thank you for your message. Your parcel is late."),
        ("en", "Dear Mr. Smith,\n\nWe are sorry.", "part_thanks",
         "Dear Mr. Smith,\n\nThank you for your message. We are sorry."),
        ("de", "Guten Tag Frau Brandt,\n\nes tut uns leid.", "part_thanks",
         "Guten Tag Frau Brandt,\n\nvielen Dank für Ihre Nachricht. Es tut uns leid."),
        ("fr", "Bonjour Mme Petit,\n\nNous sommes désolés.", "part_thanks",
         "Bonjour Mme Petit,\n\nMerci pour votre message. Nous sommes désolés."),
        ("es", "Hola, Carmen:\n\nLo lamentamos.", "part_thanks",
         "Hola, Carmen:\n\nGracias por su mensaje. Lo lamentamos."),
        ("it", "Gentile Anna,\n\nci dispiace.", "part_thanks",
         "Gentile Anna,\n\ngrazie per il Suo messaggio. Ci dispiace."),
        ("ja", "山田 様\n\n申し訳ございません。", "part_thanks",
         "山田 様\n\nこのたびはご連絡をいただき、誠にありがとうございます。申し訳ございません。"),
        ("zh", "您好！非常抱歉。", "part_thanks", "您好！感谢您的来信。非常抱歉。"),
        ("en", "Thank you for writing.", "part_problem", "Thank you for writing. We understand your concern."),
        ("de", "Hallo,\n\ndanke für die Fotos.\n\nViele Grüße\nAnna", "part_solution",
         "Hallo,\n\ndanke für die Fotos.\n\nWir prüfen das und melden uns hier, sobald wir mehr wissen.\n\n"
         "Viele Grüße\nAnna"),
        ("zh", "您好，谢谢您的照片。\n\n顺祝安好！\nSunrise", "part_solution",
         "您好，谢谢您的照片。\n\n我们会核实情况，有消息会立即在这里告知您。\n\n顺祝安好！\nSunrise"),
    ],
)  # fmt: skip
def test_a_missing_part_stands_where_people_expect_it(lang, text, part, after):
    assert applied(text, suggested(text, lang)[part]) == after


FORBIDDEN = [
    row
    for name in ("dev", "second-a")
    for row in rows("policy", name)
    if any(RULES[rule].severity == "block" for rule in row["rules"])
]


def test_forbidden_replies_can_be_mended_by_clicks_alone():
    """Only what belongs into a placeholder nobody but the agent knows."""
    lead = {
        "en": "We are sorry. ",
        "de": "Es tut uns leid. ",
        "fr": "Nous sommes désolés. ",
        "es": "Lo sentimos. ",
    }
    lead |= {"it": "Ci dispiace. ", "ja": "申し訳ございません。", "zh": "非常抱歉。"}
    left = []
    for row in FORBIDDEN:
        text = mended(lead[row["lang"]] + row["text"], row["lang"])
        found = check(text, Context(parts_required=False), phrases())
        left += [
            (row["id"], one.rule)
            for one in found
            if one.severity == "block" and one.rule != "placeholder_left"
        ]
    assert left == []


words = st.sampled_from(
    ("We ship. ", "see www.shop.example ", "😀", "\n\n", "Hello,\n", "call +1 415 555 0132. ", "。", "谢谢")
)


@given(st.lists(words, max_size=12).map("".join))
def test_what_no_edit_covers_stays_as_it_is(text):
    for made in suggested(text).values():
        kept, last = [], 0
        for edit in sorted(made.edits, key=lambda edit: edit.start):
            assert last <= edit.start <= edit.end <= len(text)
            kept.append(text[last : edit.start] + edit.text)
            last = edit.end
        assert applied(text, made) == "".join(kept) + text[last:]


@given(st.text(alphabet="Ab .!?。\n，,1:", max_size=60))
def test_sentences_cover_all_words_in_order(text):
    spans = letter.sentences(text)
    assert spans == sorted(spans)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert 0 <= letter.greeting_end(text) <= len(text)
    assert 0 <= letter.sign_off_start(text) <= len(text)
