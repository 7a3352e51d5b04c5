"""Whether automation is on: what everything that happens by itself asks first. What stops: domain/manual.py.

After the ack nothing automatic leaves: who acts by itself calls `begin` before all else in its transaction, and
whoever switches waits for it. So either its work is committed before manual mode is, and is held back by that, or
it sees manual mode and does not begin.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.db.queries import manual as queries
from bot.db.tables_manual import ManualModeRow
from bot.desk import Desk
from bot.domain.breaker import trip_of
from bot.domain.manual import ManualMode, Paused, acting


def begin(tx: Session) -> Paused:
    """Something may happen by itself in this transaction, but not in these scopes. Before all other locks."""
    queries.share(tx)
    return paused(tx)


def paused(tx: Session) -> Paused:
    """The scopes in which nothing happens by itself, for who only looks."""
    return Paused(frozenset(row.scope for row in queries.lasting(tx)))


def modes(tx: Session) -> tuple[ManualMode, ...]:
    """All that is on now, the oldest first."""
    return tuple(mode_of(row) for row in queries.lasting(tx))


def acting_on(tx: Session, store: str | None) -> ManualMode | None:
    """What stops automation for a store; None is what belongs to no store."""
    return acting(modes(tx), store)


def shown(tx: Session, desk: Desk, store: str | None = None) -> tuple[ManualMode, ...]:
    """What is on now, with the stores' names: all of it, or what stops one store."""
    stores = desk.settings.stores
    return tuple(
        replace(one, name=stores[one.scope].name if one.scope in stores else "")
        for one in modes(tx)
        if store is None or one.acts_on(store)
    )


def mode_of(row: ManualModeRow) -> ManualMode:
    """A row as the rules know it."""
    return ManualMode(
        id=row.id,
        scope=row.scope,
        since=row.since,
        by=row.by,
        reason=row.reason,
        trip=trip_of(row.cause, row.facts) if row.cause else None,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
    )
