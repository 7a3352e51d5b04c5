"""Words of the tests of bulk replies: buyers who write, the steps of a bulk reply, what was sent and what was not."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import LedgerRow, ReplyRow
from bot.desk import Desk, bulk, bulk_sending, reply, settle
from bot.desk.reply import Outgoing
from bot.domain.bulk import BulkPage, Wanted
from bot.domain.mail import Kind, Mail
from tests.world import ANNA, Post, buyer_mail

FRIDAY = {"due_date": "2026-11-27"}
WANTED = Wanted("nordlicht", "holding_reply", shared=FRIDAY)
STEP = timedelta(seconds=2)


class Buyers:
    """Buyers who write to Nordlicht, each about an order of their own."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self._post, self._count = Post(desk, clock), 0

    def case(self, name: str = "Katrin Muster", lang: str = "en", **about: object) -> int:
        self._count += 1
        self._post.deliver(self._mail(self._count, buyer_name=name, lang=lang, **about))
        return 1000 + self._count

    def write_again(self, case: int) -> None:
        self._post.deliver(self._mail(case - 1000, text="And another thing."))

    def opts_out(self, case: int, message_id: str) -> None:
        kind = Kind.OPT_OUT_NOTICE
        mail = Mail(kind=kind, why="a test", message_id=f"<out-{case}@amazon.example>")
        self._post.deliver(replace(mail, failed_message_id=message_id))

    @staticmethod
    def _mail(one: int, **about: object) -> Mail:
        mail = buyer_mail(
            amazon_case_id=f"case-{one}",
            order_id=f"305-0000000-{one:07}",
            buyer_alias=f"buyer{one}+case-{one}@marketplace.amazon.de",
            buyer_base=f"buyer{one}@marketplace.amazon.de",
        )
        return replace(mail, **about)


def begin(desk: Desk, by: str = ANNA, wanted: Wanted = WANTED) -> int:
    number = bulk.prepare(desk, wanted, by=by)
    bulk.start(desk, number, by=by)
    return number


def run(desk: Desk, clock: FixedClock, steps: int) -> None:
    for _ in range(steps):
        bulk_sending.send_due(desk)
        clock.advance(STEP)


def let_leave(desk: Desk, clock: FixedClock) -> None:
    """The undo windows end, and the mail server takes everything."""
    clock.advance(timedelta(minutes=1))
    while True:
        with desk.database.writing() as tx:
            rows = reply_queries.claim_ready(tx, desk.now())
            for row in rows:
                row.message_id = f"<reply-{row.id}@nordlicht.example>"
        if not rows:
            return
        for row in rows:
            settle.accepted(desk, row.id, code=250)


def sent(desk: Desk) -> list[ReplyRow]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(ReplyRow).where(ReplyRow.state != "draft").order_by(ReplyRow.id)))


def records(desk: Desk, beginning: str = "bulk") -> list[LedgerRow]:
    with desk.database.reading() as tx:
        rows = list(tx.scalars(select(LedgerRow).order_by(LedgerRow.seq)))
    return [row for row in rows if row.what.startswith(beginning)]


def troubles(desk: Desk, number: int) -> dict[int, str]:
    return {case: reason for case, reason, _facts in bulk.progress(desk, number).troubles}


def left_out(page: BulkPage) -> dict[int, str]:
    return {case: reason for case, reason, _facts in page.left_out}


def answer(desk: Desk, case: int, by: str) -> int:
    """A colleague answers by hand."""
    text = "Hello, thank you for your message. I am sorry about the delay. It arrives on Friday."
    shown = reply.preview(desk, case, text, by=by)
    return reply.send(
        desk, case, Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply), by=by
    )
