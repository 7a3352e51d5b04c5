"""Phrases: a small language for rules about wording, and the search for them in a text.

Policy (`config/policy/*.yaml`) and triage (`config/topics.yaml`) are both written in it, one phrase
a line, so that a seller can edit them without knowing regular expressions:

    leave|write ... review|rating      one of the words, up to 8 other words, one of the words
    send back|give it back .. label    a choice may have several words; `..` is up to 3 words
    rate|review . us|it                `.` is no word at all: directly behind each other
    *bewertung* ... hinterlass*        `*` is any letters at that end of the word
    {value} .... {review}              a list of the file's `words`; `....` may cross sentences
    {ask} & {review}                   both in one sentence, in either order
    # . star|stars                     `#` is any number

Case and accents do not count. In Chinese and Japanese a piece is found anywhere, and gaps are counted
in characters. A search costs time in proportion to the text: there is no backtracking, whatever a
person writes into the files.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

CHARACTER_LANGUAGES = frozenset({"ja", "zh"})

SIGNS = "%€$£¥★☆⭐✉☎\U0001f300-\U0001faff"
UNSEEN = " \t\r\u3000·*_~^|'\"「」『』“”‘’-"
ACCENTS = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in range(0xC0, 0x250)
    if unicodedata.decomposition(chr(code)) and not unicodedata.decomposition(chr(code)).startswith("<")
} | {ord("ø"): "o", ord("œ"): "o", ord("æ"): "a", ord("ł"): "l"}

_WORD_GAPS = {".": 0, "..": 3, "...": 8, "....": 30}
_CHARACTER_GAPS = {".": 0, "..": 6, "...": 18, "....": 60}
_ATOM = re.compile(rf"#|\*?(?:[^\W_]+|[{SIGNS}])\*?")


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of a phrase: any of `choices`, at most `gap` units after the piece before it."""

    choices: frozenset[tuple[str, ...]]
    gap: int = 0
    across: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a phrase file. A `clean` phrase takes its words away from the tag's other phrases."""

    tag: str
    source: str
    lang: str
    steps: tuple[Step, ...]
    clean: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found at `start:end` of the text."""

    phrase: Phrase
    start: int
    end: int


def fold(word: str) -> str:
    """Lower case without accents: what two spellings of a word have in common."""
    if word.isascii():
        return word.lower()
    return word.lower().translate(ACCENTS).replace("ß", "ss")


def compile_phrase(
    tag: str,
    source: str,
    lang: str,
    words: Mapping[str, Sequence[str]],
    *,
    clean: bool = False,
    weight: int = 1,
) -> list[Phrase]:
    """The phrases that one line means: one, or one for each order of its `&` parts.

    Raises ValueError with a text for the person who wrote the line.
    """
    parts = [part.strip() for part in re.split(r"\s&\s", f" {source} ")]
    if not all(parts):
        raise ValueError("a `&` stands between two pieces; one of them is missing")
    if len(parts) > 3:
        raise ValueError("at most three pieces can be joined by `&`")
    orders = [" ... ".join(order) for order in permutations(parts)]
    return [
        Phrase(tag, source, lang, _steps(order, lang, words), clean=clean, weight=weight) for order in orders
    ]


def _steps(text: str, lang: str, words: Mapping[str, Sequence[str]]) -> tuple[Step, ...]:
    gaps = _CHARACTER_GAPS if lang in CHARACTER_LANGUAGES else _WORD_GAPS
    steps = []
    gap = "."
    piece: list[str] = []
    for item in [*text.split(), "."]:
        if item not in gaps:
            piece.append(item)
            continue
        if not piece:
            raise ValueError("a gap stands between two pieces; one of them is missing")
        choices = frozenset(_choices(" ".join(piece), lang, words))
        steps.append(Step(choices, gaps[gap], across=gap == "...."))
        gap, piece = item, []
    return tuple(steps)


def _choices(piece: str, lang: str, words: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, ...]]:
    for choice in piece.split("|"):
        name = choice.strip()[1:-1] if choice.strip().startswith("{") else ""
        if name and name not in words:
            raise ValueError(f"no list of words is called {name!r}")
        for entry in words[name] if name else [choice]:
            yield _atoms(entry, lang)


def _atoms(choice: str, lang: str) -> tuple[str, ...]:
    if lang in CHARACTER_LANGUAGES:
        atoms = ["".join(letter.lower() for letter in choice if letter not in UNSEEN)]
    else:
        atoms = [fold(atom) for atom in _ATOM.findall(choice)]
    if not atoms or not all(atom.strip("*") for atom in atoms):
        raise ValueError(f"{choice!r} has no letters to look for")
    return tuple(atoms)
