"""What the trainers of policy check and triage share: texts as rows of weighed pieces, as the models see them.

Only the trainers import this: it needs scipy, which comes with scikit-learn.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from bot.domain.notions import Lexicon
from bot.domain.pieces import BITS, SHARES, Pieces, taken_apart, values


def taken_apart_each(texts: Iterable[Sequence[str]], notions: Lexicon) -> tuple[list[Pieces], ...]:
    """The pieces of all texts, each given as its lines."""
    found: tuple[list[Pieces], ...] = tuple([] for _ in SHARES)
    for lines in texts:
        for kind, pieces in zip(found, taken_apart(lines, notions), strict=True):
            kind.append(pieces)
    return found


def counted(found: Sequence[list[Pieces]], notions: Lexicon) -> list[sparse.csr_matrix]:
    """A table for each kind: how often each line of all texts has each piece."""
    return [_table(kind, (1 << BITS) + notions.kinds) for kind in found]


def _table(found: list[Pieces], pieces: int) -> sparse.csr_matrix:
    buckets = np.concatenate([one.buckets for one in found])
    counts = np.concatenate([one.counts for one in found])
    owners = np.repeat(np.arange(len(counts)), counts)
    return sparse.csr_matrix((np.ones(len(buckets)), (owners, buckets)), shape=(len(counts), pieces))


def rarity_of(groups: Sequence[sparse.csr_matrix], rows: np.ndarray) -> np.ndarray:
    """How rare each piece is among these lines, as the model will store it."""
    seen = sum((group[rows] > 0).sum(axis=0).A1 for group in groups)
    rarity = np.log((1 + rows.sum()) / (1 + seen)) + 1
    return np.maximum(np.round(rarity / rarity.max() * 255), 1) * (rarity.max() / 255)


def weighed(groups: Sequence[sparse.csr_matrix], rarity: np.ndarray) -> sparse.csr_matrix:
    """Every line as the model sees it: a row for each, each kind of pieces as long as its share."""
    total = None
    for group, share in zip(groups, SHARES, strict=True):
        # A table keeps its rows one after the other, and how often a piece occurs once.
        often = group.data.astype(int)
        buckets = np.repeat(group.indices, often)
        counts = np.asarray(group.sum(axis=1)).ravel().astype(int)
        worth = values(rarity[buckets].astype(np.float32), Pieces(buckets, counts), share)
        owners = np.repeat(np.arange(len(counts)), counts)
        rows = sparse.csr_matrix((worth, (owners, buckets)), shape=group.shape)
        total = rows if total is None else total + rows
    return total
