"""The small trained half of the policy check: how much each sentence resembles replies that broke a rule.

A sentence is taken apart into all runs of one to five characters, its words and its pairs of words, and what
its words are about (notions.py); each piece has a weight for "breaks some rule" and for each rule. The weights
come from `tests/train_policy.py` and are passed in: nothing here reads a file or draws a number. Phrases say what
is forbidden; the model says whether a sentence is like one in which that was meant, and covers what nobody wrote
a phrase for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
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
Span = tuple[int, int]

# A full stop ends a sentence only before a blank, so that hosts and prices stay whole.
_END = re.compile(r"[!?。！？…]+[\s\"')\]」』”]*|[.;:](?=\s)\s*|\s*\n\s*")
_SHORTEST = 12
# Bytes; of less than that the model can't judge, and phrases alone do.
_SAYS_LITTLE = 18
# How many sentences a model remembers.
_REMEMBERED = 20_000
_DIGIT = re.compile(r"\d")
# Addresses and hosts are judged by their form (links.py); which names they have teaches nothing.
_ADDRESS = re.compile(r"(?<!\S)[^\s@]{0,64}@\S+")
_HOST = re.compile(
    r"(?<![\w.-])(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w-])(?:/[!-~]*)?|\b(?:example|test)\b"
)
_HOST_SIGN = re.compile(r"\.[a-z]{2}|example|test")
_LEET = re.compile(r"(?<=[a-z])[0134](?=[a-z])")
_LETTER_OF = {"0": "o", "1": "i", "3": "e", "4": "a"}
_SET_APART = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff]) (?=[\u3040-\u30ff\u3400-\u9fff])")
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|0+|[€$£%]")
_PRIME, _SPREAD = np.uint32(16777619), np.uint32(0x9E3779B1)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of some sentences: `owners[i]` is the number of the sentence that `buckets[i]` is of."""

    buckets: Buckets
    owners: Owners


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """`weights[label][piece]` and `rarity[piece]` as small integers that `scale` and `rarity_scale` enlarge.

    The first 2 ** BITS pieces are runs and words, the others are the pieces of `lexicon`.

    The first label is "breaks some rule", the others are rules. A sentence whose log-odds of the first are
    below `harmless` is not searched for phrases; above `guilty` it breaks a rule without any.
    """

    labels: Sequence[str]
    weights: npt.NDArray[np.int8]
    scale: Numbers
    bias: Numbers
    rarity: npt.NDArray[np.uint8]
    rarity_scale: float
    harmless: float
    guilty: float
    lexicon: Lexicon
    _known: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, text: str, spans: Sequence[Span]) -> "Resemblance":
        """The sentences at `spans`, ready to be asked.

        What was found of a sentence is remembered: a reply is checked when it is written, previewed and sent.
        """
        lines = lines_of(text, spans)
        new = [line for line in dict.fromkeys(lines) if line not in self._known]
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
            new = list(dict.fromkeys(lines))
        for line, odds in zip(new, self._odds(new, 0).tolist() if new else (), strict=True):
            self._known[line] = 0 if len(line.encode("utf-8", "replace")) < _SAYS_LITTLE else odds
        return Resemblance(
            self, spans, lines, np.array([self._known[line] for line in lines], dtype=np.float32)
        )

    def _odds(self, lines: Sequence[str], label: int) -> Numbers:
        """The log-odds of one label for every line; 0 is as likely as not."""
        sums = np.zeros(len(lines), dtype=np.float32)
        for pieces, share in zip(taken_apart(lines, self.lexicon), SHARES, strict=True):
            rarity = self.rarity[pieces.buckets] * np.float32(self.rarity_scale)
            worth = values(rarity, pieces, len(lines), share)
            weighed = self.weights[label][pieces.buckets] * worth
            sums += np.bincount(pieces.owners, weighed, minlength=len(lines)).astype(np.float32)
        return np.float32(self.bias[label]) + sums * np.float32(self.scale[label])

    def likeliest(self, line: str) -> str:
        """The rule that most sentences like this one broke."""
        rules = range(1, len(self.labels))
        return self.labels[max(rules, key=lambda label: float(self._odds([line], label)[0]))]


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the model says of the sentences of one text; `any_rule` are the log-odds that one breaks some rule."""

    model: SentenceModel
    spans: Sequence[Span]
    lines: Sequence[str]
    any_rule: Numbers

    def likeliest(self, sentence: int) -> str:
        """The rule that most sentences like this one broke."""
        return self.model.likeliest(self.lines[sentence])


def sentences(text: str) -> list[Span]:
    """Where the sentences stand; what is too short to say anything belongs to the one before it."""
    bounds = sorted({0, len(text), *(match.end() for match in _END.finditer(text))})
    spans: list[Span] = []
    for start, end in pairwise(bounds):
        if spans and spans[-1][1] - spans[-1][0] < _SHORTEST:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans or [(0, len(text))]


def taken_apart(lines: Sequence[str], lexicon: Lexicon) -> tuple[Pieces, Pieces, Pieces]:
    """The runs of characters, words and notions of the lines, each with the number of the line that it is of."""
    return _runs(lines), _words(lines), _notions(lines, lexicon)


def lines_of(text: str, spans: Sequence[Span]) -> list[str]:
    """The sentences with what their words say and without what their numbers, hosts and blanks are."""
    low = "\n".join(" ".join(text[start:end].split()) for start, end in spans).lower()
    if "@" in low:
        low = _ADDRESS.sub("", low)
    if _HOST_SIGN.search(low):
        low = _HOST.sub("", low)
    if _DIGIT.search(low):
        low = _DIGIT.sub("0", _LEET.sub(lambda match: _LETTER_OF[match[0]], low))
    return (low if low.isascii() else _SET_APART.sub("", low)).split("\n")


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
        words = _WORD.findall(line)
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
