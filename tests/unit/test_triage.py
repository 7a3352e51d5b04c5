"""Triage: topics, risks and whether a reply is needed."""

import numpy as np
import pytest

from bot.domain.phrase_search import Book
from bot.domain.phrases import compile_phrase
from bot.domain.pieces import BITS
from bot.domain.triage import RISKS, TOPICS, TopicRules, decisions, triage
from bot.sandbox.relay_texts import SAMPLES
from bot.settings.notions import load_notions
from bot.settings.topic_model import WEIGHTS, load_topic_model
from tests.unit.topic_figures import LABELS, fingerprint, rows, topic_figures, topics

# (macro-F1, risk recall, false alarms, needs_reply)
FLOORS = {
    "dev": (0.97, 0.97, 3, 0.98),
    "held-out": (0.88, 0.95, 11, 0.96),
    "second-a": (0.88, 0.95, 9, 0.96),
    # Nobody who writes rules has read these; `third` is by an author of whom the model has learnt other texts. Of the
    # last three, a sixth or more of the messages is meant to tempt: a risk too many costs less than one overlooked.
    "second-b": (0.93, 0.97, 3, 0.98),
    "third": (0.87, 0.96, 18, 0.96),
    "fourth": (0.85, 0.96, 41, 0.94),
    "sixth": (0.90, 0.95, 43, 0.97),
    "seventh": (0.90, 0.96, 51, 0.96),
    "eighth": (0.91, 0.96, 62, 0.95),
}


@pytest.mark.parametrize("part", FLOORS)
def test_floors(part):
    macro_f1, risk_recall, false_alarms, needs_reply = FLOORS[part]
    figures = topic_figures(part)
    assert figures.macro_f1 >= macro_f1
    assert figures.risk_recall >= risk_recall
    assert figures.false_alarms <= false_alarms
    assert figures.needs_reply >= needs_reply


def test_the_corpus_has_every_topic_and_risk():
    corpus = rows("dev") + rows("held-out")
    assert len(corpus) >= 420
    assert {row["topic"] for row in corpus} == set(TOPICS)
    assert {risk for row in corpus for risk in row["risk"]} == set(RISKS)


def test_no_text_is_learnt_and_measured():
    learnt = {row["text"] for row in rows("train")}
    assert [row["id"] for row in rows("held-out") + rows("second-a") if row["text"] in learnt] == []


def test_the_weights_belong_to_the_texts():
    with np.load(WEIGHTS) as stored:
        trained_on = str(stored["trained_on"])
    assert trained_on == fingerprint(), "the texts have changed: python -m tests.train_topics"


def test_the_weights_are_small():
    assert WEIGHTS.stat().st_size < 1_500_000


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
        pytest.param("发票", "zh", "invoice", id="one word"),
        pytest.param("", None, "other", id="nothing"),
        pytest.param("👍", None, "other", id="no letters"),
        pytest.param("\ud800 hi", "en", "other", id="half a character"),
    ],
)
def test_topic(text, lang, topic):
    assert triage(text, lang, topics()).topic == topic


def test_a_risk_always_needs_a_reply():
    got = triage("Thanks for nothing, my lawyer will write to you", "en", topics())
    assert got.risk == ("legal",)
    assert got.needs_reply


def test_a_wish_needs_a_reply_whatever_else_is_dismissed():
    assert triage("Never mind the delay, but where do I find the invoice?", "en", topics()).needs_reply


def test_shouting_is_anger_and_a_word_in_capitals_is_not():
    assert "anger" in triage("WHERE IS MY PARCEL I HAVE BEEN WAITING FOR WEEKS!!", "en", topics()).risk
    assert triage("Where is my PARCEL?", "en", topics()).risk == ()


def test_a_word_of_another_language_is_no_abuse():
    assert "anger" not in triage("con eso bastó", "es", topics()).risk


def test_full_width_letters_are_read_like_others():
    assert "review_threat" in triage("返金しないなら星１つけます", "ja", topics()).risk


def test_every_decision_has_a_reason():
    got = triage("The adapter is smoking, my lawyer will write", "en", topics())
    assert len(got.why) == 1 + len(got.risk)


def rules(phrase: str, topic: str, weight: int) -> TopicRules:
    return TopicRules(Book(compile_phrase(topic, phrase, "en", {}, weight=weight)), load_topic_model())


def test_a_reason_names_who_voted():
    text = "where is my parcel"
    assert triage(text, "en", rules("parcel", "delivery", 4)).why == (
        "delivery: “parcel” ('parcel'); similar to messages about delivery",
    )
    assert triage(text, "en", rules("kettle", "delivery", 4)).why == (
        "delivery: similar to messages about delivery",
    )
    assert triage(text, "en", rules("parcel", "invoice", 9)).why == ("invoice: “parcel” ('parcel')",)


def test_a_phrase_of_weight_nine_decides_and_one_of_weight_one_does_not():
    text = "where is my parcel"
    assert triage(text, "en", rules("parcel", "invoice", 9)).topic == "invoice"
    assert triage(text, "en", rules("parcel", "invoice", 1)).topic == "delivery"


def test_phrases_alone_are_enough():
    book = rules("parcel", "delivery", 4).book
    assert triage("where is my parcel", "en", TopicRules(book)).topic == "delivery"
    assert triage("zzz", "en", TopicRules(book)).why == ("other: no phrase of any topic",)


def test_the_model_votes_for_every_label_and_the_topics_share_one_vote():
    votes = load_topic_model().votes("where is my parcel")
    assert tuple(votes) == LABELS
    assert sum(votes[topic] for topic in TOPICS) == pytest.approx(1)
    assert all(0 <= vote <= 1 for vote in votes.values())
    assert load_topic_model().weights.shape == ((1 << BITS) + load_notions().kinds, len(LABELS))


def test_everyday_messages_have_no_risk():
    risks = {
        (topic, lang): triage(text, lang, topics()).risk
        for topic, texts in SAMPLES.items()
        for lang, text in texts.items()
    }
    assert {key: risk for key, risk in risks.items() if risk} == {}


def test_a_reason_shows_no_telephone_number():
    found = triage("not received at 0151 23456789 my refund", "en", rules("received ... refund", "refund", 9))
    assert found.why[0].startswith("refund: “received at ▒▒▒▒▒ my refund” ")


def test_what_stands_in_a_reason_does_not_end_it():
    found = triage("my “parcel”; a; b; c; d; e; f; g; h; i late", "en", rules("my .... late", "delivery", 9))
    assert found.why == (
        "delivery: “my 'parcel', a, b, c, d, e, f, g, h, i…” ('my .... late'); similar to messages about delivery",
    )


@pytest.mark.parametrize(
    ("why", "read"),
    [
        pytest.param(
            "delivery: “sollte am Dienstag kommen” ('hatte|sollte .. kommen'), “it's” (\"it's|i'm\"); similar",
            [("delivery", ("“sollte am Dienstag kommen”, “it's”", "similar"))],
            id="the words without the phrase",
        ),
        pytest.param(
            "delivery: 'supposed|should|meant to .. arrive|be here', 'tracking|tracked'; similar to messages",
            [("delivery", ("“supposed … arrive”, “tracking”", "similar to messages"))],
            id="the first word of each place",
        ),
        pytest.param(
            'anger: "it\'s|its .. a joke"', [("anger", ("“it's … a joke”",))], id="an apostrophe inside"
        ),
        pytest.param(
            "thanks: only thanks; no reply needed: only thanks",
            [("thanks", ("only thanks",)), ("no reply needed", ("only thanks",))],
            id="two decisions",
        ),
        pytest.param("Amazon: a notice; read it", [("", ("Amazon: a notice; read it",))], id="no decision"),
    ],
)
def test_people_read_a_phrase_and_no_pattern(why, read):
    assert list(decisions(why)) == read
