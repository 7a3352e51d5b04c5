"""No phrase that a manager writes can be kept busy by a text made for it.

Managers write no regular expressions: phrases of config/topics.yaml and config/policy are found without backtracking
(bot/domain/phrases.py), and nothing else in config/ is a pattern.
"""

import sys

import pytest

from bot.domain.phrase_search import Book
from bot.domain.phrases import compile_phrase
from tests.limited import run_limited

PHRASES = (
    "a|b|c ... a|b|c ... a|b|c ... a|b|c ... d",
    "*a* .... *a* .... *a* .... *a* .... z",
    "a & b & c",
    "# # # . #",
    "* a",
    "(a+)+$",
    "a .* b",
)


def search(phrase: str, piece: str) -> None:
    """In a process of its own: a manager's phrase, and a text of its own words."""
    try:
        found = compile_phrase("refund", phrase, "en", {})
    except ValueError as why:
        sys.stdout.write(f"refused: {why}")
        return
    hits = Book(found).search(piece * (100_000 // len(piece)))
    sys.stdout.write(f"found {sum(map(len, hits.values()))}")


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("piece", ["a ", "a b c ", "1 ", "aaaa"])
def test_a_phrase_of_a_manager_costs_time_in_proportion_to_the_text(phrase: str, piece: str) -> None:
    said = run_limited("tests.unit.test_phrases_nasty", "search", phrase, piece, seconds=10, megabytes=1_500)
    assert said.startswith(("found", "refused"))
