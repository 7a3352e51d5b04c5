"""Which languages a text seems to be in, by the little words that all its sentences have."""

from collections import Counter
from collections.abc import Iterator, Sequence

# Words that few of our languages have, or characters that tell Japanese and Chinese apart. A text
# is searched only for the phrases of the languages that it seems to be in: of a text longer than LONG
# those with MARKS of these words, because a part of it may be in another language; of a shorter one with
# at least a third as many as the language that has the most; of one with fewer than FEW all.
_MARKS_OF = {
    "en": "the and you your is for with we our please this have it of to are will can my by in no not",
    "de": "und der die das ist wir sie nicht ein eine ihre uns bitte wenn auf zu den dem ihnen im in es",
    "fr": "le les vous nous est votre et une pour dans pas des sur du au ce je qui avec la de un en se",
    "es": "el los que y su por para nos con del una usted se lo como esta le ya la de en un no es las al",
    "it": "il che di per non e la le ci suo del un sono una alla della lo gli si in al con i da",
    "ja": "の を に は が で い す ま",
    "zh": "的 您 们 了 请 我 这 会 是",
}
_MARKED = {
    mark: [lang for lang, marks in _MARKS_OF.items() if mark in marks.split()]
    for mark in " ".join(_MARKS_OF.values()).split()
}
_LONG, _MARKS, _FEW = 120, 4, 3
# Letters of a word that most sentences have, whatever it is.
_SHORT = 3


def absent_languages(units: Sequence[str]) -> frozenset[str]:
    """The languages that a text does not seem to be in."""
    marks = dict.fromkeys(_MARKS_OF, 0)
    for mark, times in _times(units):
        for lang in _MARKED[mark]:
            marks[lang] += times
    most = max(marks.values())
    least = _MARKS if len(units) >= _LONG else (most + 2) // 3 * (most >= _FEW)
    return frozenset(lang for lang, number in marks.items() if number < least)


def _times(units: Sequence[str]) -> Iterator[tuple[str, int]]:
    """How often each mark is there. Of a row of characters, one after the other is counted fastest."""
    if isinstance(units, str):
        yield from ((mark, units.count(mark)) for mark in _MARKED if len(mark) == 1)
    else:
        counted = Counter(units)
        yield from ((mark, counted[mark]) for mark in counted.keys() & _MARKED.keys())


def is_common(word: str) -> bool:
    """Whether one may meet the word anywhere, like "your"."""
    return len(word) <= _SHORT or word in _MARKED
