"""The policy check on texts that nobody would write: it never raises, and its spans lie in the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.phrase_strips import bits, places_of, read_characters, read_words, spread
from bot.domain.policy import Context, check
from bot.domain.policy.normalise import undisguised
from tests.unit.policy_figures import phrases

# Pieces that the finders look at, so that random texts reach them.
PIECES = st.sampled_from(
    [
        *(
            "w h a t s a p p",
            "微 信",
            "(at)",
            "【点】",
            "www.",
            "h**ps://",
            ".com",
            ",com",
            " dot ",
            "五",
            "ゼロ",
            "8️⃣",
        ),
        *(
            "\u200b",
            "\u0301",
            "\u3099",
            "ﬃ",
            "İ",
            "ß",
            "𝔴",
            "🇼",
            "①",
            "555-0142",
            "+49",
            "5 stars",
            "★",
            "{{",
            "<b>",
            "@",
        ),
        *(
            "。",
            "、",
            "\n\n",
            ". ",
            "review",
            "please",
            "not",
            "但是",
            "能不能",
            "IBAN",
            "A-z",
            "can't",
            "[NAME]",
        ),
    ]
)
NASTY = [
    *(
        "9",
        "a.",
        "w ",
        "{",
        "评价",
        "a@",
        "5 ",
        "\n",
        "\n ",
        "＠",
        "[",
        "( at ) ",
        "★",
        "0-",
        "whatsapp me. ",
        "五",
    ),
    *("no, ", "请", "\u3099", "a dot ", "-dot-", "1 one "),
]
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_spans_lie_in_the_text(text):
    for finding in check(text, Context(), phrases()):
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.excerpt == text[finding.start : finding.end]
        assert finding.why
        assert finding.suggestion


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_undisguising_twice_is_undisguising_once(text):
    plain = undisguised(text)
    assert len(plain.origin) == len(plain.text)
    assert list(plain.origin) == sorted(plain.origin)
    assert all(place < len(text) for place in plain.origin)
    letters = undisguised(plain.text)
    assert undisguised(letters.text).text == letters.text


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_strips_keep_order_and_place(text):
    for strip in (read_words(text), read_characters(text)):
        assert strip.places() == sorted(set(strip.places()))
        assert strip.bounds == sorted({0, *strip.bounds, len(strip.units)})
        assert len(strip.units) == len(strip.starts) == len(strip.ends) == len(strip.places())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 400), unique=True).map(sorted), st.integers(0, 30))
def test_bits_are_a_set_of_places(places, gap):
    assert places_of(bits(places)) == places
    near = {place + away for place in places for away in range(gap + 1)}
    assert places_of(spread(bits(places), gap)) == sorted(near)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", NASTY)
def test_long_nasty_texts_end(piece):
    text = (piece * 100_000)[:100_000]
    assert all(finding.end <= len(text) for finding in check(text, Context(), phrases()))
