"""Anchors: the head of the ledger, recorded and posted once a day, so that nobody can cut or rewrite it unseen."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import ledger as queries
from bot.db.queries import outbox
from bot.db.tables_records import AnchorRow
from bot.desk import Desk
from bot.domain.ledger import Anchor
from bot.domain.ledger_tree import Tree
from bot.errors import NotFound


def put_due(desk: Desk) -> Anchor | None:
    """Anchor the ledger if no anchor was made this day (UTC), and something was recorded since the last one."""
    now = desk.now()
    with desk.database.writing() as tx:
        last = queries.last_anchor(tx)
        if last is not None and last.at.date() == now.date():
            return None
        return _put(tx, desk, last, now)


def _put(tx: Session, desk: Desk, last: AnchorRow | None, now: datetime) -> Anchor | None:
    tree, head = Tree(last.peaks if last else ()), None
    # What was anchored before is not read again: the peaks of its tree are where the next one goes on.
    for head in queries.hashes(tx, after=last.seq if last else 0):
        tree.add(head[1])
    if head is None:
        return None
    peaks = [list(one) for one in tree.peaks]
    row = AnchorRow(seq=head[0], hash=head[1], root=tree.root(), peaks=peaks, at=now)
    tx.add(row)
    tx.flush()
    if desk.settings.records.anchor_channel:
        outbox.put(tx, f"anchor:{row.seq}", desk.settings.records.anchor_channel, now)
    return Anchor(row.seq, row.hash, row.root)


def anchor(desk: Desk, seq: int) -> tuple[Anchor, datetime]:
    """The anchor of this record, and when it was made. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(AnchorRow, seq)
        if row is None:
            raise NotFound(f"There is no anchor {seq}.")
        return Anchor(row.seq, row.hash, row.root), row.at
