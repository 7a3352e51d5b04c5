"""What became of replies that were written with a template.

First-contact resolution: of the accepted replies whose seven days are decided, the share after which the buyer
did not write again within seven days. A reply that came back is none: it resolved nothing and asked nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Use:
    """One accepted reply that began as a template.

    `edited` is the share of characters that were changed (None: not measured), `anchor` the start of the
    earliest deadline that it closed, `wrote_again_at` when the buyer wrote for the first time after it.
    """

    template: str
    accepted_at: datetime
    edited: float | None = None
    anchor: datetime | None = None
    wrote_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TemplateFigures:
    """Figures of one template. Rates are fractions, None when there is nothing to divide by; times are seconds.

    `average_change` is over the edited replies. `undecided` ones have days left in which the buyer may write.
    """

    name: str
    sent: int = 0
    unchanged: int = 0
    edited: int = 0
    average_change: float | None = None
    resolved: int = 0
    unresolved: int = 0
    undecided: int = 0
    first_contact_resolution: float | None = None
    average_seconds: float | None = None


def resolved(use: Use, now: datetime) -> bool | None:
    """Whether the reply was the last word for seven days; None while that is open."""
    end = use.accepted_at + SILENCE
    if use.wrote_again_at is not None and use.wrote_again_at <= end:
        return False
    return True if now > end else None


def figures(uses: Iterable[Use], now: datetime) -> dict[str, TemplateFigures]:
    """Figures of each template that was used, as they stand at `now`, by name."""
    by_name = sorted(uses, key=lambda use: use.template)
    return {
        name: _figures(name, list(group), now) for name, group in groupby(by_name, lambda use: use.template)
    }


def _figures(name: str, uses: list[Use], now: datetime) -> TemplateFigures:
    ends = [resolved(use, now) for use in uses]
    good, bad = ends.count(True), ends.count(False)
    changes = [use.edited for use in uses if use.edited]
    took = [(use.accepted_at - use.anchor).total_seconds() for use in uses if use.anchor is not None]
    return TemplateFigures(
        name=name,
        sent=len(uses),
        unchanged=sum(use.edited == 0 for use in uses),
        edited=len(changes),
        average_change=_average(changes),
        resolved=good,
        unresolved=bad,
        undecided=ends.count(None),
        first_contact_resolution=good / (good + bad) if good + bad else None,
        average_seconds=_average(took),
    )


def _average(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def past_of(found: Mapping[str, TemplateFigures]) -> dict[str, tuple[int, int]]:
    """(resolved, decided) of each template: what the ranking of suggestions looks at."""
    return {name: (one.resolved, one.resolved + one.unresolved) for name, one in found.items()}
