"""Random lives of a case against a naive twin: which duties are open, met, missed or excused, and since when.

Helpdesks get this wrong where an update overwrites the first response or a reply does not move the
deadline (zammad 5177, 2082).
"""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.queries import replies as reply_queries
from bot.db.tables import DeadlineRow, ReplyRow
from bot.desk import Desk, close, read, reply, settle
from bot.desk.knowledge import Knowledge
from bot.desk.reply import Outgoing
from bot.domain.mail import Kind, Mail
from tests import world
from tests.world import LI_WEI, Post, buyer_mail

DAY = timedelta(hours=24)
TEXT = "Hello Katrin, thank you for your message. I am sorry about the delay. It arrives on Friday."


@dataclass
class Duty:
    anchor: datetime
    state: str = "open"
    answered_at: datetime | None = None
    by: str = ""


@dataclass
class Twin:
    """What must hold, said as plainly as possible."""

    duties: list[Duty] = field(default_factory=list)
    is_closed: bool = False
    closing: str = ""
    last_reply: str = ""

    def answer(self, now: datetime, by: str) -> None:
        closed = [duty for duty in self.duties if duty.state == "open"]
        for duty in closed:
            duty.state = "met" if now - duty.anchor <= DAY else "missed"
            duty.answered_at, duty.by = now, by
        if closed or not by.startswith("copy"):
            self.is_closed, self.closing = True, by

    def bounce(self) -> None:
        for duty in self.duties:
            if duty.by == self.last_reply:
                duty.state, duty.answered_at, duty.by = "open", None, ""
        self.is_closed, self.last_reply = False, ""

    def excuse(self, now: datetime) -> None:
        self.closing = self.closing if self.is_closed else f"person {now}"
        for duty in self.duties:
            if duty.state == "open":
                duty.state, duty.by = "excused", self.closing
        self.is_closed = True

    def reopen(self) -> None:
        if self.is_closed:
            for duty in self.duties:
                if duty.state == "excused" and duty.by == self.closing:
                    duty.state, duty.by = "open", ""
        self.is_closed = False


class Life:
    """One case in the real desk and in the twin; each step happens to both."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self.desk, self.clock, self.post, self.twin = desk, clock, Post(desk, clock), Twin()

    def buyer(self) -> None:
        self.post.deliver(buyer_mail(f"Question {len(self.twin.duties)}"))
        self.twin.duties.append(Duty(self.clock.now()))
        self.twin.is_closed = False

    def reply(self) -> None:
        shown = reply.preview(self.desk, 1001, TEXT, by=LI_WEI)
        out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply)
        number = reply.send(self.desk, 1001, out, by=LI_WEI)
        self.clock.advance(timedelta(seconds=46))
        with self.desk.database.writing() as tx:
            (row,) = reply_queries.claim_ready(tx, self.clock.now())
            row.message_id = f"<reply-{number}@x.example>"
        settle.accepted(self.desk, number, code=250)
        self.twin.last_reply = f"reply:{number}"
        self.twin.answer(self.clock.now(), self.twin.last_reply)

    def bounce(self) -> None:
        if self.twin.last_reply:
            number = self.twin.last_reply.removeprefix("reply:")
            failed = f"<reply-{number}@x.example>"
            mail = Mail(
                kind=Kind.BOUNCE,
                why="5.7.1",
                message_id=f"<dsn-{number}@x.example>",
                failed_message_id=failed,
            )
            self.post.deliver(mail)
            self.twin.bounce()

    def copy(self) -> None:
        mail = Mail(
            kind=Kind.REPLY_COPY,
            why="a copy",
            message_id=f"<copy-{self.clock.now().timestamp():.0f}@x.example>",
            order_id="305-1234567-1234567",
            marketplace="DE",
            text="Typed in Seller Central.",
        )
        self.post.deliver(mail)
        self.twin.answer(self.clock.now(), "copy")

    def excuse(self) -> None:
        close.no_response_needed(self.desk, 1001, by=LI_WEI)
        self.twin.excuse(self.clock.now())

    def reopen(self) -> None:
        close.reopen(self.desk, 1001, by=LI_WEI)
        self.twin.reopen()

    def check(self) -> None:
        with self.desk.database.reading() as tx:
            rows = tx.query(DeadlineRow).order_by(DeadlineRow.message).all()
            assert tx.query(ReplyRow).filter(ReplyRow.state == "sending").count() == 0
        found = [(row.anchor, row.due_at - row.anchor, row.state, row.answered_at) for row in rows]
        assert found == [(one.anchor, DAY, one.state, one.answered_at) for one in self.twin.duties]
        assert (read.case(self.desk, 1001).state == "closed") is self.twin.is_closed


steps = st.lists(
    st.tuples(
        st.sampled_from(["buyer", "reply", "bounce", "copy", "excuse", "reopen"]), st.integers(1, 2000)
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_every_life_of_a_case_ends_as_the_naive_twin_says(
    sqlite_ready: bytes, knowledge: Knowledge, life: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "life.db"
        path.write_bytes(sqlite_ready)
        database = open_database(f"sqlite:///{path}")
        clock = FixedClock(world.START)
        real = Life(Desk(database, world.settings(), clock, knowledge), clock)
        real.buyer()
        for step, minutes in life:
            clock.advance(timedelta(minutes=minutes))
            getattr(real, step)()
            real.check()
        database.close()
