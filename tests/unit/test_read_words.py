"""Words are read by what kind each letter is; a pattern that says the same is slower and stands here."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.phrase_strips import read_words
from bot.domain.phrases import ACCENTS, SIGNS

_UNIT = re.compile(rf"[0-9A-Za-zÀ-ɏ]+|[{SIGNS}]")
_LETTERS = st.text(
    st.sampled_from(
        "aZé ßÆøɏɐ09%$€☆⭐\U0001f2ff\U0001f300\U0001f600\U0001faff\U0001fb00.!。\n-'字か\ud83d\x00"
    )
)


@settings(deadline=None, max_examples=400)
@given(_LETTERS | st.text())
@example("İstanbul 50%$")
def test_words_are_those_of_the_pattern(text: str) -> None:
    low = text.lower() if len(text.lower()) == len(text) else text
    low = low.translate(ACCENTS)
    strip = read_words(text)
    found = list(_UNIT.finditer(low))
    assert list(strip.units) == [match[0].replace("ß", "ss") for match in found]
    assert list(zip(strip.starts, strip.ends, strict=True)) == [match.span() for match in found]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("", [0]),
        ("...", [0]),
        ("One two. Three!", [0, 2, 3]),
        ("3.5 cm", [0, 1, 3]),
        ("a\n\nb", [0, 1, 2]),
    ],
)
def test_sentences_begin_where_one_ended(text: str, bounds: list[int]) -> None:
    assert read_words(text).bounds == bounds
