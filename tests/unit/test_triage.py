"""Triage: topics, risks and whether a reply is needed."""

import pytest

from bot.domain.triage import RISKS, TOPICS, triage
from tests.unit.policy_figures import HALVES, rows, topic_figures, topics

FLOORS = {"dev": (0.9, 0.95, 0.9), "held-out": (0.8, 0.85, 0.8)}


@pytest.mark.parametrize("half", HALVES)
def test_floors(half):
    macro_f1, risk_recall, risk_precision = FLOORS[half]
    figures = topic_figures(half)
    assert figures.macro_f1 >= macro_f1
    assert figures.risk_recall >= risk_recall
    assert figures.risk_precision >= risk_precision


def test_the_corpus_has_every_topic_and_risk():
    corpus = rows("topics", "dev") + rows("topics", "held-out")
    assert len(corpus) >= 420
    assert {row["topic"] for row in corpus} == set(TOPICS)
    assert {risk for row in corpus for risk in row["risk"]} == set(RISKS)


@pytest.mark.parametrize(
    ("text", "lang", "topic"),
    [
        pytest.param("I don't want a refund, where is it?", "en", "delivery", id="a negated wish is no wish"),
        pytest.param(
            "Where is it? I have not received my refund", "en", "refund", id="what did not arrive is money"
        ),
        pytest.param("Thanks, all good now", "en", "thanks", id="thanks alone"),
        pytest.param("Thanks! But the lid is broken.", "en", "damaged_defective", id="thanks and a problem"),
        pytest.param("Wo ist mein Paket?", None, "delivery", id="the language need not be known"),
    ],
)
def test_topic(text, lang, topic):
    assert triage(text, lang, topics()).topic == topic


def test_a_risk_always_needs_a_reply():
    got = triage("Thanks for nothing, my lawyer will write to you", "en", topics())
    assert got.risk == ("legal",)
    assert got.needs_reply


def test_shouting_is_anger_and_a_word_in_capitals_is_not():
    assert "anger" in triage("WHERE IS MY PARCEL I HAVE BEEN WAITING FOR WEEKS!!", "en", topics()).risk
    assert triage("Where is my PARCEL?", "en", topics()).risk == ()


def test_every_decision_has_a_reason():
    got = triage("The adapter is smoking, my lawyer will write", "en", topics())
    assert len(got.why) == 1 + len(got.risk)
