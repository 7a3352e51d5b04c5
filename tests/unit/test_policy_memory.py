"""What is remembered of sentences: not too much, nothing of buyers, and several threads share it."""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from bot.domain.phrase_pieces import Occurring
from bot.domain.phrase_search import Book
from bot.domain.phrases import compile_phrase
from bot.domain.policy import Context, Phrases, check
from tests import world

_REPLIES = Path(__file__).parents[1] / "data" / "policy" / "dev.jsonl"


class _EmptiedAtOnce(dict[Any, Any]):
    """A memory that another thread empties whenever something was put there."""

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def update(self, *_args: Any, **_kwargs: Any) -> None: ...


def test_a_memory_that_another_thread_empties_changes_no_finding() -> None:
    lines = _REPLIES.read_text(encoding="utf-8").splitlines()
    replies = [(one["lang"], one["text"]) for one in map(json.loads, lines)][::80]
    ours = world.knowledge().phrases
    model = replace(ours.model)
    object.__setattr__(model, "known", _EmptiedAtOnce())
    books = [Book(book.phrases) for book in (ours.book, ours.doubtful, ours.parts)]
    for half in (half for book in books for half in book.halves):
        half.known = _EmptiedAtOnce()
    forgetful = Phrases(*books, model)
    for lang, text in replies:
        assert check(text, Context(lang=lang), forgetful) == check(text, Context(lang=lang), ours)


def test_short_sentences_of_ours_are_remembered_and_nothing_of_buyers() -> None:
    book = Book(compile_phrase("refund", "refund", "en", {}))
    (half, _characters) = book.halves
    book.search("A refund, please.")
    assert list(half.known.values())
    book.search("refund " * 100)
    assert len(half.known) == 1
    for number in range(2_500):
        book.search(f"refund {number}")
    assert len(half.known) <= 2_000
    topics = Book(compile_phrase("refund", "refund", "en", {}), remembers=False)
    assert topics.search("A refund, please.")
    assert not any(half.known for half in topics.halves)
    assert not any(half.known for half in world.knowledge().topics.book.halves)


def test_of_what_buyers_write_no_more_is_kept_than_a_page_of_words_of_a_dozen_languages() -> None:
    book = Book(compile_phrase("refund", "refund", "en", {}), remembers=False)
    pieces = book.halves[0].pieces
    little_words = {
        "en": "the you your",
        "de": "und der die",
        "fr": "les vous nous",
        "es": "los usted y",
        "it": "che per di",
    }
    for size in range(1, 6):
        for langs in combinations(little_words, size):
            book.search(" ".join(little_words[lang] for lang in langs) + " refund")
            assert len(pieces.known) <= 16
    for page in range(30):
        words = (f"word{number}" for number in range(page * 500, page * 500 + 500))
        assert book.search(f"{' '.join(words)}, and the refund that you promised me is not there")
        assert max(map(len, pieces.known.values())) <= 5_520


def test_where_a_piece_begins_is_never_known_in_part() -> None:
    seen = []

    class Watched(Occurring):
        def __setitem__(self, piece: int, starts: dict[int, int]) -> None:
            seen.append(dict(starts))
            super().__setitem__(piece, starts)

    starts = Watched({7: {2: 0b100}}, [frozenset({7}), frozenset(), frozenset(), frozenset({7})])[7]
    assert seen == [{1: 0b1001, 2: 0b100}] == [starts]
