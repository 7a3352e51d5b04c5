"""What the trained model adds to the phrases: which sentences are harmless, and which replies break a rule unnamed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from bot.domain.phrases import Hit
from bot.domain.pieces import Numbers
from bot.domain.policy.finding import Finding, Reading, found_in_plain
from bot.domain.policy.sentence_model import ABSENT, UNJUDGED, Resemblance, Span, bounds

LIKELY = 0.0
"""Log-odds from which a sentence of a reply that breaks a rule is pointed at, if it has a forbidden phrase."""
SURE = 0.75
"""The same for a sentence without one."""


HARDLY = -1.0
"""Log-odds below which no sentence breaks a rule by itself, whatever phrase it has; asking the trees costs more."""
BLUNT = 2.5
"""Log-odds from which a sentence may break a rule by itself, though it has no forbidden phrase."""
GUILTY_ALONE = 1.5
"""Log-odds of the trees from which a sentence breaks a rule by itself: of blunt ones among
polite ones nearly all that were missed are found, and no more clean replies of the unread sets are blocked."""


def doubted_spans(alike: Resemblance) -> list[Span]:
    """Where the sentences stand that may resemble forbidden ones."""
    doubted = alike.any_rule >= alike.model.harmless
    return [span for span, doubt in zip(alike.spans, doubted, strict=True) if doubt]


def numbers_of(reading: Reading, suspects: Iterable[Hit]) -> Numbers:
    """What the trees look at; `suspects` are the reply's forbidden phrases."""
    return reading.alike.together(sorted({_sentence_of(reading, hit) for hit in suspects}))


def breaks_a_rule(reading: Reading, suspects: Sequence[Hit]) -> bool:
    """Whether the reply, all in all, is like those that broke a rule, or one of its sentences is by itself.

    What is forbidden stays so, however much politeness stands around it.
    """
    model = reading.alike.model
    if model.trees.odds(numbers_of(reading, suspects)) >= model.guilty:
        return True
    blunt = [
        reading.alike.alone(number) for number in np.flatnonzero(reading.alike.any_rule >= BLUNT).tolist()
    ]
    with_phrases = (one for one in _with_phrases(reading, suspects) if one.any_rule[0] >= HARDLY)
    texts = [*((one, [0]) for one in with_phrases), *((one, []) for one in blunt)]
    return any(model.trees.odds(one.together(phrases)) >= GUILTY_ALONE for one, phrases in texts)


def _with_phrases(reading: Reading, suspects: Sequence[Hit]) -> Iterator[Resemblance]:
    """The sentences with phrases, each as if it were the whole reply; short ones too, which else belong to another."""
    if not suspects:
        return
    text, alike = reading.plain.text, reading.alike
    stops = bounds(text)
    spans = {
        (stops[bisect_right(stops, hit.start) - 1], stops[bisect_left(stops, hit.end)]) for hit in suspects
    }
    known = {span: number for number, span in enumerate(alike.spans) if span in spans}
    yield from map(alike.alone, known.values())
    if others := sorted(spans - known.keys()):
        read = alike.model.read(text, others)
        yield from map(read.alone, range(len(others)))


def meant(reading: Reading, suspects: Sequence[Hit], *, guilty: bool) -> list[Hit]:
    """The phrases for which a reply is blocked.

    If it breaks a rule, those in likely sentences, or in the likeliest. Else those in sentences that are too short for
    the model to judge.
    """
    odds = reading.alike.any_rule
    if not guilty:
        return [hit for hit in suspects if odds[_sentence_of(reading, hit)] == UNJUDGED]
    likely = [hit for hit in suspects if odds[_sentence_of(reading, hit)] >= LIKELY]
    return likely or [hit for hit in suspects if _sentence_of(reading, hit) == _likeliest(odds)]


def check_resemblance(reading: Reading, findings: Sequence[Finding]) -> list[Finding]:
    """A finding for each sentence of a reply that breaks a rule in which no other check found why.

    The likeliest sentence, if nothing else blocks the reply; but none that is harmless.
    """
    odds = reading.alike.any_rule
    blocked = [finding for finding in findings if finding.severity == "block"]
    guilty: list[int] = np.flatnonzero(odds >= SURE).tolist()
    added = []
    for number in guilty or ([] if blocked else [_likeliest(odds)]):
        span = _trimmed(reading.plain.text, *reading.alike.spans[number])
        start, end = reading.plain.span(*span)
        rule = reading.alike.likeliest(number)
        if rule and span[0] < span[1] and not any(one.start < end and start < one.end for one in blocked):
            added.append(found_in_plain(reading, reading.plain, rule, *span))
    return added


def _likeliest(odds: Numbers) -> int:
    """The number of the sentence that most probably breaks a rule; of those that can be judged, if any can."""
    return int(np.where(odds == UNJUDGED, ABSENT, odds).argmax())


def _sentence_of(reading: Reading, hit: Hit) -> int:
    """The number of the sentence in which a phrase begins."""
    return bisect_right(reading.alike.spans, hit.start, key=lambda span: span[0]) - 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks around it."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
