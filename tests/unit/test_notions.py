"""Notions: what words are about in seven languages, found as the lists say; the shipped lists themselves."""

import re
import tomllib
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.line_words import understood_words
from bot.domain.notions import Lexicon, folded, lexicon
from bot.settings.notions import NOTIONS, load_notions
from bot.settings.phrases import LANGUAGES

REVIEW, WRITE, GIFT = range(3)
SMALL = lexicon(
    {
        "review": [["review*", "avis"], ["bewert*"], ["评价", "好评"], ["レビュー"]],
        "write": [["write*", "leave"], ["schreib*"], ["写"]],
        "gift": [["gift"], ["präsent*"], ["评价有礼"]],
    }
)


def heard(known: Lexicon, line: str) -> list[tuple[int, set[int]]]:
    """The words that mean something and their places, in order; found by trying every word and every place."""
    found = []
    for number, word in enumerate(understood_words(line)):
        plain = folded(word)
        begun = [here for start, here in known.beginnings.items() if plain.startswith(start)]
        found.append((2 * number, known.words.get(plain, frozenset()).union(*begun)))
    for place in range(len(line)):
        runs = [run for run in known.signs if line.startswith(run, place)]
        found.append((place, known.signs[max(runs, key=len)] if runs else frozenset()))
    return sorted(((place, set(here)) for place, here in found if here), key=lambda one: one[0])


def pieces(line: str) -> list[int]:
    found, owners = SMALL.pieces([line])
    assert not owners.any()
    return found.tolist()


def notions(line: str) -> list[set[int]]:
    return [here for _place, here in heard(SMALL, line)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("please leave a review", [{WRITE}, {REVIEW}]),
        ("reviewers", [{REVIEW}]),
        ("preview", []),
        ("gifted", []),  # a word without a star is that word
        ("schreiben sie eine bewertung", [{WRITE}, {REVIEW}]),
        ("ein präsent, ein prasent, ein PRÄSENTKORB", [{GIFT}, {GIFT}, {GIFT}]),
        ("l'avis", [{REVIEW}]),
        ("写个好评", [{WRITE}, {REVIEW}]),
        ("评价有礼", [{GIFT}]),  # the longest entry at a place counts
        ("レビューを書いて", [{REVIEW}]),
        ("レヒュー", []),  # a sign without its mark is another sign
    ],
)
def test_what_is_found(line, found):
    assert notions(line) == found
    assert {piece for piece in pieces(line) if piece < SMALL.count} == set().union(*found)


def test_places_are_counted_in_halves_of_a_word_and_a_sign_is_one():
    assert [place for place, _here in heard(SMALL, "leave us a gift")] == [0, 6]
    assert [place for place, _here in heard(SMALL, "请写个好评")] == [1, 3]


def test_pairs_tell_the_order_and_end_where_words_stand_far_apart():
    there, back = set(pieces("write review")), set(pieces("review write"))
    assert there & back >= {REVIEW, WRITE}
    assert len(there - back) == len(back - there) == 1  # the ordered pair differs, the other is the same
    assert len(there & back) == 3
    far = "write " + "so " * 11 + "review"
    assert pieces(far) == [REVIEW, WRITE]


_WORDS = st.lists(
    st.sampled_from(["review", "write", "gift", "tea", "写", "好评", "评价", "有礼", "。"]), max_size=25
)


@given(st.sampled_from([" ", ""]), _WORDS)
def test_the_pieces_are_those_of_a_plain_count(between, words):
    line = between.join(words)
    places = heard(SMALL, line)
    assert all(one[0] <= two[0] for one, two in pairwise(places))
    expected = set()
    for index, (place, here) in enumerate(places):
        expected |= here
        for other, there in places[index + 1 :]:
            if other - place <= 20:
                expected |= {3 + one * 3 + two for one in here for two in there}
                expected |= {12 + min(one, two) * 3 + max(one, two) for one in here for two in there}
    assert pieces(line) == sorted(expected)
    assert all(0 <= piece < SMALL.kinds for piece in expected)


@given(st.text(st.characters(exclude_characters="\n"), max_size=80))
def test_any_line_can_be_read(text):
    assert all(0 <= piece < SMALL.kinds for piece in pieces(text))


@given(st.lists(st.text(st.sampled_from("writea gifto'? don't?0%ß"), max_size=20), min_size=1, max_size=6))
def test_lines_without_signs_are_read_as_those_with_signs_are(lines):
    found, owners = SMALL.pieces(lines)
    slowly, slow_owners = SMALL.pieces([*lines, "写\ud83d"])
    assert (found.tolist(), owners.tolist()) == (slowly[:-1].tolist(), slow_owners[:-1].tolist())


@given(st.lists(_WORDS.map("".join), min_size=1, max_size=6))
def test_of_several_lines_each_is_read_as_if_alone(lines):
    found, owners = SMALL.pieces(lines)
    for number, line in enumerate(lines):
        assert found[owners == number].tolist() == pieces(line)


def test_lines_are_read_apart():
    found, owners = SMALL.pieces(["write", "", "a review, a gift", "gift"])
    assert owners.tolist() == sorted(owners.tolist())
    assert [found[owners == line].tolist() for line in range(4)] == [
        [WRITE],
        [],
        pieces("a review, a gift"),
        [GIFT],
    ]


def test_the_shipped_lists_have_every_language_and_no_entry_that_can_not_be_found():
    lists = tomllib.loads(NOTIONS.read_text(encoding="utf-8"))
    known = load_notions()
    runs = list(known.signs)
    assert known.count == len(lists)
    for number, (name, by_lang) in enumerate(lists.items()):
        assert set(by_lang) == set(LANGUAGES), name
        for lang, entries in by_lang.items():
            for entry in entries.split():
                plain = entry.removesuffix("*")
                written = unicodedata.normalize("NFKC", plain)
                meant = known.pieces([written])[0]
                longer = any(plain in other and plain != other for other in runs)
                assert number in meant or longer, (name, lang, entry)
            split = entries.split()
            assert len(split) == len(set(split)), (name, lang)


def test_folded():
    assert folded("Größe É ü") == "grosse e u"
    assert not re.search(r"[^\x00-\x7f]", folded("àéîõü"))
