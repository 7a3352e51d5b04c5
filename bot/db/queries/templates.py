"""Versions of templates, and the replies that were written with one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables import DeadlineRow, MessageRow, ReplyRow
from bot.db.tables_templates import TemplateVersionRow
from bot.domain.outcomes import Use


def state(tx: Session) -> tuple[int, int]:
    """What changes whenever a version is added: the newest id, and how many there are.

    The count is not idle: of two versions that are added at once, the one with the smaller id may come later.
    """
    row = tx.execute(select(func.coalesce(func.max(TemplateVersionRow.id), 0), func.count())).one()
    return row[0], row[1]


def newest(tx: Session) -> Sequence[TemplateVersionRow]:
    """The newest version of each template and language, in their order."""
    last = (
        select(
            TemplateVersionRow.name,
            TemplateVersionRow.lang,
            func.max(TemplateVersionRow.version).label("version"),
        )
        .group_by(TemplateVersionRow.name, TemplateVersionRow.lang)
        .subquery()
    )
    return tx.scalars(
        select(TemplateVersionRow)
        .join(
            last,
            (TemplateVersionRow.name == last.c.name)
            & (TemplateVersionRow.lang == last.c.lang)
            & (TemplateVersionRow.version == last.c.version),
        )
        .order_by(TemplateVersionRow.name, TemplateVersionRow.lang)
    ).all()


def versions(tx: Session, name: str, lang: str) -> Sequence[TemplateVersionRow]:
    """All versions of a template in one language, oldest first."""
    return tx.scalars(
        select(TemplateVersionRow)
        .where(TemplateVersionRow.name == name, TemplateVersionRow.lang == lang)
        .order_by(TemplateVersionRow.version)
    ).all()


def add(tx: Session, **row: object) -> bool:
    """Add a version; False if somebody else has added one with its number."""
    return insert_once(tx, TemplateVersionRow, **row)


def uses(tx: Session, since: datetime, limit: int | None = None) -> list[Use]:
    """Accepted replies that began as a template, the latest first; of very many the latest `limit`."""
    closed_by = literal("reply:") + cast(ReplyRow.id, String)
    anchor = (
        select(func.min(DeadlineRow.anchor))
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .where(
            MessageRow.case == ReplyRow.case,
            DeadlineRow.closed_by == closed_by,
            DeadlineRow.counted,
            ~DeadlineRow.late_on_arrival,
        )
        .scalar_subquery()
    )
    wrote_again = (
        select(func.min(MessageRow.received_at))
        .where(MessageRow.case == ReplyRow.case, MessageRow.received_at > ReplyRow.accepted_at)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(ReplyRow.template, ReplyRow.accepted_at, ReplyRow.edited, anchor, wrote_again)
        .where(ReplyRow.template.is_not(None), ReplyRow.state == "accepted", ReplyRow.accepted_at >= since)
        .order_by(ReplyRow.accepted_at.desc(), ReplyRow.id.desc())
        .limit(limit)
    )
    return [
        Use(template, accepted_at, edited, begun, again)
        for template, accepted_at, edited, begun, again in rows
        if template is not None and accepted_at is not None
    ]
