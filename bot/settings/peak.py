"""Peak mode as config/thresholds.yaml spells it."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field

from bot.domain.peak import Peak
from bot.settings.hints import did_you_mean
from bot.settings.positions import Keys
from bot.settings.rota_values import Date
from bot.settings.strict import Strict
from bot.settings.values import StoreChoice


class PeakSettings(Strict):
    """Store-local days, both included, on which an internal target acts beside Amazon's 24 hours."""

    first_day: Date
    last_day: Date
    target_hours: float = Field(default=12, ge=1, lt=24)
    stores: StoreChoice = "all"

    @property
    def peak(self) -> Peak:
        """The same for the rules."""
        stores = None if self.stores == "all" else frozenset(self.stores)
        return Peak(self.first_day, self.last_day, self.target_hours, stores)


def peak_faults(tree: Mapping[str, object]) -> Iterator[tuple[Keys, str]]:
    """What does not fit together: days in the wrong order, stores that there are not."""
    section, stores = tree.get("thresholds"), tree.get("stores")
    entries = section.get("peak") if isinstance(section, Mapping) else None
    names = list(stores) if isinstance(stores, Mapping) else []
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, Mapping):
            continue
        first, last = (_day(entry.get(key)) for key in ("first_day", "last_day"))
        if first is not None and last is not None and last < first:
            yield ("thresholds", "peak", index, "last_day"), f"{last} is before first_day, {first}"
        chosen = entry.get("stores")
        for place, store in enumerate(chosen if isinstance(chosen, list) else ()):
            if isinstance(store, str) and names and store not in names:
                text = f'there is no store "{store}".{did_you_mean(store, names)}'
                yield (
                    ("thresholds", "peak", index, "stores", place),
                    f"{text} (expected: {', '.join(names)})",
                )


def _day(value: object) -> date | None:
    """A day that is written as one; what is not has a fault of its own."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
