"""The small trained half of the policy check: how much the sentences of a reply resemble forbidden ones.

A sentence is taken apart into all runs of one to five characters, its words and its pairs of words, and what
its words are about (notions.py); each piece has a weight for "breaks some rule", for each rule, and for "is of a
reply that breaks one". What the sentences say together is weighed by trees (trees.py). Weights and trees come from
`tests/train_policy.py` and are passed in: nothing here reads a file or draws a number. Phrases say what is
forbidden; the model says whether a reply is like one in which that was meant, and covers what nobody wrote a
phrase for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.domain.notions import Lexicon
from bot.domain.pieces import SHARES, Numbers, Pieces, by_line, taken_apart, values
from bot.domain.policy.trees import Trees

Span = tuple[int, int]

# A full stop ends a sentence only before a blank, so that hosts and prices stay whole. Here and elsewhere a set comes
# first, because the search for one is fast.
_END = re.compile(
    r"[!?。！？….;:\n](?:(?<=[!?。！？…])[!?。！？…]*[\s\"')\]」』”]*|(?<=[.;:])(?=\s)\s*|(?<=\n)\s*)"
)
_SHORTEST = 12
# Bytes; of less than that the model can't judge, and phrases alone do.
_SAYS_LITTLE = 18
ABSENT, UNJUDGED = -9.0, 0.0
# Half of what is more than any square of a rarity.
_MIDDLE = 1 << 15
# How many sentences a model remembers.
_REMEMBERED = 20_000
_DIGIT = re.compile(r"\d")
# Addresses and hosts are judged by their form (links.py); which names they have teaches nothing.
_ADDRESS = re.compile(r"(?<!\S)[^\s@]{0,64}@\S+")
_HOST = re.compile(
    r"(?<![\w.-])(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w-])(?:/[!-~]*)?|\b(?:example|test)\b"
)
# All signs of a host but names that are set apart for examples: they alone have a search that is fast.
_DOT = re.compile(r"\.[a-z]{2}")
_HOST_SIGN = re.compile(r"\.[a-z]{2}|example|test")
_LEET = re.compile(r"[0134](?<=[a-z].)(?=[a-z])")
_ONE_DIGIT = str.maketrans("123456789", "0" * 9)
_LETTER_OF = {"0": "o", "1": "i", "3": "e", "4": "a"}
_SET_APART = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff]) (?=[\u3040-\u30ff\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """`weights[piece, label]` and `rarity[piece]` as small integers that `scale` and `rarity_scale` enlarge.

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
    known: "dict[str, Judged]" = field(default_factory=dict, init=False, repr=False, compare=False)
    _packed: npt.NDArray[np.int64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay what every line is asked for side by side: two weights by the rarity of a piece, and its square.

        The square is less `_MIDDLE`: then they fill three of the four quarters of one number, which is fetched at once.
        """
        rarity = self.rarity.astype(np.int32)
        quarters = np.zeros((len(rarity), 4), dtype=np.int16)
        quarters[:, 0], quarters[:, 1] = self.weights[:, 0] * rarity, self.weights[:, -1] * rarity
        quarters[:, 2] = rarity * rarity - _MIDDLE
        object.__setattr__(self, "_packed", quarters.view(np.int64).ravel())

    def read(self, text: str, spans: Sequence[Span]) -> "Resemblance":
        """The sentences at `spans`, ready to be asked.

        What was found of a sentence is remembered: a reply is checked when it is written, previewed and sent.
        """
        said = [text[start:end] for start, end in spans]
        judged = self._remembered(said)
        known = [judged[one] for one in said]
        bias = float(self.bias[-1])
        whole = bias + sum(one.of_reply - bias for one in known) / len(said) ** 0.5
        any_rule = np.array([one.any_rule for one in known], dtype=np.float32)
        of_reply = [one.of_reply for one in known]
        return Resemblance(self, spans, any_rule, of_reply, whole, [one.rules for one in known])

    def _remembered(self, said: Sequence[str]) -> "dict[str, Judged]":
        """What is found of each sentence. Other threads may empty the memory meanwhile."""
        judged = {one: known for one in said if (known := self.known.get(one))}
        new = [one for one in dict.fromkeys(said) if one not in judged]
        if new:
            judged.update(zip(new, self._judged(lines_of(new)), strict=True))
            if len(self.known) + len(new) > _REMEMBERED:
                self.known.clear()
            self.known.update((one, judged[one]) for one in new)
        return judged

    def _judged(self, lines: Sequence[str]) -> Iterator["Judged"]:
        kinds = taken_apart(lines, self.lexicon)
        little = np.array([len(line.encode("utf-8", "replace")) < _SAYS_LITTLE for line in lines])
        any_rule, of_reply = self._first_and_last(kinds)
        any_rule[little], of_reply[little] = UNJUDGED, self.bias[-1]
        doubted = any_rule >= self.harmless
        rules = self._rules(kinds, doubted)
        rules[little] = UNJUDGED
        odds = zip(any_rule.tolist(), of_reply.tolist(), doubted.tolist(), strict=True)
        for line, (of_line, of_whole, doubt) in enumerate(odds):
            yield Judged(of_line, of_whole, rules[line] if doubt else None)

    def _first_and_last(self, kinds: Sequence[Pieces]) -> Numbers:
        """The log-odds of the first and the last label for every line; 0 is as likely as not.

        They are asked of every line: what is known of a piece is fetched at once, and each line's length is divided
        by at the end. `_rules` says the same piece by piece.
        """
        sums = np.zeros((len(kinds[0].counts), 2))
        for kind, share in zip(kinds, SHARES, strict=True):
            quarters = self._packed.take(kind.buckets).view(np.int16).reshape(-1, 4)
            known = by_line(quarters, kind.counts)
            length = np.sqrt(np.maximum(known[:, 2] + kind.counts * _MIDDLE, 1e-9))
            sums += share * known[:, :2] / length[:, None]
        ends = [0, -1]
        odds: Numbers = (self.bias[ends] + sums * self.scale[ends]).astype(np.float32)
        return odds.T

    def _rules(self, kinds: Sequence[Pieces], doubted: npt.NDArray[np.bool_]) -> Numbers:
        """The log-odds of each rule, a row for each line; of lines that are not doubted the bias alone."""
        odds = np.repeat(self.bias[None, 1:-1], len(doubted), axis=0)
        if not doubted.any():
            return odds
        for kind, share in zip(kinds, SHARES, strict=True):
            pieces = kind.of_lines(doubted)
            rarity = self.rarity.take(pieces.buckets) * np.float32(self.rarity_scale)
            worth = values(rarity, pieces, share)
            sums = by_line(self.weights.take(pieces.buckets, axis=0) * worth[:, None], pieces.counts)
            odds[doubted] += sums[:, 1:-1] * self.scale[1:-1]
        return odds


class Judged(NamedTuple):
    """The log-odds of a sentence: that it breaks some rule, is of a reply that does; if it is doubted, of each rule."""

    any_rule: float
    of_reply: float
    rules: Numbers | None


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the model says of the sentences of one text.

    `any_rule` are the log-odds that one breaks some rule, `of_reply` those that it is of a reply that does, `whole`
    those that all of them are, `rules` those of each rule, None for a harmless sentence.
    """

    model: SentenceModel
    spans: Sequence[Span]
    any_rule: Numbers
    of_reply: Sequence[float]
    whole: float
    rules: Sequence[Numbers | None]

    def alone(self, sentence: int) -> "Resemblance":
        """The same of a text that has this sentence only."""
        part = slice(sentence, sentence + 1)
        of_reply = self.of_reply[sentence]
        return Resemblance(
            self.model, self.spans[part], self.any_rule[part], [of_reply], of_reply, self.rules[part]
        )

    def together(self, with_phrase: Sequence[int]) -> Numbers:
        """What the trees look at; `with_phrase` are the sentences with a forbidden phrase.

        The three highest log-odds, the highest of a sentence with a phrase, the mean, the whole, and for each rule the
        highest among the sentences that are not harmless. What there is not is ABSENT.
        """
        ranked = np.sort(self.any_rule)[::-1]
        three = [*ranked[:3].tolist(), *[ABSENT] * (3 - len(ranked))]
        phrase = max(self.any_rule[list(with_phrase)].tolist(), default=ABSENT)
        doubted = [rules for rules in self.rules if rules is not None]
        highest = np.max(doubted, axis=0) if doubted else [ABSENT] * (len(self.model.labels) - 2)
        return np.array([*three, phrase, ranked.mean(), self.whole, *highest], dtype=np.float32)

    def likeliest(self, sentence: int) -> str | None:
        """The rule that most sentences like this one broke; None of a harmless one."""
        rules = self.rules[sentence]
        return None if rules is None else self.model.labels[1 + int(rules.argmax())]


def sentences(text: str) -> list[Span]:
    """Where the sentences stand; what is too short to say anything belongs to the one before it."""
    spans: list[Span] = []
    for start, end in pairwise(bounds(text)):
        if spans and _is_short(text, *spans[-1]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans or [(0, len(text))]


def _is_short(text: str, start: int, end: int) -> bool:
    """Six Chinese signs say as much as eighteen letters."""
    return end - start < _SHORTEST and len(text[start:end].encode("utf-8", "replace")) < _SAYS_LITTLE


def bounds(text: str) -> list[int]:
    """Where sentences end, short ones too, with both ends of the text."""
    return sorted({0, len(text), *(match.end() for match in _END.finditer(text))})


def lines_of(said: Iterable[str]) -> list[str]:
    """Sentences with what their words say and without what their numbers, hosts and blanks are."""
    low = "\n".join(" ".join(one.split()) for one in said).lower()
    if "@" in low:
        low = _ADDRESS.sub("", low)
    low = _without_hosts(low)
    if _DIGIT.search(low):
        low = _LEET.sub(lambda match: _LETTER_OF[match[0]], low)
        low = low.translate(_ONE_DIGIT) if low.isascii() else _DIGIT.sub("0", low)
    return (low if low.isascii() else _SET_APART.sub("", low)).split("\n")


def _without_hosts(low: str) -> str:
    """Only words with the sign of a host are searched."""
    pieces: list[str] = []
    last = 0
    signs = _HOST_SIGN if "example" in low or "test" in low else _DOT
    for sign in signs.finditer(low):
        if sign.start() >= last:
            start = 1 + max(low.rfind(blank, last, sign.start()) for blank in " \n")
            start = start or last
            ends = (low.find(blank, sign.end()) for blank in " \n")
            end = min((one for one in ends if one >= 0), default=len(low))
            pieces += (low[last:start], _HOST.sub("", low[start:end]))
            last = end
    return "".join((*pieces, low[last:]))
