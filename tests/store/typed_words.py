"""Words for tests of typed messages: what is sent, how it stands, what the ledger and Slack hear of it."""

from typing import Any

from sqlalchemy import select

from bot.db.tables import LedgerRow
from bot.db.tables_typed import TypedFileRow, TypedMessageRow
from bot.desk import Desk, typed, typed_settle
from bot.desk.typed import TypedOutgoing
from bot.desk.typed_settle import Taken
from bot.domain.typed_messages import MessageFile, MessageKind, TypedMessage
from bot.domain.typed_snapshots import TypedPreview
from tests.world import LI_WEI

PDF = MessageFile("Rechnung 2026-11.pdf", "application/pdf", b"%PDF-1.7 \x00\xff invoice")
INVOICE = TypedMessage(MessageKind.INVOICE, files=(PDF,))
LATE = TypedMessage(MessageKind.PROBLEM, "Your bottle is delayed by two days. It arrives on Friday.")


def outgoing(shown: TypedPreview, **changes: Any) -> TypedOutgoing:
    given = {
        "fingerprint": shown.fingerprint,
        "seen": shown.seen,
        "seen_reply": shown.seen_reply,
        "seen_typed": shown.seen_typed,
        "to": shown.to,
    }
    return TypedOutgoing(**given | changes)


def send(
    desk: Desk, message: TypedMessage = LATE, case: int = 1001, *, by: str = LI_WEI, **changes: Any
) -> int:
    """Preview it and press Send."""
    shown = typed.preview(desk, case, message, by=by)
    return typed.send(desk, case, outgoing(shown, **changes), by=by)


def take(desk: Desk, store: str = "nordlicht") -> Taken:
    """The message that a worker takes now."""
    one = typed_settle.take(desk, store)
    assert one is not None
    return one


def stored(desk: Desk, number: int) -> TypedMessageRow:
    with desk.database.reading() as tx:
        return tx.get_one(TypedMessageRow, number)


def state(desk: Desk, number: int) -> tuple[str, str]:
    row = stored(desk, number)
    return row.state, row.code


def files(desk: Desk, number: int) -> list[tuple[str, bytes | None]]:
    query = select(TypedFileRow).where(TypedFileRow.message == number).order_by(TypedFileRow.id)
    with desk.database.reading() as tx:
        return [(one.name, one.content) for one in tx.scalars(query)]


def records(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    """(who, what, facts) of what the ledger has of typed messages."""
    with desk.database.reading() as tx:
        rows = tx.scalars(select(LedgerRow).order_by(LedgerRow.seq)).all()
        return [(one.who, one.what, one.facts) for one in rows if one.what.startswith("typed_")]
