"""Templates: what a body may contain, and that values are put in and never evaluated."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.templates import (
    OPTIONAL,
    PARTS,
    VARIABLES,
    Template,
    TemplateSet,
    compile_template,
    fill,
    flaws_of,
    render,
    variables_of,
    written_date,
)
from bot.errors import ConfigError, NotFound, WrongInput

BODY = """Hello{% if buyer_name %} {{ buyer_name }}{% endif %},

{% block thanks %}
Thank you for your message about {{ order_id }}.
{% endblock %}

{% block problem %}
Your package is late.
{% endblock %}

{% block solution %}
It is with {{ carrier }}.
{% endblock %}

{{ store_name }}
"""
REQUIRED = tuple(name for name in VARIABLES if name not in OPTIONAL)
VALUES = {"order_id": "111-2222222-3333333", "carrier": "DHL", "store_name": "Norvik Home"}


def template(source: str = BODY, needs: tuple[str, ...] = ("order_id", "carrier", "store_name")) -> Template:
    return Template(
        name="late",
        lang="en",
        title="Late",
        title_en="Late",
        title_zh="延误",
        topic="delivery",
        needs=needs,
        source=source,
        file="templates/late/en.txt",
        first_line=9,
    )


def with_solution(text: str) -> Template:
    return template(BODY.replace("It is with {{ carrier }}.", text), needs=REQUIRED)


def test_a_filled_template_reads_like_a_letter():
    assert render(template(), VALUES | {"buyer_name": "Anna"}) == (
        "Hello Anna,\n\nThank you for your message about 111-2222222-3333333.\n\n"
        "Your package is late.\n\nIt is with DHL.\n\nNorvik Home"
    )


def test_the_name_of_the_buyer_may_be_absent():
    assert render(template(), VALUES).startswith("Hello,\n")


def test_the_parts_are_told_apart():
    assert fill(template(), VALUES).parts == {
        "thanks": "Thank you for your message about 111-2222222-3333333.",
        "problem": "Your package is late.",
        "solution": "It is with DHL.",
    }


def test_what_is_missing_shows_in_the_text_and_is_named():
    filled = fill(template(), {"order_id": "  ", "store_name": "Norvik Home"})
    assert filled.missing == ("order_id", "carrier")
    assert "It is with {carrier}." in filled.text
    assert filled.parts["solution"] == "It is with {carrier}."


def test_an_optional_variable_that_is_listed_in_needs_must_be_there():
    wanting = template(needs=("order_id", "carrier", "store_name", "buyer_name"))
    assert fill(wanting, VALUES).missing == ("buyer_name",)


def test_rendering_an_incomplete_template_is_refused_with_names():
    with pytest.raises(
        WrongInput, match=r'"late" \(en\) is not complete: order_id, carrier must be filled in'
    ):
        render(template(), {"store_name": "Norvik Home"})


def test_values_that_no_variable_asks_for_do_not_matter():
    assert render(template(), VALUES | {"coupon": "x", "rma": "y"}) == render(template(), VALUES)


def test_text_that_is_long_is_told_by_its_lines():
    text = render(with_solution("{{ answer }}"), VALUES | {"answer": "\r\n  One.  \n\n\n\nTwo.\r\n"})
    assert "\n\nOne.\n\nTwo.\n\n" in text


def test_a_line_break_in_any_other_value_becomes_a_space():
    assert "It is with D H L.\n" in render(template(), VALUES | {"carrier": "D\nH\r\n L"})


def test_ampersands_and_quotes_reach_the_buyer_as_they_are():
    assert "It is with A&B <\"'>." in render(template(), VALUES | {"carrier": "A&B <\"'>"})


def test_allowed_filters_and_comparisons_work():
    text = '{% if carrier == "DHL" and not agent_name %}{{ carrier | lower }}{% else %}no{% endif %}'
    assert "\n\ndhl\n\n" in render(with_solution(text), VALUES)
    assert "\n\nno\n\n" in render(with_solution(text), VALUES | {"agent_name": "Kim"})


def test_variables_of_a_source_are_sorted_and_told_once():
    assert variables_of("{{ rma }} {% if carrier %}{{ rma }}{% endif %}") == ("carrier", "rma")


# What a value may contain

ANY_TEXT = st.text(max_size=60) | st.sampled_from(
    [
        "{{ 7 * 7 }}",
        "{% raw %}",
        "{carrier}",
        "{{ carrier }}",
        "{# #}",
        "%}",
        "}}",
        "{",
        "李 Ünï",
        "${x}",
        "%s",
    ]
)


def plain(text: str) -> str:
    return " ".join(text.split())


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_value_shows_as_it_is_and_is_never_evaluated(order_id, carrier, buyer_name):
    values = VALUES | {"order_id": order_id, "carrier": carrier, "buyer_name": buyer_name}
    filled = fill(template(), values)
    assert filled.parts["solution"] == f"It is with {plain(carrier) or '{carrier}'}."
    assert filled.parts["thanks"] == f"Thank you for your message about {plain(order_id) or '{order_id}'}."
    assert filled.text.startswith(f"Hello {plain(buyer_name)},\n" if plain(buyer_name) else "Hello,\n")
    assert filled.missing == tuple(
        name for name, value in (("order_id", order_id), ("carrier", carrier)) if not value.strip()
    )


@given(st.text())
def test_the_white_space_of_a_reply_is_tidy_whatever_the_answer(answer):
    text = fill(with_solution("{{ answer }}"), VALUES | {"answer": answer}).text
    assert "\n\n\n" not in text
    assert "\r" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert text == text.strip()
    assert plain(answer) in plain(text)


@given(st.text(alphabet="{}%# \nabcdefghijklmnopqrstuvwxyz_|=*().[]'\"0123456789"))
def test_any_body_is_either_told_to_be_wrong_or_can_be_filled(source):
    either = template(
        "{% block thanks %}a{% endblock %}{% block problem %}b{% endblock %}{% block solution %}"
        + source
        + "{% endblock %}",
        needs=VARIABLES,
    )
    if not flaws_of(either):
        assert set(fill(either, {}).parts) == set(PARTS)


# What a body may not contain

ESCAPES = {
    "a class": ("{{ carrier.__class__.__mro__[1].__subclasses__() }}", "calling something"),
    "an attribute": ("{{ carrier.__class__ }}", "reaching into a value (a.b)"),
    "an item": ("{{ carrier['__class__'] }}", "reaching into a value (a[b])"),
    "a slice": ("{{ carrier[0:1] }}", "reaching into a value (a[b])"),
    "attr": ("{{ carrier | attr('__class__') }}", 'the filter "attr"'),
    "map": ("{{ carrier | map('upper') }}", 'the filter "map"'),
    "format": ("{{ '%0999999999d' | format(1) }}", 'the filter "format"'),
    "a filter that grows text": ("{{ carrier | center(999999999) }}", 'the filter "center"'),
    "a filter with an argument": ("{{ carrier | trim('x') }}", 'the filter "trim"'),
    "a filter block": ("{% filter upper %}x{% endfilter %}", "FilterBlock"),
    "a product": ("{{ 'a' * 10 ** 9 }}", 'the operator "*"'),
    "a power": ("{{ 10 ** 10 ** 10 }}", 'the operator "**"'),
    "a huge range": ("{% for i in range(10 ** 9) %}x{% endfor %}", "a loop"),
    "lipsum": ("{{ lipsum.__globals__ }}", "reaching into a value"),
    "cycler": ("{{ cycler('a') }}", "calling something"),
    "namespace": ("{% set x = namespace() %}", "set"),
    "set block": ("{% set x %}y{% endset %}", "set"),
    "a macro": ("{% macro m() %}x{% endmacro %}", "a macro"),
    "a call block": ("{% call carrier() %}x{% endcall %}", "a call block"),
    "include": ("{% include 'x' %}", "include"),
    "import": ("{% import 'x' as y %}", "import"),
    "from import": ("{% from 'x' import y %}", "import"),
    "with": ("{% with x = 1 %}{% endwith %}", "With"),
    "a test": ("{% if carrier is defined %}x{% endif %}", 'a test ("is ...")'),
    "an if inside": ("{{ 'a' if carrier }}", 'an "if" inside {{ }}'),
    "in": ("{% if 1 in carrier %}x{% endif %}", "a comparison other than"),
    "less than": ("{% if carrier < 1 %}x{% endif %}", "a comparison other than"),
    "a list": ("{{ [carrier] }}", "List"),
    "joining": ("{{ carrier ~ carrier }}", "Concat"),
    "super": ("{{ super() }}", "calling something"),
    "self": ("{{ self.thanks() }}", "calling something"),
}


@pytest.mark.parametrize(("body", "named"), ESCAPES.values(), ids=ESCAPES)
def test_whatever_is_not_allowed_is_named_with_its_line(body, named):
    found = [str(flaw) for flaw in flaws_of(with_solution(body))]
    assert found[0].startswith("templates/late/en.txt:20:")
    assert f" body: {named}" in found[0]
    assert "not allowed" in found[0]


def test_extends_is_refused():
    assert "extends is not allowed" in str(flaws_of(template("{% extends 'x' %}\n" + BODY))[0])


@pytest.mark.parametrize("name", ["loop", "self", "config", "request", "range", "dict", "cycler", "_"])
def test_names_that_jinja_knows_by_itself_are_unknown_variables(name):
    assert f'unknown variable "{name}"' in str(flaws_of(with_solution(f"{{{{ {name} }}}}"))[0])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{{ " + "9" * 5000 + " }}", id="a number of 5,000 digits"),
        pytest.param("{% if carrier %}" * 300 + "x" + "{% endif %}" * 300, id="ifs in ifs"),
        pytest.param("{{ " + "(" * 5000 + "carrier" + ")" * 5000 + " }}", id="brackets in brackets"),
        pytest.param("{% if " + "not " * 5000 + "carrier %}x{% endif %}", id="a pile of nots"),
    ],
)
def test_a_body_that_would_break_the_compiler_is_a_flaw_and_no_crash(body):
    assert "too big or too deeply nested" in str(flaws_of(with_solution(body))[0])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "{{ carrier }}",
            "{{ carier }}",
            '20:15: body: unknown variable "carier". Did you mean "carrier"?',
            id="a typo in a variable",
        ),
        pytest.param(
            "{{ carrier }}",
            "{{ tracking }}",
            '20:15: body: "tracking" is used here but is not listed in needs. Add it.',
            id="a variable that needs does not have",
        ),
        pytest.param(
            "block solution",
            "block sollution",
            '19:10: body: unknown part "sollution". Did you mean "solution"?',
            id="a typo in a part",
        ),
        pytest.param("{{ carrier }}", "{{ carrier }", "20:12: body: unexpected '}'.", id="a brace too few"),
        pytest.param(
            "{{ carrier }}",
            "{{ carrier | uper }}",
            '20:25: body: the filter "uper" is not allowed. Did you mean "upper"?',
            id="a typo in a filter",
        ),
        pytest.param(
            "Your package is late.\n", "  \n", '15:10: body: the part "problem" is empty.', id="an empty part"
        ),
        pytest.param(
            "{% if buyer_name %}",
            "{% iff buyer_name %}",
            "9:6: body: Encountered unknown tag 'iff'.",
            id="an unknown tag",
        ),
        pytest.param(
            "{{ store_name }}\n",
            "{% block thanks %}x{% endblock %}",
            "23:1: body: block 'thanks' defined twice.",
            id="a part twice",
        ),
    ],
)
def test_a_typo_in_the_body_is_told_with_line_and_column(old, new, expected):
    found = [str(flaw) for flaw in flaws_of(template(BODY.replace(old, new, 1)))]
    assert any(line.startswith(f"templates/late/en.txt:{expected}") for line in found), found


def test_parts_that_are_missing_or_in_the_wrong_order_are_flaws():
    gone = BODY.replace("{% block problem %}\nYour package is late.\n{% endblock %}\n", "")
    assert [flaw.text for flaw in flaws_of(template(gone))] == [
        'the part "problem" is missing; write {% block problem %} ... {% endblock %}.'
    ]
    swapped = BODY.replace("block thanks", "block X").replace("block problem", "block thanks")
    swapped = swapped.replace("block X", "block problem")
    assert "must come as thanks, problem, solution" in flaws_of(template(swapped))[0].text


def test_a_part_must_not_stand_inside_something_else():
    inside = BODY.replace("{% block problem %}", "{% if carrier %}{% block problem %}").replace(
        "late.\n{% endblock %}", "late.\n{% endblock %}{% endif %}"
    )
    assert 'the part "problem" stands inside something else.' in [f.text for f in flaws_of(template(inside))]


def test_compiling_gives_the_template_back_or_raises_with_every_flaw():
    assert compile_template(template()) == template()
    broken = template(BODY.replace("carrier", "carier").replace("order_id", "orderid"))
    with pytest.raises(ConfigError) as caught:
        compile_template(broken)
    assert len(caught.value.faults) == 2
    with pytest.raises(ConfigError):
        fill(broken, VALUES)


# Choosing


def test_a_template_is_found_by_name_and_language():
    both = TemplateSet((template(), replace(template(), lang="de")))
    assert both.get("late", "de").lang == "de"
    assert both.names == ("late",)
    assert len(both) == 2
    with pytest.raises(NotFound, match='no language "fr"; it has en, de'):
        both.get("late", "fr")
    with pytest.raises(NotFound, match=r'no template "lte"\. Did you mean "late"\?'):
        both.get("lte", "de")


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "March 1, 2026"),
        ("de", "1. März 2026"),
        ("fr", "1er mars 2026"),
        ("es", "1 de marzo de 2026"),
        ("it", "1 marzo 2026"),
        ("ja", "2026年3月1日"),
        ("zh", "2026年3月1日"),
        ("nl", "2026-03-01"),
    ],
)
def test_a_date_is_written_as_people_write_it(lang, expected):
    assert written_date(date(2026, 3, 1), lang) == expected


def test_no_placeholder_looks_like_jinja():
    assert not re.search(r"\{\{|\{%", fill(template(), {}).text)
