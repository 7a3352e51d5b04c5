"""No phrase that a manager writes can be kept busy by a text made for it, and no text keeps the check busy.

Managers write no regular expressions: phrases of config/topics.yaml and config/policy are found without backtracking
(bot/domain/phrases.py), and nothing else in config/ is a pattern.
"""

import sys

import pytest

from bot.domain.phrase_search import Book
from bot.domain.phrases import compile_phrase
from bot.domain.policy import Context, check
from tests import world
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


def check_word(letter: str) -> None:
    """In a process of its own: a reply of one word."""
    check(letter * 600_000, Context(lang="en"), world.knowledge().phrases)


@pytest.mark.parametrize("letter", ["a", "1", "é", "退"])
def test_a_word_costs_time_in_proportion_to_its_length(letter: str) -> None:
    run_limited("tests.unit.test_phrases_nasty", "check_word", letter, seconds=20, megabytes=2_500)


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("piece", ["a ", "a b c ", "1 ", "aaaa"])
def test_a_phrase_of_a_manager_costs_time_in_proportion_to_the_text(phrase: str, piece: str) -> None:
    said = run_limited("tests.unit.test_phrases_nasty", "search", phrase, piece, seconds=10, megabytes=1_500)
    assert said.startswith(("found", "refused"))
