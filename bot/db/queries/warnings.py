"""Warnings about figures: recording one once, and finding the latest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables_warnings import WarningRow


def add(tx: Session, key: str, at: datetime, facts: Mapping[str, Any]) -> WarningRow | None:
    """Record a warning, whose key is `kind:store:about:since`; None if that key was given before."""
    kind, store, about, _since = key.split(":")
    is_new = insert_once(
        tx,
        WarningRow,
        key=key,
        kind=kind,
        about=about,
        store=store,
        at=at,
        facts=dict(facts),
    )
    return tx.scalars(select(WarningRow).where(WarningRow.key == key)).one() if is_new else None


def latest(tx: Session, kind: str, about: str, store: str) -> WarningRow | None:
    """The newest warning about one thing."""
    return tx.scalars(
        select(WarningRow)
        .where(WarningRow.store == store, WarningRow.about == about, WarningRow.kind == kind)
        .order_by(WarningRow.id.desc())
        .limit(1)
    ).one_or_none()
