"""A tree over the records' hashes, so that one record can be shown to be in the ledger without showing the others.

A hash tree as RFC 6962 section 2.1 has it: a leaf is SHA-256(0x00 + hash), a node SHA-256(0x01 + left + right), and
the left side of each node is the largest full tree that leaves something for the right. The proof of one leaf among
a million is twenty hashes. The chain alone would need every record after it.
"""

import hashlib
from collections.abc import Iterable, Sequence

Step = tuple[str, str]
"""("left" or "right", hash): on which side of us the other half stands."""
Peak = tuple[int, str]


def leaf(record_hash: str) -> str:
    """The leaf of a record, by its hash in the chain; 64 hex digits."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(record_hash)).hexdigest()


def node(left: str, right: str) -> str:
    """The node over two others."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


class Tree:
    """A tree that grows leaf by leaf, and remembers its peaks alone: the full trees of sizes 2^k that it is made of."""

    def __init__(self, peaks: Iterable[Sequence[object]] = ()) -> None:
        self._peaks: list[Peak] = [(int(str(size)), str(top)) for size, top in peaks]

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """(leaves, root) of the full trees, the largest first."""
        return tuple(self._peaks)

    def add(self, record_hash: str) -> None:
        """Another record."""
        size, top = 1, leaf(record_hash)
        while self._peaks and self._peaks[-1][0] == size:
            top = node(self._peaks.pop()[1], top)
            size *= 2
        self._peaks.append((size, top))

    def root(self) -> str:
        """The root over all leaves; of none the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").hexdigest()
        found = self._peaks[-1][1]
        for _size, top in reversed(self._peaks[:-1]):
            found = node(top, found)
        return found


class Prover:
    """Collects, while a tree grows, the proofs of the leaves that were asked for; places count from 1."""

    def __init__(self, wanted: Iterable[int]) -> None:
        self._wanted = frozenset(wanted)
        self._stack: list[tuple[int, str, list[int]]] = []
        self._paths: dict[int, list[Step]] = {place: [] for place in self._wanted}
        self.count = 0

    def add(self, record_hash: str) -> None:
        """Another record."""
        self.count += 1
        size, top, inside = 1, leaf(record_hash), [self.count] if self.count in self._wanted else []
        while self._stack and self._stack[-1][0] == size:
            _size, other, others = self._stack.pop()
            self._join(self._paths, (other, others), (top, inside))
            size, top, inside = size * 2, node(other, top), others + inside
        self._stack.append((size, top, inside))

    def proofs(self) -> tuple[str, dict[int, tuple[Step, ...]]]:
        """The root over what came until now, and the way from each wanted leaf among it up to that root."""
        paths = {place: list(steps) for place, steps in self._paths.items() if place <= self.count}
        if not self._stack:
            return Tree().root(), {}
        _size, top, inside = self._stack[-1]
        for _size, other, others in reversed(self._stack[:-1]):
            self._join(paths, (other, others), (top, inside))
            top, inside = node(other, top), others + inside
        return top, {place: tuple(steps) for place, steps in paths.items()}

    @staticmethod
    def _join(
        paths: dict[int, list[Step]], left: tuple[str, list[int]], right: tuple[str, list[int]]
    ) -> None:
        for place in left[1]:
            paths[place].append(("right", right[0]))
        for place in right[1]:
            paths[place].append(("left", left[0]))


def climbed(record_hash: str, steps: Iterable[Sequence[str]]) -> str:
    """The root that a proof leads to from a record's hash."""
    found = leaf(record_hash)
    for side, other in steps:
        found = node(other, found) if side == "left" else node(found, other)
    return found
