"""The small trained half of the policy check: how much the sentences of a reply resemble forbidden ones.

A sentence is taken apart into all runs of one to five characters, its words and its pairs of words, and what
its words are about (notions.py); each piece has a weight for "breaks some rule", for each rule, and for "is of a
reply that breaks one". What the sentences say together is weighed by trees (trees.py). Weights and trees come from
`tests/train_policy.py` and are passed in: nothing here reads a file or draws a number. Phrases say what is
forbidden; the model says whether a reply is like one in which that was meant, and covers what nobody wrote a
phrase for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.domain.notions import Lexicon
from bot.domain.pieces import SHARES, Numbers, taken_apart, values
from bot.domain.policy.trees import Trees

Span = tuple[int, int]

# A full stop ends a sentence only before a blank, so that hosts and prices stay whole.
_END = re.compile(r"[!?。！？…]+[\s\"')\]」』”]*|[.;:](?=\s)\s*|(?<!\s)\s*\n\s*")
_SHORTEST = 12
# Bytes; of less than that the model can't judge, and phrases alone do.
_SAYS_LITTLE = 18
ABSENT, UNJUDGED = -9.0, 0.0
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


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """`weights[label][piece]` and `rarity[piece]` as small integers that `scale` and `rarity_scale` enlarge.

    The first 2 ** BITS pieces are runs and words, the others are the pieces of `lexicon`.

    The first label is "breaks some rule", the last "is of a reply that breaks one", the others are rules. A sentence
    whose log-odds of the first are below `harmless` is not searched for phrases. A reply breaks a rule if the log-odds
    of `trees` are `guilty` or more.
    """

    labels: Sequence[str]
    weights: npt.NDArray[np.int8]
    scale: Numbers
    bias: Numbers
    rarity: npt.NDArray[np.uint8]
    rarity_scale: float
    harmless: float
    guilty: float
    trees: Trees
    lexicon: Lexicon
    _known: dict[str, tuple[float, float]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def read(self, text: str, spans: Sequence[Span]) -> "Resemblance":
        """The sentences at `spans`, ready to be asked.

        What was found of a sentence is remembered: a reply is checked when it is written, previewed and sent.
        """
        lines = lines_of(text, spans)
        new = [line for line in dict.fromkeys(lines) if line not in self._known]
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
            new = list(dict.fromkeys(lines))
        if new:
            odds = self._odds(new, (0, len(self.labels) - 1))
            for line, any_rule, share in zip(new, odds[0].tolist(), odds[1].tolist(), strict=True):
                self._known[line] = (
                    (UNJUDGED, float(self.bias[-1])) if _says_little(line) else (any_rule, share)
                )
        known = np.array([self._known[line] for line in lines], dtype=np.float32)
        bias = float(self.bias[-1])
        whole = bias + float((known[:, 1] - bias).sum()) / len(lines) ** 0.5
        return Resemblance(self, spans, lines, known[:, 0], whole)

    def _odds(self, lines: Sequence[str], labels: Sequence[int]) -> Numbers:
        """The log-odds of the labels for every line, a row for each label; 0 is as likely as not."""
        sums = np.zeros((len(labels), len(lines)), dtype=np.float32)
        for pieces, share in zip(taken_apart(lines, self.lexicon), SHARES, strict=True):
            rarity = self.rarity[pieces.buckets] * np.float32(self.rarity_scale)
            worth = values(rarity, pieces, len(lines), share)
            for row, label in enumerate(labels):
                weighed = self.weights[label][pieces.buckets] * worth
                sums[row] += np.bincount(pieces.owners, weighed, minlength=len(lines)).astype(np.float32)
        odds: Numbers = self.bias[list(labels), None] + sums * self.scale[list(labels), None]
        return odds

    def rules_of(self, lines: Sequence[str]) -> Numbers:
        """The log-odds of each rule for every line, a row for each rule."""
        odds = self._odds(lines, range(1, len(self.labels) - 1))
        odds[:, [_says_little(line) for line in lines]] = 0
        return odds

    def likeliest(self, line: str) -> str:
        """The rule that most sentences like this one broke."""
        return self.labels[1 + int(self._odds([line], range(1, len(self.labels) - 1)).argmax())]


def _says_little(line: str) -> bool:
    return len(line.encode("utf-8", "replace")) < _SAYS_LITTLE


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the model says of the sentences of one text.

    `any_rule` are the log-odds that one breaks some rule, `whole` those that they are of a reply that does.
    """

    model: SentenceModel
    spans: Sequence[Span]
    lines: Sequence[str]
    any_rule: Numbers
    whole: float

    def together(self, with_phrase: Sequence[int]) -> Numbers:
        """What the trees look at; `with_phrase` are the sentences with a forbidden phrase.

        The three highest log-odds, the highest of a sentence with a phrase, the mean, the whole, and for each rule the
        highest among the sentences that are not harmless. What there is not is ABSENT.
        """
        ranked = np.sort(self.any_rule)[::-1]
        three = [*ranked[:3].tolist(), *[ABSENT] * (3 - len(ranked))]
        phrase = max(self.any_rule[list(with_phrase)].tolist(), default=ABSENT)
        doubted = [
            line
            for line, odds in zip(self.lines, self.any_rule.tolist(), strict=True)
            if odds >= self.model.harmless
        ]
        rules = self.model.rules_of(doubted).max(axis=1).tolist() if doubted else []
        rules = rules or [ABSENT] * (len(self.model.labels) - 2)
        return np.array([*three, phrase, ranked.mean(), self.whole, *rules], dtype=np.float32)

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
