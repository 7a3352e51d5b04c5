"""The rules that are wording alone: reviews, incentives, payments, marketing, contact, pressure.

What to look for stands in `config/policy/`; here is only how hits become findings.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from bot.domain.phrases import Hit
from bot.domain.policy.finding import Finding, Reading, found

# How close, in characters, something of value must stand to a review to be meant for it.
_TIED = 160
# What one may name to say that one doesn't do it; a clause ends where the sentence may turn.
_REFUSABLE = {
    "messaging_app",
    "contact_off_amazon",
    "off_amazon_payment",
    "marketing",
    "review_solicitation",
    "incentive_for_review",
}
_CLAUSE_END = re.compile(r"[,;:!?。、()\n\u2013\u2014]|\.(?=\s|$)| - ")
# These are searched only in sentences that the model does not find harmless; a phrase of weight 9 decides alone.
DOUBTFUL = (
    "messaging_app",
    "contact_off_amazon",
    "review_solicitation",
    "incentive_for_review",
    "off_amazon_payment",
    "marketing",
    "blame_or_threat",
    "refusal",
    "turn",
)
DECIDES = 9
_RULES = (
    "messaging_app",
    "contact_off_amazon",
    "review_solicitation",
    "incentive_for_review",
    "off_amazon_payment",
    "marketing",
    "blame_or_threat",
    "cancel_pressure",
)


def suspects_of(reading: Reading) -> dict[str, list[Hit]]:
    """The phrases that the phrase files forbid, by rule; whether they are meant so is not yet asked."""
    refused = _refused(reading)
    suspects = {}
    for rule in _RULES:
        hits = _hits(reading, rule)
        if rule in _REFUSABLE:
            hits = [hit for hit in hits if hit.phrase.weight >= DECIDES or not refused(hit)]
        suspects[rule] = hits
    return suspects


def doubtful(suspects: Mapping[str, Sequence[Hit]]) -> list[Hit]:
    """The phrases of which the model decides."""
    of_rules = (hits for rule, hits in suspects.items() if rule in DOUBTFUL)
    return [hit for hits in of_rules for hit in hits if hit.phrase.weight < DECIDES]


def check_wording(
    reading: Reading, suspects: Mapping[str, Sequence[Hit]], meant: Collection[Hit]
) -> list[Finding]:
    """One finding for each place of a forbidden phrase; of the doubtful ones those that are `meant` so count."""
    left_out = set(doubtful(suspects)) - set(meant)
    return [
        found(reading, rule, start, end)
        for rule, hits in suspects.items()
        for start, end in _places(reading, [hit for hit in hits if hit not in left_out])
    ]


def _places(reading: Reading, hits: list[Hit]) -> list[tuple[int, int]]:
    """The hits' places in the text as given; hits that overlap are one place."""
    places: list[tuple[int, int]] = []
    for start, end in sorted(reading.plain.span(hit.start, hit.end) for hit in hits):
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _hits(reading: Reading, rule: str) -> list[Hit]:
    """The rule's hits; something of value counts only close to words about a review, or if it names one."""
    hits = reading.hits.get(rule, []) + reading.doubtful.get(rule, [])
    if rule != "incentive_for_review" or not hits:
        return hits
    reviews = reading.doubtful.get("review_solicitation", [])
    return [hit for hit in hits if hit.phrase.weight > 1 or any(_is_tied(hit, one) for one in reviews)]


def _is_tied(hit: Hit, review: Hit) -> bool:
    return hit.start - review.end <= _TIED and review.start - hit.end <= _TIED


def _refused(reading: Reading) -> Callable[[Hit], bool]:
    """Tells whether the clause of a hit says that we don't do that: "we can't call you, but ..."."""
    text = reading.plain.text

    @cache
    def refusals() -> list[int]:
        return [hit.start for hit in reading.doubtful.get("refusal", [])]

    @cache
    def bounds() -> list[int]:
        turns = reading.doubtful.get("turn", [])
        return sorted(
            [0, len(text), *(m.end() for m in _CLAUSE_END.finditer(text)), *(hit.start for hit in turns)]
        )

    def refused(hit: Hit) -> bool:
        if not refusals():
            return False
        start = bounds()[bisect_right(bounds(), hit.start) - 1]
        end = bounds()[min(bisect_left(bounds(), hit.end), len(bounds()) - 1)]
        first = bisect_left(refusals(), start)
        return first < len(refusals()) and refusals()[first] < end

    return refused
