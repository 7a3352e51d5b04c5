"""Floors for the corpora in tests/data/policy; `python -m tests.unit.policy_figures` prints the figures."""

import numpy as np
import pytest

from bot.domain.phrase_search import Book
from bot.domain.phrases import compile_phrase
from bot.domain.policy import Context, Phrases, check
from bot.domain.policy.wording import DECIDES
from bot.settings.policy_model import WEIGHTS, load_policy_model
from tests.unit.policy_figures import HALVES, POLICY_SETS, fingerprint, phrases, policy_figures, rows

FLOORS = {
    "dev": (0.98, 0.02),
    "held-out": (0.97, 0.02),
    "second-a": (0.97, 0.02),
    # The model has learnt from these too; before it did, they were measured at 0.94, 0.94, 0.97, 0.95 and 0.96.
    "second-b": (0.97, 0.02),
    "third": (0.97, 0.02),
    "fourth": (0.97, 0.02),
    "fifth": (0.97, 0.02),
    "sixth": (0.95, 0.02),
    # Nobody who writes rules has read these: they tell what to expect. Of 210 replies five are 2.4 %.
    "seventh": (0.97, 0.02),
    "eighth": (0.97, 0.02),
    "ninth": (0.97, 0.025),
    # A third of its forbidden ones are as sly as its author could make them.
    "tenth": (0.945, 0.02),
    "eleventh": (0.96, 0.02),
    # Their misses were read and answered with phrases; before, they were measured at 0.938 and 0.033, 0.933 and 0.019,
    # 0.990 and 0.038: together 0.95 and 0.031, of clean replies of which a third and more are meant to tempt.
    "twelfth": (0.965, 0.015),
    "thirteenth": (0.96, 0.01),
    "fourteenth": (0.99, 0.02),
}


@pytest.mark.parametrize("half", POLICY_SETS)
def test_replies_that_break_a_rule_are_blocked_and_others_are_not(half):
    recall, clean_blocked = FLOORS[half]
    figures = policy_figures(half)
    assert figures.recall >= recall
    assert figures.clean_blocked <= clean_blocked


def test_both_halves_have_every_language_and_enough_clean_replies():
    corpus = [row for name in POLICY_SETS for row in rows("policy", name)]
    assert len(corpus) >= 1000
    assert sum(not row["rules"] for row in corpus) >= 0.4 * len(corpus)
    assert {row["lang"] for row in rows("policy", "held-out")} == {"en", "de", "fr", "es", "it", "ja", "zh"}


@pytest.mark.parametrize(
    "row", [row for half in HALVES for row in rows("policy", half) if row.get("complete")]
)
def test_a_reply_with_all_three_parts_has_no_finding(row):
    assert check(row["text"], Context(), phrases()) == ()


def test_the_weights_are_those_of_the_texts_in_the_repository():
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        assert str(stored["trained_on"]) == fingerprint()


def test_a_sentence_that_no_phrase_names_is_found_and_the_finding_is_that_sentence():
    text = "Hello Kim, the new strap left today. Please wire the missing nine dollars to us before Friday. Thank you."
    bare = Phrases(Book([]), Book([]), Book([]), load_policy_model())
    (finding,) = check(text, Context(parts_required=False), bare)
    assert (finding.rule, finding.severity) == ("off_amazon_payment", "block")
    assert finding.excerpt == "Please wire the missing nine dollars to us before Friday."
    assert text[finding.start : finding.end] == finding.excerpt


@pytest.mark.parametrize(("weight", "counts"), [(1, False), (9, True)])
def test_a_phrase_in_a_harmless_sentence_counts_only_if_a_manager_says_that_it_decides(weight, counts):
    text = "I am sorry that the blue teapot arrived with a crack; a new one left this morning."
    phrase = compile_phrase("marketing", "blue . teapot", "en", {}, weight=weight)
    decides = weight >= DECIDES
    book = Phrases(
        Book(phrase if decides else []), Book([] if decides else phrase), Book([]), load_policy_model()
    )
    assert bool(check(text, Context(parts_required=False), book)) is counts
