"""The words of some lines, as the trained models read them: those that are counted and those that are understood.

Letters are words, whatever stands between them; digits, Japanese and Chinese are none. The end of a line is END.
All that is no word is made a blank, which takes a third of the time of a search for words.
"""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

END = "|"
_ZEROS, _COUNTED_SIGNS, _UNDERSTOOD_SIGNS = "0", "€£$%", "?%€$£@★"
_LETTER = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]"
_LETTERS = re.compile(f"{_LETTER}+")
_ZERO_BEFORE, _ZERO_BEHIND = re.compile(f"0(?={_LETTER})"), re.compile(f"0(?<={_LETTER}.)")
# No letter has a number that is as high.
_PAST_LETTERS = 0x32400
_BLANK = ord(" ")


def counted_words(text: str) -> list[str]:
    """Words, runs of the digit that stands for all, signs of money and share, and each line's end."""
    text = _with_ends(text)
    if _ZEROS in text:
        text = _ZERO_BEHIND.sub(" 0", _ZERO_BEFORE.sub("0 ", text))
    return _only(_ZEROS + _COUNTED_SIGNS + END, _apart(text, _COUNTED_SIGNS)).split()


def understood_words(text: str) -> list[str]:
    """Words, "don't" as one of them, signs that say something, and each line's end."""
    text = _only(_UNDERSTOOD_SIGNS + END + "'", _apart(_with_ends(text), _UNDERSTOOD_SIGNS))
    return (_with_not(text) if "'" in text else text).split()


def _with_not(text: str) -> str:
    """The text with only those apostrophes that stand before a `t` and behind a letter and `n`, as in "don't"."""
    before, *others = text.split("'")
    pieces = [before]
    for part in others:
        letter, n = before[-2:-1], before[-1:]
        is_not = part.startswith("t") and n == "n" and letter and letter not in _UNDERSTOOD_SIGNS + END + " "
        pieces.append(f"'t {part[1:]}" if is_not else f" {part}")
        before = part[1:] if is_not else part
    return "".join(pieces)


def _with_ends(text: str) -> str:
    return text.replace(END, " ").replace("\n", f" {END} ")


def _apart(text: str, signs: Iterable[str]) -> str:
    """The text with blanks around each of these signs."""
    for sign in signs:
        if sign in text:
            text = text.replace(sign, f" {sign} ")
    return text


def _only(signs: str, text: str) -> str:
    """The text with its letters and these signs, and blanks in place of all others."""
    if text.isascii():
        return text.translate(_blanks(signs))
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    blanked = np.where(_kept(signs).take(letters, mode="clip"), letters, np.uint32(_BLANK))
    return blanked.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _kept(signs: str) -> npt.NDArray[np.bool_]:
    """Whether each letter is kept, by its number."""
    kept = np.zeros(_PAST_LETTERS, dtype=bool)
    for run in _LETTERS.finditer("".join(map(chr, range(_PAST_LETTERS)))):
        kept[slice(*run.span())] = True
    kept[[ord(sign) for sign in signs]] = True
    return kept


@cache
def _blanks(signs: str) -> str:
    """The same of letters of ASCII, for whom it is quicker: a table to translate them by."""
    return "".join(chr(code) if _kept(signs)[code] else " " for code in range(128))
