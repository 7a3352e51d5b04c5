"""What texts are taken apart into for the trained models: runs of characters, words, pairs of words, notions.

Every piece is a number: runs and words share 2 ** BITS of them by a hash, the notions (notions.py) have their own
behind. `tests/training.py` takes texts apart by the same functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.domain.line_words import END, counted_words
from bot.domain.notions import Lexicon

LONGEST_RUN = 5
BITS = 17
# How much each kind of pieces counts: runs of characters, words, notions.
SHARES = (1.0, 1.0, 0.35)

Numbers = npt.NDArray[np.float32]
Buckets = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]

_END_OF_LINE = -1
_REMEMBERED = 50_000
_PRIME, _SPREAD = np.uint32(16777619), np.uint32(0x9E3779B1)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of some lines, line after line; `counts` says how many each line has."""

    buckets: Buckets
    counts: Counts

    def of_lines(self, asked: npt.NDArray[np.bool_]) -> "Pieces":
        """Those of the lines that are asked for, of which there is one at least."""
        ends = np.cumsum(self.counts)[asked]
        begins = ends - self.counts[asked]
        parts = [self.buckets[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        return Pieces(np.concatenate(parts), self.counts[asked])


def taken_apart(lines: Sequence[str], lexicon: Lexicon) -> tuple[Pieces, Pieces, Pieces]:
    """The runs of characters, words and notions of the lines, none of which has a line's end in it."""
    return _runs(lines), _words(lines), _notions(lines, lexicon)


def _runs(lines: Sequence[str]) -> Pieces:
    joined = "".join(f" {line} " for line in lines)
    letters = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32) * _SPREAD
    lengths = np.array([len(line) + 2 for line in lines])
    places = np.arange(len(letters))
    left = np.repeat(np.cumsum(lengths), lengths) - places  # in its line
    table = np.empty((len(letters), LONGEST_RUN), dtype=np.uint32)
    hashed = np.zeros(len(letters), dtype=np.uint32)
    for shorter in range(LONGEST_RUN):
        hashed = (hashed[: len(letters) - shorter] * _PRIME) ^ letters[shorter:]
        table[: len(hashed), shorter] = hashed
    whole = left[:, None] > np.arange(LONGEST_RUN)
    return Pieces(_mixed(table[whole]), by_line(np.minimum(left, LONGEST_RUN), lengths))


def _words(lines: Sequence[str]) -> Pieces:
    words = counted_words("\n".join((*lines, "")))
    hashes = np.fromiter(map(_HASHES.__getitem__, words), dtype=np.int64, count=len(words))
    ends = np.flatnonzero(hashes == _END_OF_LINE)
    table = np.empty((len(hashes), 2), dtype=np.uint32)  # each word, and its pair with the next one
    table[:, 0] = hashes
    table[:-1, 1] = (table[:-1, 0] * _PRIME) ^ (table[1:, 0] * _SPREAD)
    there = np.ones(table.shape, dtype=bool)
    there[ends] = there[np.maximum(ends - 1, 0), 1] = False
    words_of = np.diff(ends, prepend=-1) - 1
    return Pieces(_mixed(table[there]), np.maximum(2 * words_of - 1, 0))


class _Hashes(dict[str, int]):
    """The hash of each word; of the end of a line, what no word has."""

    def __missing__(self, word: str) -> int:
        hashed = crc32(word.encode())
        if len(self) < _REMEMBERED:
            self[word] = hashed
        return hashed


_HASHES = _Hashes({END: _END_OF_LINE})


def _notions(lines: Sequence[str], lexicon: Lexicon) -> Pieces:
    buckets, owners = lexicon.pieces(lines)
    counts = np.bincount(owners, minlength=len(lines))
    return Pieces(buckets.astype(np.uint32) + np.uint32(1 << BITS), counts)


def _mixed(hashed: Buckets) -> Buckets:
    mixed = hashed ^ (hashed >> np.uint32(15))
    mixed = mixed * np.uint32(0x2C1B3C6D)
    buckets: Buckets = (mixed ^ (mixed >> np.uint32(12))) >> np.uint32(32 - BITS)
    return buckets


def by_line(numbers: npt.NDArray[Any], counts: Counts) -> npt.NDArray[Any]:
    """The sum of what is known of each line's pieces, which stand line after line; of whole numbers as int64."""
    of = np.int64 if numbers.dtype.kind == "i" else numbers.dtype
    sums = np.zeros((len(counts), *numbers.shape[1:]), dtype=of)
    begins = np.cumsum(counts) - counts
    sums[counts > 0] = np.add.reduceat(numbers, begins[counts > 0], axis=0, dtype=of) if len(numbers) else 0
    return sums


def values(rarity: Numbers, pieces: Pieces, share: float) -> Numbers:
    """What each piece counts, so that every line has length `share`."""
    squares = by_line(np.square(rarity, dtype=np.float64), pieces.counts)
    length = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
    counted: Numbers = rarity * np.float32(share) / np.repeat(length, pieces.counts)
    return counted
