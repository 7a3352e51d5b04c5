"""The rules that are wording alone: reviews, incentives, payments, marketing, contact, pressure.

What to look for stands in `config/policy/`; here is only how hits become findings.
"""

from bot.domain.phrases import Hit
from bot.domain.policy.finding import Finding, Reading, found

# How close, in characters, something of value must stand to a review to be meant for it.
_TIED = 160
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


def check_wording(reading: Reading) -> list[Finding]:
    """What the phrase files forbid, one finding for each place."""
    findings = []
    for rule in _RULES:
        findings += [found(reading, rule, start, end) for start, end in _places(reading, rule)]
    return findings


def _places(reading: Reading, rule: str) -> list[tuple[int, int]]:
    """The hits' places in the text as given; hits that overlap are one place."""
    places: list[tuple[int, int]] = []
    for start, end in sorted(_place(reading, hit) for hit in _hits(reading, rule)):
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _hits(reading: Reading, rule: str) -> list[Hit]:
    """The rule's hits; something of value counts as an incentive only close to words about a review."""
    hits = reading.hits.get(rule, [])
    if rule != "incentive_for_review":
        return hits
    reviews = reading.hits.get("review_solicitation", [])
    return [hit for hit in hits if any(_is_tied(hit, review) for review in reviews)]


def _is_tied(hit: Hit, review: Hit) -> bool:
    return hit.start - review.end <= _TIED and review.start - hit.end <= _TIED


def _place(reading: Reading, hit: Hit) -> tuple[int, int]:
    return reading.plain.span(hit.start, hit.end)
