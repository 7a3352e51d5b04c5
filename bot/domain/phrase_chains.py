"""Where the pieces of one phrase stand behind each other: each at most so many units behind the one before.

Where a piece stands is a number with a bit for each place, so that "a piece at most eight words behind another" is a
few operations on two numbers, whatever the length of the text: there is no backtracking.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.phrase_pieces import Starts
from bot.domain.phrase_strips import places_of, spread
from bot.domain.phrases import Phrase

# The first and the last place but one of each piece of a phrase.
Chain = tuple[tuple[int, int], ...]
# Where a piece may begin that stands so many units behind these places, in another sentence if need be.
Across = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase as the search needs it: the numbers of its pieces."""

    phrase: Phrase
    pieces: tuple[int, ...]


def chains(row: Row, found: Mapping[int, Starts], gone: int, across: Across) -> list[Chain]:
    """Where the pieces stand in their order, without places that are gone; a chain of closest pieces for each end."""
    steps: list[Starts] = []
    ends = 0
    for piece, step in zip(row.pieces, row.phrase.steps, strict=True):
        starts = found[piece]
        if gone:
            starts = {length: mask & ~_overlapping(gone, length) for length, mask in starts.items()}
        if steps:
            window = across(ends, step.gap) if step.across else spread(ends, step.gap)
            starts = {length: mask & window for length, mask in starts.items()}
        ends = 0
        for length, mask in starts.items():
            ends |= mask << length
        if not ends:
            return []
        steps.append(starts)
    return list(_closest(steps))


def _overlapping(gone: int, length: int) -> int:
    """Where a piece of this length would begin that has a unit that is gone."""
    mask = gone
    for step in range(1, length):
        mask |= gone >> step
    return mask


def _closest(steps: list[Starts]) -> Iterator[Chain]:
    """For each end of the last piece: the chain of closest pieces that leads there."""
    ends_of = [_shortest(starts) for starts in steps]
    rows = [sorted(ends) for ends in ends_of]
    for end in rows[-1]:
        chain = [(ends_of[-1][end], end)]
        for number in range(len(steps) - 2, -1, -1):
            place = rows[number][bisect_right(rows[number], chain[0][0]) - 1]
            chain.insert(0, (ends_of[number][place], place))
        yield tuple(chain)


def _shortest(starts: Starts) -> dict[int, int]:
    """For each end of a piece: the latest place where it begins."""
    return {
        start + length: start
        for length in sorted(starts, reverse=True)
        for start in places_of(starts[length])
    }
