"""Suggestions: what fits, in which order, and what the past does to it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ranking import Wanted, ranked
from bot.domain.templates import Template


def of(name, lang, *, topic="delivery", fulfilment="any", places=(), needs=()):
    return Template(
        name=name,
        lang=lang,
        title=name,
        title_en=name,
        title_zh=name,
        topic=topic,
        needs=needs,
        fulfilment=fulfilment,
        marketplaces=places,
    )


CHOICE = (
    of("a_en", "en"),
    of("a_de", "de"),
    of("a_fr", "fr"),
    of("b_de_merchant", "de", fulfilment="merchant"),
    of("c_de_amazon", "de", fulfilment="amazon"),
    of("d_de_only_at", "de", places=("DE",)),
    of("e_de_refund", "de", topic="refund"),
    of("f_en_merchant", "en", fulfilment="merchant"),
)


def names(templates, past=None, **wanted):
    found = ranked(templates, Wanted("delivery", **wanted), past or {})
    return [one.template.name for one in found]


@pytest.mark.parametrize(
    ("lang", "marketplace", "fulfilment", "expected"),
    [
        pytest.param(
            "de",
            "DE",
            "merchant",
            ["d_de_only_at", "b_de_merchant", "a_de", "f_en_merchant", "a_en"],
            id="this marketplace, this fulfilment, any, then English",
        ),
        pytest.param(
            "de", "UK", "amazon", ["c_de_amazon", "a_de", "a_en"], id="what does not fit is left out"
        ),
        pytest.param(
            "de",
            None,
            None,
            ["a_de", "b_de_merchant", "c_de_amazon", "a_en", "f_en_merchant"],
            id="nothing is known of the order",
        ),
        pytest.param("nl", None, "amazon", ["a_en"], id="English for a language that nobody wrote"),
        pytest.param(None, None, "amazon", ["a_en"], id="English for an unknown language"),
        pytest.param("fr", None, "amazon", ["a_fr", "a_en"], id="never a third language"),
    ],
)
def test_suggestions_come_best_first(lang, marketplace, fulfilment, expected):
    assert names(CHOICE, lang=lang, marketplace=marketplace, fulfilment=fulfilment) == expected


PAIR = (of("one", "de"), of("two", "de"))


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        pytest.param({}, ["one", "two"], id="without a past the name decides"),
        pytest.param({"one": (2, 10), "two": (9, 10)}, ["two", "one"], id="a bad past sinks"),
        pytest.param({"one": (9, 10), "two": (2, 10)}, ["one", "two"], id="a good one stays"),
        pytest.param({"one": (0, 1)}, ["two", "one"], id="one failure counts a little"),
        pytest.param(
            {"one": (45, 50), "two": (1, 1)}, ["one", "two"], id="one success does not make it jump"
        ),
    ],
)
def test_of_two_equal_templates_the_one_that_settles_more_comes_first(past, expected):
    assert names(PAIR, past, lang="de") == expected


def test_what_must_be_looked_up_costs_a_little_but_a_good_past_outweighs_it():
    easy, hard = of("z_easy", "de", needs=("order_id",)), of("a_hard", "de", needs=("carrier", "tracking"))
    wanted = {"lang": "de", "known": frozenset({"order_id"})}
    assert names((hard, easy), **wanted) == ["z_easy", "a_hard"]
    assert names((hard, easy), {"a_hard": (40, 40)}, **wanted) == ["a_hard", "z_easy"]


def test_the_past_never_outweighs_the_language_of_the_buyer():
    past = {"a_de": (0, 50), "a_en": (50, 50)}
    assert names(CHOICE[:2], past, lang="de") == ["a_de", "a_en"]


def test_the_reason_is_told():
    (one, _two) = ranked(
        (of("one", "de", needs=("carrier", "order_id")), of("one", "en")),
        Wanted("delivery", "de", known=frozenset({"order_id"})),
        {"one": (9, 11)},
    )
    assert (one.resolved, one.decided, one.to_fill, one.in_language) == (9, 11, ("carrier",), True)
    assert (one.rate, one.score) == (Fraction(12, 15), Fraction(12, 15) - Fraction(1, 20))


outcomes = st.dictionaries(
    st.sampled_from([one.name for one in CHOICE]),
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair))),
)


@given(st.permutations(CHOICE), outcomes)
def test_the_order_does_not_depend_on_the_order_of_the_templates(shuffled, past):
    assert names(shuffled, past, lang="de") == names(CHOICE, past, lang="de")


@given(outcomes, st.integers(1, 20))
def test_more_success_never_lowers_a_template(past, more):
    before = names(CHOICE, past, lang="de")
    good, all_ = past.get("a_de", (0, 0))
    after = names(CHOICE, past | {"a_de": (good + more, all_ + more)}, lang="de")
    assert after.index("a_de") <= before.index("a_de")
