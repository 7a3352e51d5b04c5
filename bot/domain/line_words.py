"""The words of some lines, as the trained models read them: those that are counted and those that are understood.

Letters are words, whatever stands between them; digits, Japanese and Chinese are none. The end of a line is END.
Lines in ASCII are read without a pattern, which takes a third of the time.
"""

import re
from collections.abc import Iterable

END = "|"
_ZEROS, _COUNTED_SIGNS, _UNDERSTOOD_SIGNS = "0", "$%", "?%$@"
_LETTERS = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+"
_COUNTED = re.compile(rf"{_LETTERS}|0+|[€£$%{END}]")
_UNDERSTOOD = re.compile(rf"{_LETTERS}n't|{_LETTERS}|[?%€$£@★{END}]")
_ZERO_BEFORE, _ZERO_BEHIND = re.compile("0(?=[A-Za-z])"), re.compile("0(?<=[A-Za-z].)")
_NOT = re.compile(r"([A-Za-z]n)'t")


def _blanks_but(kept: str) -> str:
    """A table that leaves letters and these signs of ASCII, and makes blanks of all others."""
    return "".join(letter if letter.isalpha() or letter in kept else " " for letter in map(chr, range(128)))


_ONLY_COUNTED = _blanks_but(_ZEROS + _COUNTED_SIGNS + END)
_ONLY_UNDERSTOOD = _blanks_but(_UNDERSTOOD_SIGNS + END + "'")


def counted_words(text: str) -> list[str]:
    """Words, runs of the digit that stands for all, signs of money and share, and each line's end."""
    text = _with_ends(text)
    if not text.isascii():
        return _COUNTED.findall(text)
    if _ZEROS in text:
        text = _ZERO_BEHIND.sub(" 0", _ZERO_BEFORE.sub("0 ", text))
    return _apart(text, _COUNTED_SIGNS).translate(_ONLY_COUNTED).split()


def understood_words(text: str) -> list[str]:
    """Words, "don't" as one of them, signs that say something, and each line's end."""
    text = _with_ends(text)
    if not text.isascii():
        return _UNDERSTOOD.findall(text)
    text = _apart(text, _UNDERSTOOD_SIGNS).translate(_ONLY_UNDERSTOOD)
    if "'" in text:
        text = _NOT.sub("\\1\0t ", text).replace("'", " ").replace("\0", "'")
    return text.split()


def _with_ends(text: str) -> str:
    return text.replace(END, " ").replace("\n", f" {END} ")


def _apart(text: str, signs: Iterable[str]) -> str:
    """The text with blanks around each of these signs."""
    for sign in signs:
        if sign in text:
            text = text.replace(sign, f" {sign} ")
    return text
