"""What the trained model adds to the phrases: which sentences are harmless, and which break a rule unnamed."""

from collections.abc import Sequence

import numpy as np

from bot.domain.policy.finding import Finding, Reading, found_in_plain
from bot.domain.policy.sentence_model import Resemblance, Span


def doubted_spans(alike: Resemblance) -> list[Span]:
    """Where the sentences stand that resemble forbidden ones."""
    doubted = alike.any_rule >= alike.model.harmless
    return [span for span, doubt in zip(alike.spans, doubted, strict=True) if doubt]


def check_resemblance(reading: Reading, findings: Sequence[Finding]) -> list[Finding]:
    """A finding for each sentence that is much like forbidden ones and in which no other check found why."""
    guilty: list[int] = np.flatnonzero(reading.alike.any_rule >= reading.alike.model.guilty).tolist()
    blocked = [finding for finding in findings if finding.severity == "block"]
    added = []
    for number in guilty:
        span = _trimmed(reading.plain.text, *reading.alike.spans[number])
        start, end = reading.plain.span(*span)
        if span[0] < span[1] and not any(one.start < end and start < one.end for one in blocked):
            added.append(found_in_plain(reading, reading.plain, reading.alike.likeliest(number), *span))
    return added


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks around it."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
