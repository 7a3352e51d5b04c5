"""The small statistical half of triage: which labelled messages a text resembles, by its pieces (pieces.py).

The weights come from `tests/train_topics.py` and are passed in: nothing here reads a file or draws a number.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.domain.notions import Lexicon
from bot.domain.pieces import SHARES, Numbers, taken_apart, values

# What a buyer wants stands at the beginning; the rest of a very long text would only cost time.
_READ = 2_000

_DIGITS = re.compile(r"\d+")
_NO_WORD = re.compile(r"[^\w?!]+")


@dataclass(frozen=True, slots=True)
class TopicModel:
    """`weights[piece, label]` and `rarity[piece]`, both as small integers that `scale` and `rarity_scale` enlarge.

    The first `topics` labels exclude each other; each of the others is true or not.
    """

    labels: Sequence[str]
    topics: int
    weights: npt.NDArray[np.int8]
    scale: Numbers
    bias: Numbers
    rarity: npt.NDArray[np.uint8]
    rarity_scale: float
    lexicon: Lexicon

    def votes(self, text: str) -> Mapping[str, float]:
        """How likely each label is, from 0 to 1; the topics together make 1."""
        sums = self.bias.copy()
        for pieces, share in zip(taken_apart([plain(text)], self.lexicon), SHARES, strict=True):
            worth = values(self.rarity[pieces.buckets] * np.float32(self.rarity_scale), pieces, share)
            sums += worth @ self.weights[pieces.buckets].astype(np.float32) * self.scale
        topics = np.exp(sums[: self.topics] - sums[: self.topics].max())
        others = 1 / (1 + np.exp(-sums[self.topics :]))
        return dict(zip(self.labels, [*(topics / topics.sum()).tolist(), *others.tolist()], strict=True))


def plain(text: str) -> str:
    """Lower case, numbers as 0, one blank between words and at both ends."""
    low = unicodedata.normalize("NFKC", text[:_READ]).lower().encode(errors="ignore").decode()
    return f" {_NO_WORD.sub(' ', _DIGITS.sub('0', low)).strip()} "
