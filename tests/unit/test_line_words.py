"""The words of lines: texts in ASCII are read by another way than all others, and say the same."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.line_words import END, counted_words, understood_words

COUNTED = re.compile(r"[A-Za-z]+|0+|[$%\n]")
UNDERSTOOD = re.compile(r"[A-Za-z]+n't|[A-Za-z]+|[?%$@\n]")
TEXTS = st.text(alphabet="antxN'0 $%?@\n|.-1\x00_", max_size=40)


@given(TEXTS)
@example("don'ts n't won'tn't 00a0 a00 0$ 0|0\n\n")
def test_a_text_in_ascii_is_read_as_by_the_patterns(text: str) -> None:
    """The patterns are those of other texts, without their letters."""
    assert counted_words(text) == [word.replace("\n", END) for word in COUNTED.findall(text)]
    assert understood_words(text) == [word.replace("\n", END) for word in UNDERSTOOD.findall(text)]


@given(TEXTS)
def test_one_letter_more_that_is_not_ascii_changes_no_other_word(text: str) -> None:
    assert counted_words(f"{text} é") == [*counted_words(text), "é"]
    assert understood_words(f"{text} é") == [*understood_words(text), "é"]


@pytest.mark.parametrize(
    ("text", "counted", "understood"),
    [
        ("We don't know", ["We", "don", "t", "know"], ["We", "don't", "know"]),
        ("000% off?\n€0", ["000", "%", "off", END, "€", "0"], ["%", "off", "?", END, "€"]),
        ("a | b", ["a", "b"], ["a", "b"]),
        ("请 ask 好", ["ask"], ["ask"]),
    ],
)
def test_what_a_word_is(text: str, counted: list[str], understood: list[str]) -> None:
    assert counted_words(text) == counted
    assert understood_words(text) == understood
