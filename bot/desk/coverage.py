"""What the rota reaches: the page of `/shift gaps`, and the warning when a change opens a fatal gap.

The proof is domain/coverage.py; observed arrivals are those of the last eight weeks.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import outbox, switches
from bot.db.queries import rota as rota_queries
from bot.desk import Desk, access
from bot.desk.rota_history import rota_of
from bot.desk.shifts import BACK, without_left
from bot.domain.coverage import Coverage, Gap, Proof, horizon, prove
from bot.domain.rota_versions import RotaHistory
from bot.domain.shift_snapshots import GapsPage
from bot.domain.timetable import Span, total, union, within
from bot.errors import WrongInput

TOLD = "gaps_told"
_OBSERVED = timedelta(weeks=8)
_WEEK, _HOUR = timedelta(weeks=1), timedelta(hours=1)
_A_YEAR = timedelta(days=400)
"""The festivals of the year to come are looked at too."""


def proof(desk: Desk, stores: Sequence[str]) -> Proof:
    """The proof of the rota from now on, for these stores. Raises WrongInput without a rota."""
    with desk.database.reading() as tx:
        return _proof(tx, desk, stores, desk.now())


def _proof(tx: Session, desk: Desk, stores: Sequence[str], now: datetime) -> Proof:
    rota = rota_of(tx, desk.settings)
    if rota is None:
        raise WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")
    rota = without_left(rota, access.left_keys(tx, desk))
    end = horizon(rota, now)
    return prove(
        RotaHistory.of(rota),
        now,
        end,
        rota_queries.overrides(tx, now - BACK, max(end, now + _A_YEAR)),
        stores=tuple(stores),
        minimum_rest=timedelta(hours=desk.settings.shifts.minimum_rest_hours),
        arrivals=rota_queries.arrivals(tx, now - _OBSERVED),
    )


def page(desk: Desk, store: str | None) -> GapsPage:
    """What `/shift gaps` shows of one store, or of all."""
    stores = [one for one in desk.settings.stores if store in (None, one)]
    return drawn(desk, proof(desk, stores), store)


def drawn(desk: Desk, found: Proof, store: str | None) -> GapsPage:
    """A proof in terms of names."""
    names = {key: one.name for key, one in desk.settings.stores.items()}
    people = {key: one.name for key, one in desk.settings.agents.items()}
    return GapsPage(
        start=found.start,
        end=found.end,
        gaps=tuple(_gap(names, gap) for gap in found.gaps),
        rates=tuple(_rate(names, one) for one in found.coverage if one.need.lang is None),
        short_rests=tuple(
            (people.get(one.agent, one.agent), one.end, one.start, one.rest) for one in found.short_rests
        ),
        stress=tuple((one.name, one.start, one.end, one.reachable, len(one.fatal)) for one in found.stress),
        target=desk.settings.thresholds.target_response_rate,
        edition=found.edition,
        certificate=found.certificate,
        as_of=found.start,
        store=store,
    )


def _gap(names: dict[str, str], gap: Gap) -> tuple[str, str | None, datetime, datetime, bool]:
    return names.get(gap.need.store or "", ""), gap.need.lang, gap.start, gap.end, gap.is_fatal


def _rate(names: dict[str, str], one: Coverage) -> tuple[str, float, float | None]:
    return names.get(one.need.store or "", ""), one.reachable, one.reachable_observed


def warn(desk: Desk) -> int:
    """Tell the managers' channel of fatal gaps that were not there before; returns how many are new.

    A gap of every week is told once: that another week comes into sight is no news. Nor is a change
    of the rota that leaves the gaps as they were. What has gone is news again when it comes back.
    """
    if desk.settings.rota is None:
        return 0
    now = desk.now()
    with desk.database.reading() as tx:
        found = _proof(tx, desk, tuple(desk.settings.stores), now)
        told = switches.get(tx, TOLD)
    fatal = sorted((gap for gap in found.fatal if gap.need.lang is None), key=lambda gap: gap.start)
    new = _news(fatal, told)
    remembered = {
        "until": found.end.isoformat(),
        "gaps": [_written(gap) for gap in fatal],
        "new": [_written(gap) for gap in new] or (json.loads(told)["new"] if told else []),
    }
    with desk.database.writing() as tx:
        if switches.get(tx, TOLD) != told:  # another process was faster
            return 0
        switches.put(tx, TOLD, json.dumps(remembered))
        if new:
            outbox.put(tx, f"gaps:{int(now.timestamp())}", desk.settings.slack.escalation_channel, now)
    return len(new)


def _news(fatal: Sequence[Gap], told: str | None) -> list[Gap]:
    """Those of the gaps, in order of their start, that were not there when it was last looked."""
    if told is None:
        return list(fatal)
    seen: dict[str, list[Span]] = {}
    for store, start, end in json.loads(told)["gaps"]:
        seen.setdefault(store, []).append(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)))
    until = datetime.fromisoformat(json.loads(told)["until"])
    new = []
    for gap in fatal:
        known = seen.setdefault(gap.need.store or "", [])
        if _is_news(gap, known, until):
            new.append(gap)
        known.append(Span(gap.start, gap.end))
    return new


def _is_news(gap: Gap, known: Sequence[Span], until: datetime) -> bool:
    """Whether more than an hour of it was staffed before, as far as one looked, which was `until`.

    What lay beyond is no news if it only goes on with what happens every week, an hour more or less.
    """
    if gap.start >= until:
        return not any(abs(one.start + _WEEK - gap.start) <= _HOUR for one in known)
    end = min(gap.end, until)
    return end - gap.start - total(union(within(known, gap.start, end))) > _HOUR


def _written(gap: Gap) -> tuple[str, str, str]:
    return gap.need.store or "", gap.start.isoformat(), gap.end.isoformat()


def new_gaps(desk: Desk) -> GapsPage:
    """The page of what the last warning is about: the gaps that were new then, as they stand now."""
    with desk.database.reading() as tx:
        told = json.loads(switches.get(tx, TOLD) or '{"new": []}')
    found = proof(desk, tuple(desk.settings.stores))
    names = {key: one.name for key, one in desk.settings.stores.items()}
    new = [gap for gap in found.fatal if gap.need.lang is None and _is_among(gap, told["new"])]
    return replace(drawn(desk, found, None), gaps=tuple(_gap(names, gap) for gap in new))


def _is_among(gap: Gap, written: Sequence[Sequence[str]]) -> bool:
    return any(
        store == gap.need.store
        and datetime.fromisoformat(start) < gap.end
        and gap.start < datetime.fromisoformat(end)
        for store, start, end in written
    )
