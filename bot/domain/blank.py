"""Whether a text says anything: spaces and signs that nobody sees are no answer to a buyer.

A buyer would get an empty mail, and Amazon would count it. What is seen has a general category of letters, numbers,
punctuation or symbols (Unicode 15, section 4.5), but for the few of these that are drawn as nothing.
"""

from unicodedata import category

_SEEN = frozenset("LNPS")
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
"""Fillers of Korean, the empty Braille pattern, the null notehead."""


def is_blank(text: str) -> bool:
    """Whether nobody who reads `text` sees anything."""
    return not any(category(sign)[0] in _SEEN and sign not in _DRAWN_AS_NOTHING for sign in text)
