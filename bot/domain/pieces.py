"""What texts are taken apart into for the trained models: runs of characters, words, pairs of words, notions.

Every piece is a number: runs and words share 2 ** BITS of them by a hash, the notions (notions.py) have their own
behind. `tests/training.py` takes texts apart by the same functions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.domain.notions import Lexicon

LONGEST_RUN = 5
BITS = 17
# How much each kind of pieces counts: runs of characters, words, notions.
SHARES = (1.0, 1.0, 0.35)

Numbers = npt.NDArray[np.float32]
Buckets = npt.NDArray[np.uint32]
Owners = npt.NDArray[np.int64]

_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|0+|[€$£%]")
# The same for texts in ASCII, which it reads in half the time.
_ASCII_WORD = re.compile(r"[A-Za-z]+|0+|[$%]")
_PRIME, _SPREAD = np.uint32(16777619), np.uint32(0x9E3779B1)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of some sentences: `owners[i]` is the number of the sentence that `buckets[i]` is of."""

    buckets: Buckets
    owners: Owners


def taken_apart(lines: Sequence[str], lexicon: Lexicon) -> tuple[Pieces, Pieces, Pieces]:
    """The runs of characters, words and notions of the lines, each with the number of the line that it is of."""
    return _runs(lines), _words(lines), _notions(lines, lexicon)


def _runs(lines: Sequence[str]) -> Pieces:
    joined = "".join(f" {line} " for line in lines)
    letters = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(lines)), [len(line) + 2 for line in lines])
    hashed = np.zeros(len(letters), dtype=np.uint32)
    buckets, owners = [], []
    for length in range(1, min(LONGEST_RUN, len(letters)) + 1):
        count = len(letters) - length + 1
        hashed = (hashed[:count] * _PRIME) ^ (letters[length - 1 :] * _SPREAD)
        whole = owner[:count] == owner[length - 1 :]
        buckets.append(_mixed(hashed)[whole])
        owners.append(owner[:count][whole])
    return Pieces(np.concatenate(buckets), np.concatenate(owners))


def _words(lines: Sequence[str]) -> Pieces:
    hashes: list[int] = []
    owners: list[int] = []
    for number, line in enumerate(lines):
        words = (_ASCII_WORD if line.isascii() else _WORD).findall(line)
        hashes += map(_hash_of, words)
        owners += [number] * len(words)
    single = np.array(hashes, dtype=np.uint32)
    owner = np.array(owners, dtype=np.int64)
    both = owner[1:] == owner[:-1]
    pairs = ((single[:-1] * _PRIME) ^ (single[1:] * _SPREAD))[both]
    return Pieces(np.concatenate([_mixed(single), _mixed(pairs)]), np.concatenate([owner, owner[:-1][both]]))


@lru_cache(maxsize=50_000)
def _hash_of(word: str) -> int:
    return crc32(word.encode())


def _notions(lines: Sequence[str], lexicon: Lexicon) -> Pieces:
    buckets, owners = lexicon.pieces(lines)
    return Pieces(buckets.astype(np.uint32) + np.uint32(1 << BITS), owners)


def _mixed(hashed: Buckets) -> Buckets:
    mixed = hashed ^ (hashed >> np.uint32(15))
    mixed = mixed * np.uint32(0x2C1B3C6D)
    buckets: Buckets = (mixed ^ (mixed >> np.uint32(12))) >> np.uint32(32 - BITS)
    return buckets


def values(rarity: Numbers, pieces: Pieces, sentences: int, share: float) -> Numbers:
    """What each piece counts, so that every sentence has length `share`."""
    squares = np.bincount(pieces.owners, rarity * rarity, minlength=sentences)
    length = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
    counted: Numbers = rarity * np.float32(share) / length[pieces.owners]
    return counted
