"""Who is on shift, for everybody who asks: the rota with what changed it since. The past goes by the rules of then.

Without a rota (`settings.rota` is None) every agent counts as able to work at any time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import rota as rota_queries
from bot.db.tables import PersonRow
from bot.desk import Desk, access, rota_history
from bot.domain import calendars
from bot.domain.rota import Layer, Override, Rota, RotaAgent
from bot.domain.rota_versions import RotaHistory
from bot.domain.timetable import Stint, Timetable

BACK = timedelta(days=2)
AHEAD = timedelta(days=10)
FAR = timedelta(days=16)
"""How far the requests and lists of shifts look ahead, and a little more."""


@dataclass(slots=True)
class Staff:
    """The timetable around an instant, in terms of Slack users. `table` is None without a rota."""

    desk: Desk
    now: datetime
    table: Timetable | None
    team: Mapping[str, access.Member]
    """Everybody who has rights now, by key."""
    muted: Mapping[str, datetime] = field(default_factory=dict)
    """Who has do-not-disturb on, until when."""
    overrides: tuple[Override, ...] = ()
    rules: RotaHistory | None = None
    person_of: dict[str, str] = field(init=False)
    """From the key of an agent to the Slack user id; people who left are not in it."""
    key_of: dict[str, str] = field(init=False)
    _on: dict[tuple[str | None, datetime], tuple[str, ...]] = field(init=False, default_factory=dict)
    """What `on` found: the clock's look asks several times for each open deadline."""

    def __post_init__(self) -> None:
        self.person_of = {key: one.person for key, one in self.team.items()}
        self.key_of = {person: key for key, person in self.person_of.items()}

    def persons(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Slack user ids of these agents, in the same order."""
        return tuple(self.person_of[key] for key in keys if key in self.person_of)

    def on(self, store: str | None, at: datetime | None = None) -> tuple[str, ...]:
        """Who can be asked to work for `store`: those on shift, in order of precedence."""
        when = (store, at or self.now)
        if when not in self._on:
            self._on[when] = self._found_on(*when)
        return self._on[when]

    def _found_on(self, store: str | None, at: datetime) -> tuple[str, ...]:
        if self.table is None:
            return self.persons(access.keys_of(self.team, store))
        return self.persons(one.agent for one in self.stints_on(store, at))

    def stints_on(self, store: str | None, at: datetime | None = None) -> list[Stint]:
        """The stints that run at `at` (now), of people whom Slack knows."""
        if self.table is None:
            return []
        return [one for one in self.table.on(store, at or self.now) if one.agent in self.person_of]

    def stint_of(self, person: str) -> Stint | None:
        """The stint that somebody is in now, in whatever store; None for who is not on shift."""
        return next((one for one in self.stints_on(None) if self.person_of[one.agent] == person), None)

    def is_on(self, person: str, store: str | None, at: datetime | None = None) -> bool:
        """Whether somebody is on shift for the store."""
        return person in self.on(store, at)

    def has_shifts(self, person: str) -> bool:
        """Whether the rota says when this person works, even if it is not before next month.

        Of the others nobody can say that they are off.
        """
        if self.table is None:
            return False
        rota = self.table.rota
        agent = rota.agent(self.key_of.get(person, ""))
        return agent is not None and any(_names(one, agent, self.now) for one in rota.layers)

    def may_be_called(self, person: str, store: str | None) -> bool:
        """Quiet hours: nobody is called off shift. Who has no shifts at all is never off."""
        return self.is_on(person, store) or not self.has_shifts(person)

    def hears_at(self, person: str) -> datetime:
        """When somebody may be told what can wait: now, or when their next shift begins."""
        return self.now if self.may_be_called(person, None) else self.back_at(person, None) or self.now

    def staffed_left(self, store: str | None, due: datetime) -> timedelta:
        """How much of the time until `due` somebody is on; all of it without a rota."""
        if self.table is None or due <= self.now:
            return due - self.now
        return self.table.staffed_time(store, self.now, due)

    def is_fatal(self, store: str | None, due: datetime) -> bool:
        """Whether nobody will be on before `due`."""
        return self.table is not None and self.now < due and not self.staffed_left(store, due)

    def back_at(self, person: str, store: str | None) -> datetime | None:
        """When somebody who is off comes on again."""
        if self.table is None:
            return None
        stints = self.table.stints_of(self.key_of.get(person, ""), store)
        return next((one.start for one in stints if one.start > self.now), None)


def _names(layer: Layer, agent: RotaAgent, now: datetime) -> bool:
    """Whether the layer, if it is not over, has shifts of this agent's."""
    if layer.last_day is not None and layer.last_day < (now - BACK).date():
        return False
    turns = layer.rotation.turns if layer.rotation else ()
    if any(agent.key in people for people in (*(one.agents for one in layer.shifts), *turns)):
        return True
    return bool(layer.calendar) and not agent.names.isdisjoint(_people(str(layer.calendar)))


@lru_cache(maxsize=50)
def _people(calendar: str) -> frozenset[str]:
    found = calendars.people(calendar) if calendars.is_calendar(calendar) else frozenset()
    return frozenset(one.casefold() for one in found)


def without_left(rota: Rota, left: Collection[str]) -> Rota:
    """The rota without people who have no rights any more: nobody asks them, so nobody is on by their shifts."""
    return replace(rota, agents=tuple(one for one in rota.agents if one.key not in left))


def staff_at(tx: Session, desk: Desk, now: datetime, ahead: timedelta = AHEAD) -> Staff:
    """Who works around `now`."""
    start, end = now - BACK, now + ahead
    rules = rota_history.around(tx, desk, start)
    if rules is not None and (left := access.left_keys(tx, desk)):
        rules = rules.changed(lambda rota: without_left(rota, left))
    changes = tuple(rota_queries.overrides(tx, start - BACK, end + BACK)) if rules is not None else ()
    return Staff(
        desk,
        now,
        rules.timetable(start, end, changes) if rules is not None else None,
        access.team(tx, desk),
        _muted(tx, now),
        changes,
        rules,
    )


def shift_of(tx: Session, desk: Desk, person: str, store: str | None, at: datetime) -> str | None:
    """The layers of the rota (or override, swap) that put `person` on at `at`; "" off shift, None without a rota."""
    if desk.settings.rota is None:
        return None
    view = staff_at(tx, desk, at, timedelta(hours=1))
    agent = view.key_of.get(person)
    shifts = view.table.of(store) if view.table else []
    return ", ".join(
        sorted({one.source for one in shifts if one.agent == agent and one.start <= at < one.end})
    )[:200]


def with_overrides(view: Staff, further: Iterable[Override]) -> Staff:
    """Who would work with some more overrides."""
    if view.table is None or view.rules is None:
        return view
    changes = (*view.overrides, *further)
    table = view.rules.timetable(view.table.start, view.table.end, changes)
    return Staff(view.desk, view.now, table, view.team, view.muted, changes, view.rules)


def _muted(tx: Session, now: datetime) -> dict[str, datetime]:
    rows = tx.execute(
        select(PersonRow.person, PersonRow.quiet_until).where(
            PersonRow.quiet_from <= now, PersonRow.quiet_until > now
        )
    )
    return {row.person: row.quiet_until for row in rows if row.quiet_until is not None}
