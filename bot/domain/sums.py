"""What very many duties add up to, in arrays: plain Python takes seconds for each agent's ninety days.

Definitions: sla.py; nothing here decides anything. Counts stand in the order of `sla.COUNTS`, response times in
the buckets of `sla.bucket`, each at its place among EDGES.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.domain import sla
from bot.domain.sla import Fact, Figures, Tally

Array = npt.NDArray[Any]

EDGES = tuple(
    sorted({edge for most, width in sla.STEPS for edge in range(width, most + 1, width)} | {sla.BEYOND})
)
_PLACE = {edge: place for place, edge in enumerate(EDGES)}
_COUNT = {name: place for place, name in enumerate(sla.COUNTS)}
_CONTACT = {None: -1, sla.RESOLVED: 0, sla.UNRESOLVED: 1, sla.UNDECIDED: 2}
_CONTACTS = tuple(_CONTACT)[1:]

TOOK = np.dtype([("value", "<u2"), ("bucket", "<u2"), ("answers", "<u4")])
"""How many answers of a value (its place in `Part.values`) lie in a bucket (its place in EDGES)."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one stretch of time adds up to, by value. `counts`: a row for each value; `took`: of type TOOK."""

    values: tuple[str, ...]
    counts: Array
    took: Array


def packed(part: Part) -> tuple[bytes, bytes]:
    """`counts` and `took` as bytes, the same on every machine."""
    return part.counts.astype("<i8").tobytes(), part.took.astype(TOOK).tobytes()


def unpacked(values: Sequence[str], counts: bytes, took: bytes) -> Part:
    """The part of these bytes."""
    table = np.frombuffer(counts, "<i8").reshape(len(values), len(sla.COUNTS))
    return Part(tuple(values), table, np.frombuffer(took, TOOK))


class Columns:
    """Facts, column by column, to be added up by several keys one after the other."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._count = _ints(one.count for one in facts)
        late = _ints(one.outcome == sla.LATE_ON_ARRIVAL for one in facts) > 0
        self._outcome = _ints(_COUNT[sla.column_of(one.outcome)] for one in facts)
        self._took = np.where(late, -1, _ints(-1 if one.took is None else _PLACE[one.took] for one in facts))
        self._contact = np.where(late, -1, _ints(_CONTACT[one.contact] for one in facts))
        self._spans = {
            name: np.where(late, 0, _ints(getattr(one, name) for one in facts))
            for name in ("seconds", "handled", "handle_seconds")
        }

    def parts(self, keys: Sequence[Hashable], values: Sequence[str]) -> dict[Any, Part]:
        """What the facts of each key add up to, by value; `keys` and `values` are those of the facts, in order."""
        # In order: then parts with the same values have them alike, and are added up faster.
        every, names = _places(keys), _places(sorted(set(values)))
        rows = _ints(every[one] for one in keys) * len(names) + _ints(names[one] for one in values)
        shape = len(every), len(names), len(sla.COUNTS)
        counts = self._counted(rows, len(every) * len(names)).reshape(shape)
        answers = self._answers(rows)
        edges = np.searchsorted(answers["row"], np.arange(len(every) + 1) * len(names))
        words, found = list(names), {}
        for key, place in every.items():
            here = np.flatnonzero(counts[place].any(axis=1))
            mine = answers[edges[place] : edges[place + 1]]
            took = np.empty(len(mine), TOOK)
            took["value"] = np.searchsorted(here, mine["row"] - place * len(names))
            took["bucket"], took["answers"] = mine["bucket"], mine["answers"]
            found[key] = Part(tuple(words[one] for one in here), counts[place][here], took)
        return found

    def _counted(self, rows: Array, size: int) -> Array:
        table = np.zeros((size, len(sla.COUNTS)), np.int64)
        np.add.at(table, (rows, self._outcome), self._count)
        for place, name in enumerate(_CONTACTS):
            here = self._contact == place
            np.add.at(table[:, _COUNT[str(name)]], rows[here], self._count[here])
        for name, numbers in self._spans.items():
            np.add.at(table[:, _COUNT[name]], rows, numbers)
        return table

    def _answers(self, rows: Array) -> Array:
        """(row, bucket, answers), each pair of row and bucket once, in order."""
        here = self._took >= 0
        cells, where = np.unique(rows[here] * len(EDGES) + self._took[here], return_inverse=True)
        found = np.empty(len(cells), [("row", "i8"), ("bucket", "i8"), ("answers", "i8")])
        found["row"], found["bucket"] = cells // len(EDGES), cells % len(EDGES)
        found["answers"] = _added(where, self._count[here], len(cells))
        return found


def _ints(numbers: Iterable[int]) -> Array:
    return np.fromiter(numbers, np.int64)


def _places(names: Iterable[Any]) -> dict[Any, int]:
    """A place for each name, once."""
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def _added(places: Array, numbers: Array, size: int) -> Array:
    # In floats, which hold whole numbers up to 2 ** 53: more messages than there ever were.
    return np.bincount(places, numbers, size).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What each value adds up to in each of some periods: [value, period, ...]."""

    values: tuple[str, ...]
    counts: Array
    took: Array

    def so_far(self) -> "Sums":
        """Each period with those before it."""
        return Sums(self.values, self.counts.cumsum(axis=1), self.took.cumsum(axis=1))

    def of_all(self) -> tuple[Figures, ...]:
        """The figures of all values together, a period each."""
        every = self.counts.sum(axis=0, keepdims=True), self.took.sum(axis=0, keepdims=True)
        return _figures(*every)[0]

    def by_value(self) -> dict[str, tuple[Figures, ...]]:
        """The figures of each value, a period each."""
        return dict(zip(self.values, _figures(self.counts, self.took), strict=True))

    def took_in(self, period: int) -> dict[int, int]:
        """The answers of all values in one period, by bucket."""
        answers = self.took[:, period].sum(axis=0).tolist()
        return {edge: count for edge, count in zip(EDGES, answers, strict=True) if count}


def add_up(parts: Iterable[tuple[int, Part]], periods: int) -> Sums:
    """Add up parts, each with the place of its period, of which there are so many."""
    names = dict[str, int]()
    rows, counts, cells, answers = [], [], [], []
    known: dict[tuple[str, ...], Array] = {}
    for period, part in parts:
        if (mine := known.get(part.values)) is None:
            mine = known[part.values] = _ints(names.setdefault(name, len(names)) for name in part.values)
        at = mine * periods + period
        rows.append(at)
        counts.append(part.counts)
        cells.append(at[part.took["value"]] * len(EDGES) + part.took["bucket"])
        answers.append(part.took["answers"])
    size = len(names) * periods
    table, took = np.zeros((size, len(sla.COUNTS)), np.int64), np.zeros(size * len(EDGES), np.int64)
    if rows:
        np.add.at(table, np.concatenate(rows), np.concatenate(counts))
        took = _added(np.concatenate(cells), np.concatenate(answers), len(took))
    shape = len(names), periods
    return Sums(tuple(names), table.reshape(*shape, len(sla.COUNTS)), took.reshape(*shape, len(EDGES)))


def together(every: Iterable[Sums]) -> Sums:
    """Sums of the same periods, as one."""
    some = list(every)
    values = tuple(dict.fromkeys(value for one in some for value in one.values))
    place = _places(values)
    counts, took = (
        np.zeros((len(values), *wanted.shape[1:]), np.int64) for wanted in (some[0].counts, some[0].took)
    )
    for one in some:
        rows = [place[value] for value in one.values]
        counts[rows] += one.counts
        took[rows] += one.took
    return Sums(values, counts, took)


def _figures(counts: Array, took: Array) -> list[tuple[Figures, ...]]:
    below = took.cumsum(axis=-1)
    medians, nineties = (_percentiles(below, percent) for percent in (50, 90))
    return [
        tuple(
            sla.figures_with(tally_of(row), medians[value][period], nineties[value][period])
            for period, row in enumerate(periods)
        )
        for value, periods in enumerate(counts)
    ]


def _percentiles(below: Array, percent: int) -> list[list[float | None]]:
    """`sla.percentile` of each value and period; `below`: answers up to each edge."""
    ranks = -(-below[..., -1] * percent // 100)
    places = (below < ranks[..., None]).sum(axis=-1)
    return [
        [float(EDGES[place]) if rank else None for place, rank in zip(*row, strict=True)]
        for row in zip(places.tolist(), ranks.tolist(), strict=True)
    ]


def tally_of(counts: Array) -> Tally:
    """One row of counts; without response times."""
    return Tally(*counts.tolist())


def by_place(parts: Iterable[tuple[int, Part]], places: int) -> tuple[Tally, ...]:
    """What stands at each place adds up to; without response times."""
    table = np.zeros((places, len(sla.COUNTS)), np.int64)
    for place, part in parts:
        table[place] += part.counts.sum(axis=0)
    return tuple(tally_of(row) for row in table)
