"""Texts of templates as they are written, compared and checked one by one."""

from pathlib import Path

import pytest

from bot.domain.template_check import differing, missing_languages, policy_flaws
from bot.domain.template_versions import SKELETON, changed_lines
from bot.domain.templates import Template, TemplateSet, flaws_of
from bot.settings.templates import is_name, load_templates, read_template, written
from tests import world

FOLDER = world.ROOT / "templates"
SHIPPED = load_templates(FOLDER)[0]


def file_of(template: Template) -> Path:
    return FOLDER / template.name / f"{template.lang}.txt"


def test_what_we_write_is_what_the_shipped_files_are_byte_for_byte():
    differ = [one.file for one in SHIPPED if written(one).encode() != file_of(one).read_bytes()]
    assert differ == []


@pytest.mark.parametrize(
    "title",
    [
        "12",
        "no",
        "null",
        "a: b",
        "a #b",
        "- a",
        "'a'",
        '"a"',
        "[a]",
        "{a}",
        "Wo ist es?",
        "包裹：晚到",
        "*a",
        "2026-01-01",
    ],
)
def test_any_title_reads_back_as_it_was_typed(title):
    model = SHIPPED.get("damaged", "de")
    made = Template(
        name="damaged",
        lang="de",
        title=title,
        title_en=title,
        title_zh=title,
        topic=model.topic,
        needs=model.needs,
        marketplaces=("DE",),
        source=model.source,
    )
    found, faults = read_template("damaged", "de", written(made), "x")
    assert faults == []
    assert found is not None
    assert (found.title, found.marketplaces, found.needs) == (title, ("DE",), model.needs)
    assert written(found) == written(made)


def test_a_finding_in_the_words_of_a_template_has_their_line():
    known = world.knowledge()
    model = SHIPPED.get("thanks", "en")
    text = written(model).replace("{% endblock %}", "Call us: +49 30 901820.\n{% endblock %}", 1)
    found, faults = read_template("thanks", "en", text, "thanks/en")
    assert faults == []
    assert found is not None
    flaws = policy_flaws(found, known.phrases, known.language_of)
    line = text.split("\n").index("Call us: +49 30 901820.") + 1
    assert {(flaw.rule, flaw.line) for flaw in flaws} >= {("phone_number", line)}
    assert len([flaw for flaw in flaws if flaw.rule == "phone_number"]) == 1
    assert policy_flaws(model, known.phrases, known.language_of) == []


def test_what_languages_lack_or_have_differently():
    german, english = SHIPPED.get("damaged", "de"), SHIPPED.get("damaged", "en")
    few = TemplateSet((german, english))
    assert missing_languages("damaged", few) == ("fr", "es", "it", "ja", "zh")
    assert differing(german, few) == ()
    other = TemplateSet((english, SHIPPED.get("thanks", "de")))
    assert differing(other.get("thanks", "de"), other) == ()


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        pytest.param("a\nb\nc", "a\nB\nc", ("b",), ("B",), id="a line is another"),
        pytest.param("a\nb", "a\n\nb", (), (), id="a blank line is nothing to tell"),
        pytest.param("", "a\nb", (), ("a", "b"), id="all is new"),
        pytest.param("a\nb", "a", ("b",), (), id="a line went"),
    ],
)
def test_changed_lines(before, after, gone, new):
    assert changed_lines(before, after) == (gone, new)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("late_parcel", True),
        ("a" * 60, True),
        ("a" * 61, False),
        ("Late", False),
        ("_a", False),
        ("a-b", False),
        ("../a", False),
        ("", False),
    ],
)
def test_names(name, may):
    assert is_name(name) is may


def test_the_skeleton_lacks_nothing_but_words():
    flaws = flaws_of(Template("a", "en", "", "", "", "other", ("store_name",), source=SKELETON))
    assert [flaw.text for flaw in flaws] == [
        f'the part "{part}" is empty.' for part in ("thanks", "problem", "solution")
    ]
