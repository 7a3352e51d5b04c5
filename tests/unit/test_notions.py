"""Notions: what words are about in seven languages, found as the lists say; the shipped lists themselves."""

import re
import tomllib
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notions import folded, lexicon
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


def pieces(line: str) -> list[int]:
    found, owners = SMALL.pieces([line])
    assert not owners.any()
    return found.tolist()


def notions(line: str) -> list[set[int]]:
    return [set(here) for _place, here in SMALL.found(line)]


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


def test_places_are_counted_in_halves_of_a_word_and_a_sign_is_one():
    assert [place for place, _here in SMALL.found("leave us a gift")] == [0, 6]
    assert [place for place, _here in SMALL.found("请写个好评")] == [1, 3]


def test_pairs_tell_the_order_and_end_where_words_stand_far_apart():
    there, back = set(pieces("write review")), set(pieces("review write"))
    assert there & back >= {REVIEW, WRITE}
    assert len(there - back) == len(back - there) == 1  # the ordered pair differs, the other is the same
    assert len(there & back) == 3
    far = "write " + "so " * 11 + "review"
    assert pieces(far) == [REVIEW, WRITE]


@given(st.lists(st.sampled_from(["review", "write", "gift", "tea", "写", "好评", "。"]), max_size=25))
def test_the_pieces_are_those_of_a_plain_count(words):
    line = " ".join(words)
    places = SMALL.found(line)
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
    slowly, slow_owners = SMALL.pieces([*lines, "写"])
    assert (found.tolist(), owners.tolist()) == (slowly[:-1].tolist(), slow_owners[:-1].tolist())


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
    runs = list(known.signs.keys())
    assert known.count == len(lists)
    for number, (name, by_lang) in enumerate(lists.items()):
        assert set(by_lang) == set(LANGUAGES), name
        for lang, entries in by_lang.items():
            for entry in entries.split():
                plain = entry.removesuffix("*")
                written = unicodedata.normalize("NFKC", plain)
                heard = {one for _place, here in known.found(written) for one in here}
                longer = any(plain in other and plain != other for other in runs)
                assert number in heard or longer, (name, lang, entry)
            split = entries.split()
            assert len(split) == len(set(split)), (name, lang)


def test_folded():
    assert folded("Größe É ü") == "grosse e u"
    assert not re.search(r"[^\x00-\x7f]", folded("àéîõü"))
