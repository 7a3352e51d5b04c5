"""What the sentences of a reply say together: small decision trees whose answers are added up.

They are grown by `tests/train_policy.py` on what the sentence model says of replies by authors whom it has not read.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.domain.pieces import Numbers

Places = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as rows of nodes: a node asks whether number `asks` is at most `bound`, then `low` or `high` is next.

    A leaf leads to itself and has a `worth`. `roots` are where the trees begin, none is deeper than `depth`.
    """

    roots: Places
    asks: Places
    bound: Numbers
    low: Places
    high: Places
    worth: Numbers
    depth: int
    bias: float

    def odds(self, numbers: Numbers) -> float:
        """The log-odds that the trees give."""
        nodes = self.roots
        for _ in range(self.depth):
            goes_low = numbers[self.asks[nodes]] <= self.bound[nodes]
            nodes = np.where(goes_low, self.low[nodes], self.high[nodes])
        return self.bias + float(self.worth[nodes].sum())
