"""The small statistical half of triage: which labelled messages a text resembles, by its pieces of letters.

A text is taken apart into all runs of one to four characters; each run has a weight for each label. The
weights come from `tests/train_topics.py` and are passed in: nothing here reads a file or draws a number.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LONGEST_RUN = 4
BITS = 16
# What a buyer wants stands at the beginning; the rest of a very long text would only cost time.
_READ = 2_000

_DIGITS = re.compile(r"\d+")
_NO_WORD = re.compile(r"[^\w?!]+")
_PRIME, _SPREAD = np.uint32(16777619), np.uint32(0x9E3779B1)

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TopicModel:
    """`weights[run, label]` and `rarity[run]`, both as small integers that `scale` and `rarity_scale` enlarge.

    The first `topics` labels exclude each other; each of the others is true or not.
    """

    labels: Sequence[str]
    topics: int
    weights: npt.NDArray[np.int8]
    scale: Numbers
    bias: Numbers
    rarity: npt.NDArray[np.uint8]
    rarity_scale: float

    def votes(self, text: str) -> Mapping[str, float]:
        """How likely each label is, from 0 to 1; the topics together make 1."""
        runs = runs_of(text)
        rarity = self.rarity[runs] * np.float32(self.rarity_scale)
        length = float(np.sqrt((rarity * rarity).sum())) or 1.0
        sums = self.bias + (rarity / length) @ self.weights[runs].astype(np.float32) * self.scale
        topics = np.exp(sums[: self.topics] - sums[: self.topics].max())
        others = 1 / (1 + np.exp(-sums[self.topics :]))
        return dict(zip(self.labels, [*(topics / topics.sum()).tolist(), *others.tolist()], strict=True))


def runs_of(text: str) -> npt.NDArray[np.uint32]:
    """The numbers, below 2**BITS, of all runs of characters in the text, each once and in order."""
    letters = np.frombuffer(_plain(text).encode("utf-32-le"), dtype=np.uint32)
    found = []
    hashed = np.zeros(len(letters), dtype=np.uint32)
    for length in range(1, min(LONGEST_RUN, len(letters)) + 1):
        count = len(letters) - length + 1
        hashed = (hashed[:count] * _PRIME) ^ (letters[length - 1 :] * _SPREAD)
        mixed = hashed ^ (hashed >> np.uint32(15))
        mixed = mixed * np.uint32(0x2C1B3C6D)
        found.append((mixed ^ (mixed >> np.uint32(12))) >> np.uint32(32 - BITS))
    runs = np.sort(np.concatenate(found))
    # np.unique does the same, and takes five times as long on so few.
    once: npt.NDArray[np.uint32] = runs[np.append(True, runs[1:] != runs[:-1])]
    return once


def _plain(text: str) -> str:
    """Lower case, numbers as 0, one blank between words and at both ends."""
    low = unicodedata.normalize("NFKC", text[:_READ]).lower().encode(errors="ignore").decode()
    return f" {_NO_WORD.sub(' ', _DIGITS.sub('0', low)).strip()} "
