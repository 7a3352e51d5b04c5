"""What views of templates say: faults at their fields, history, report, reasons."""

import pytest

from bot.domain.policy import RULES
from bot.domain.template_versions import TemplateFault
from bot.errors import WrongInput
from bot.slack.texts import error_text
from bot.slack.texts_templates import TEMPLATES
from bot.slack.views import template_modals, template_report
from bot.slack.views.lines import why_suggested
from tests.unit.view_samples import ANNA, NOW
from tests.unit.view_samples_templates import figures, forms, ranked, versions
from tests.unit.viewing import EN, ZH, cells


@pytest.mark.parametrize("key", [key for key in TEMPLATES if key.startswith("error.")])
def test_every_error_of_templates_speaks_both_languages(key):
    facts = {"faults": ("body, line 3: no",), "name": "late", "langs": "de", "who": ANNA, "version": 3}
    error = WrongInput("English of the desk.", key=key.removeprefix("error."), **facts)
    assert len({error_text(error, EN), error_text(error, ZH), "English of the desk."}) == 3


@pytest.mark.parametrize(
    ("part", "block"),
    [
        ("body", "template.body.de.3"),
        ("title", "template.title.de.3"),
        ("title_zh", "template.title_zh.de.3"),
        ("topic", "template.topic.de.3"),
        ("fulfilment", "template.ships.de.3"),
        ("marketplaces", "template.places.de.3"),
        ("lang", "template.lang"),
        ("needs", "template.body.de.3"),
        ("unheard_of", "template.body.de.3"),
        ("name", "template.body.de.3"),
    ],
)
def test_each_fault_is_said_at_the_field_that_it_is_about(part, block):
    form = template_modals.template_form(forms()["there"], EN)
    assert template_modals.field_block(form, part) == block


def test_a_new_template_has_its_name_as_a_field():
    form = template_modals.template_form(forms()["new"], EN)
    assert template_modals.field_block(form, "name") == "template.name"


def test_a_field_shows_the_first_faults_with_their_lines_and_how_many_more_there_are():
    form = template_modals.template_form(forms()["there"], EN)
    faults = [TemplateFault("body", line, f"wrong {line}.") for line in (2, 3, 5, 8, 9)]
    title = TemplateFault("title", 0, "this key is needed and is missing")
    found = template_modals.field_errors(form, [*faults, title], EN)
    assert found == {
        "template.body.de.3": "Line 2: wrong 2. | Line 3: wrong 3. | Line 5: wrong 5. | and 2 more",
        "template.title.de.3": "this key is needed and is missing",
    }


@pytest.mark.parametrize("rule", RULES)
def test_what_the_policy_minds_is_said_in_the_language_of_the_reader(rule):
    form = template_modals.template_form(forms()["there"], ZH)
    fault = TemplateFault("body", 4, "English words", rule)
    (said,) = template_modals.field_errors(form, [fault], ZH).values()
    assert said.startswith("第 4 行：")
    assert "English" not in said


def test_the_version_in_use_and_the_retired_one_have_no_way_back():
    view = template_modals.history("late_parcel", "de", versions(), NOW, EN)
    values = [
        block["accessory"]["value"] for block in view["blocks"] if "value" in block.get("accessory", {})
    ]
    assert values == [f"late_parcel:de:4:{version}" for version in (3, 2, 1, 0)]
    assert "in use" in view["blocks"][1]["text"]["text"]


def test_the_report_says_rates_with_their_numbers():
    post = template_report.report(figures(count=0), {"never": "Never", "Lieferung": "Parcel"}, 90, NOW, EN)
    rows = cells(post)
    assert rows[1] == ["Parcel", "12", "7", "5, 8.3 % of the text", "80 % (8 of 10)", "2 h 30 min"]
    assert rows[2] == ["fresh", "1", "0", "0", "open: 1", "–"]
    assert "Never used: Never." in str(post.blocks)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (ranked(), "fits: Where is my order? · settled 9 of 11 · 1 to fill in"),
        (ranked(in_language=False, decided=0), "fits: Where is my order? · in English"),
    ],
)
def test_why_a_template_is_suggested(one, said):
    assert why_suggested(one, EN) == said
    assert len(why_suggested(one, ZH)) <= 75
