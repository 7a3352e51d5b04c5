"""The words of lines are those that patterns find, which say what a word is and take longer."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.line_words import END, counted_words, understood_words

LETTERS = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+"
COUNTED = re.compile(rf"{LETTERS}|0+|[€£$%\n]")
UNDERSTOOD = re.compile(rf"{LETTERS}n't|{LETTERS}|[?%€$£@★\n]")
IN_ASCII = st.text(alphabet="antxN'0 $%?@\n|.-1\x00_", max_size=40)
OTHERS = st.text(
    alphabet="anN'0 $%€★\n|.1éßøл字かｶ한²٣\u0301\ud83d\U0001d400\U00020000\U0001f600\x00_", max_size=40
)


@settings(max_examples=400)
@given(IN_ASCII | OTHERS | st.text())
@example("don'ts n't won'tn't 00a0 a00 0$ 0|0\n\n")
@example("dön't n't wön'tn't 00é0 é00 0€ 0|0\n\n")
def test_words_are_those_of_the_patterns(text: str) -> None:
    plain = text.replace(END, " ")
    assert counted_words(text) == [word.replace("\n", END) for word in COUNTED.findall(plain)]
    assert understood_words(text) == [word.replace("\n", END) for word in UNDERSTOOD.findall(plain)]


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
