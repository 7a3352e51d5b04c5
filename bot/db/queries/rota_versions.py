"""The versions of the rota that are kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import PersonRow
from bot.db.tables_shifts import CalendarRow, RotaVersionRow


@dataclass(frozen=True, slots=True)
class Known:
    """A kept version without its rules."""

    number: int
    since: datetime
    digest: str


def known(tx: Session) -> list[Known]:
    """All of them, in the order in which they came into force."""
    rows = tx.execute(
        select(RotaVersionRow.id, RotaVersionRow.in_force_from, RotaVersionRow.digest).order_by(
            RotaVersionRow.in_force_from, RotaVersionRow.id
        )
    )
    return [Known(*row) for row in rows]


def is_any_since(tx: Session, start: datetime) -> bool:
    """Whether one came into force after `start`."""
    found = select(RotaVersionRow.id).where(RotaVersionRow.in_force_from > start).limit(1)
    return tx.scalar(found) is not None


def rules(tx: Session, number: int) -> str:
    """The text of one of them."""
    return tx.scalars(select(RotaVersionRow.rules).where(RotaVersionRow.id == number)).one()


def put(tx: Session, since: datetime, digest: str, text: str, names: Mapping[str, str]) -> int:
    """Keep one more; returns its number."""
    row = RotaVersionRow(in_force_from=since, digest=digest, rules=text, names=dict(names))
    tx.add(row)
    tx.flush()
    return row.id


def names(tx: Session) -> dict[str, str]:
    """How everybody was called, as each was last kept."""
    rows = tx.scalars(select(RotaVersionRow.names).order_by(RotaVersionRow.in_force_from, RotaVersionRow.id))
    return {key: name for names in rows for key, name in names.items()}


def fetched_layers(tx: Session, layers: Collection[str]) -> set[str]:
    """Those of these layers whose calendar was fetched at least once."""
    fetched = CalendarRow.layer.in_(layers) & CalendarRow.fetched_at.is_not(None)
    return set(tx.scalars(select(CalendarRow.layer).where(fetched)))


def agents_by_person(tx: Session) -> dict[str, str]:
    """From Slack user id to the key of the agent that each is or was: people who left are in it."""
    rows = tx.execute(select(PersonRow.person, PersonRow.agent).where(PersonRow.agent.is_not(None)))
    return {row.person: str(row.agent) for row in rows}
