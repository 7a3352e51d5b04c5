"""Random histories of one buyer and a team of six: wishes, approvals, replies, bulk replies, merges, lost rights.

Both engines. Whatever happens in whichever order: no amount above a limit without a second person who may agree, no
reply by anybody but a person of the store or over another that waits, no number given twice, and the ledger tells all.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import count

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.tables import CaseRow, LedgerRow, ReplyRow
from bot.db.tables_solutions import CompensationRow, RmaRow
from bot.desk import Desk, bulk, bulk_sending, close, merging, read, reply, solution_pages, solutions
from bot.desk.reply import Outgoing
from bot.desk.solutions import Wish
from bot.domain.answers import newest_settled
from bot.domain.bulk import Wanted
from bot.domain.ledger import first_fault
from bot.errors import Reply24Error
from tests.store.bulk_words import let_leave
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, WANG, Post, buyer_mail

STEPS = 40
TEXT = "Hello,\n\nthank you for your message. I am sorry about this. It arrives on Friday.\n\nNordlicht"
ON_ITS_WAY = ("held", "queued", "sending")
KEYS = {LI_WEI: "li-wei", CHEN: "chen-yu", ANNA: "anna", BOB: "bob", WANG: "wang-fang"}


@dataclass
class Team:
    """One history. `roles` is who may do what for the store at the moment; nobody else may do anything."""

    desk: Desk
    clock: FixedClock
    post: Post
    roll: random.Random
    name: str
    first_case: int
    roles: dict[str, str] = field(
        default_factory=lambda: {ANNA: "agent", LI_WEI: "agent", CHEN: "manager", WANG: "manager"}
    )
    judged: dict[int, str] = field(default_factory=dict)

    def somebody(self) -> str:
        return self.roll.choice((ANNA, ANNA, LI_WEI, CHEN, WANG, BOB, GUEST))

    def cases(self) -> list[CaseRow]:
        with self.desk.database.reading() as tx:
            rows = select(CaseRow).where(CaseRow.number >= self.first_case).order_by(CaseRow.number)
            return list(tx.scalars(rows))

    def case(self) -> int:
        return self.roll.choice(self.cases()).number

    def rows(self) -> list[CompensationRow]:
        with self.desk.database.reading() as tx:
            found = select(CompensationRow).where(CompensationRow.case >= self.first_case)
            return list(tx.scalars(found.order_by(CompensationRow.id)))

    def write(self) -> None:
        thread = self.roll.randrange(3)
        self.post.deliver(
            buyer_mail(
                "Where is my parcel?",
                order_id=self.roll.choice((None, f"305-{self.name}-000000{thread}")),
                amazon_case_id=f"{self.name}-{thread}",
                buyer_base=f"{self.name}@m.example",
                buyer_alias=f"{self.name}+{thread}@m.example",
            )
        )

    def regroup(self) -> None:
        """Somebody loses the role, or gets it back."""
        person = self.roll.choice((ANNA, LI_WEI, CHEN, WANG))
        role = self.roll.choice(("agent", "manager", "none"))
        agents = dict(self.desk.settings.agents)
        stores = ("sunrise",) if role == "none" else ("nordlicht",)
        kind = "agent" if role == "none" else role
        agents[KEYS[person]] = agents[KEYS[person]].model_copy(update={"role": kind, "stores": stores})
        self.desk = replace(self.desk, settings=self.desk.settings.model_copy(update={"agents": agents}))
        self.roles[person] = role

    def wish(self) -> None:
        kind = self.roll.choice(("partial_refund", "partial_refund", "full_refund", "resend"))
        value = self.roll.choice(("25", "29.99", "50", "120", "500"))
        wanted = Wish(kind, value, self.roll.choice(("2.50", "5", "10", "24.99")))
        case, by = self.case(), self.somebody()
        seen = solution_pages.preview(self.desk, case, wanted, by=by).seen
        if self.roll.random() < 0.2:
            seen = self.roll.choice((0, seen, seen + 1))
        before = self.rows()
        number, state = solutions.grant(self.desk, case, wanted, by=by, seen=seen)
        self.judged[number] = state
        assert self.roles.get(by) in ("agent", "manager")
        if state == "granted":
            self.check_alone([*before, *(one for one in self.rows() if one.id == number)], number, by)

    def check_alone(self, rows: list[CompensationRow], number: int, by: str) -> None:
        """What was given at once is within the limits of `by`, counted by the order alone as a person would."""
        new = next(one for one in rows if one.id == number)
        limits = self.desk.settings.solutions.limits(
            "manager" if self.roles[by] == "manager" else "agent", "EUR"
        )
        order = {one.number: one.order_id for one in self.cases()}
        same = [one for one in rows if (one.order_id or order[one.case]) == (new.order_id or order[new.case])]
        counted = [one for one in same if one.state in ("asked", "granted", "approved")]
        assert {one.kind for one in counted} == {new.kind}
        value = Decimal(min(one.value_minor for one in same)) / 100
        total = Decimal(sum(one.amount_minor or 0 for one in counted)) / 100
        if new.kind == "partial_refund":
            assert total <= min(limits.partial, value * limits.percent / 100)
        else:
            most = limits.full if new.kind == "full_refund" else limits.resend
            assert len(counted) * Decimal(max(one.value_minor for one in same)) / 100 <= most

    def decide(self) -> None:
        rows = self.rows()
        if not rows:
            return
        row, by = self.roll.choice(rows), self.somebody()
        act = self.roll.choice((solutions.approve, solutions.approve, solutions.refuse, solutions.withdraw))
        act(self.desk, row.id, by=by)
        after = next(one for one in self.rows() if one.id == row.id)
        if act is solutions.withdraw:
            assert by == row.by if self.roles.get(by) != "manager" else True
            assert row.state == "asked" or by != row.by
        else:
            assert (self.roles.get(by), by != row.by) == ("manager", True)
            assert row.state == "asked" or (row.state, row.decided_by) == (after.state, by)
        assert after.decided_by == by

    def rma(self) -> None:
        solutions.rma_for(self.desk, self.case(), by=self.somebody())

    def merge(self) -> None:
        if len(rows := self.cases()) > 1:
            one, into = self.roll.sample(rows, 2)
            merging.merge(self.desk, one.number, into.number, by=self.somebody())

    def part(self) -> None:
        case = read.case(self.desk, self.case())
        if case.merged_into is not None:
            merging.separate(self.desk, case.number, by=self.somebody())
        else:
            merging.split(self.desk, case.number, [case.messages[-1].id], by=self.somebody())

    def answer(self) -> None:
        """Somebody writes while others may do so too: what they saw may be old when they send."""
        number, by = self.case(), self.somebody()
        case = read.case(self.desk, number)
        shown = reply.preview(self.desk, number, TEXT, by=by)
        if self.roll.random() < 0.5:
            self.try_once(self.roll.choice((self.answer_now, self.write, self.merge, self.part)))
        out = Outgoing(shown.text, shown.fingerprint, shown.seen, newest_settled(case.replies), to=shown.to)
        reply.send(self.desk, number, out, by=by)
        assert self.roles.get(by) in ("agent", "manager")

    def answer_now(self) -> None:
        number, by = self.case(), self.somebody()
        case = read.case(self.desk, number)
        shown = reply.preview(self.desk, number, TEXT, by=by)
        out = Outgoing(shown.text, shown.fingerprint, shown.seen, newest_settled(case.replies), to=shown.to)
        reply.send(self.desk, number, out, by=by)
        assert self.roles.get(by) in ("agent", "manager")

    def undo(self) -> None:
        with self.desk.database.reading() as tx:
            held = list(
                tx.scalars(
                    select(ReplyRow.id).where(ReplyRow.state == "held", ReplyRow.case >= self.first_case)
                )
            )
        if held:
            reply.undo(self.desk, self.roll.choice(held), by=self.somebody())

    def many(self) -> None:
        by = self.somebody()
        wanted = Wanted("nordlicht", "holding_reply", shared={"due_date": "2026-11-27"})
        number = bulk.prepare(self.desk, wanted, by=by)
        self.try_once(self.roll.choice((self.answer_now, self.merge, self.part, self.write)))
        bulk.start(self.desk, number, by=by)
        assert self.roles.get(by) in ("agent", "manager")

    def excuse(self) -> None:
        close.no_response_needed(self.desk, self.case(), by=self.somebody())

    def pass_time(self) -> None:
        if self.roll.random() < 0.5:
            let_leave(self.desk, self.clock)
        for _again in range(3):
            bulk_sending.send_due(self.desk)
            self.clock.advance(timedelta(seconds=2))

    def try_once(self, act: Callable[[], None]) -> None:
        with suppress(Reply24Error):
            act()

    def step(self) -> None:
        acts = [self.write, self.regroup, self.rma, self.merge, self.part, self.undo, self.many, self.excuse]
        acts += [self.wish] * 4 + [self.decide] * 4 + [self.answer] * 3 + [self.pass_time] * 2
        self.try_once(self.roll.choice(acts))
        self.clock.advance(timedelta(seconds=1))

    def check(self) -> None:
        self.check_solutions()
        self.check_replies()
        with self.desk.database.reading() as tx:
            numbers = list(tx.scalars(select(RmaRow.number).order_by(RmaRow.id)))
            assert len(set(numbers)) == len(numbers)
            assert [int(one[-6:]) for one in numbers] == list(range(1, len(numbers) + 1))

    def told(self, beginning: str) -> list[LedgerRow]:
        with self.desk.database.reading() as tx:
            rows = list(tx.scalars(select(LedgerRow).order_by(LedgerRow.seq)))
        return [one for one in rows if one.what.startswith(beginning) and (one.case or 0) >= self.first_case]

    def check_solutions(self) -> None:
        """The ledger alone says how each stands, and who decided."""
        told: dict[int, list[tuple[str, str]]] = {}
        for one in self.told("solution_"):
            told.setdefault(one.facts["solution"], []).append((one.what.removeprefix("solution_"), one.who))
        rows = self.rows()
        assert set(told) == {row.id for row in rows}
        for row in rows:
            (begun, asker), *later = told[row.id]
            assert (begun, asker) == (self.judged[row.id], row.by)
            assert [what for what, _who in later] in (
                [], ["approved"], ["refused"], ["withdrawn"], ["approved", "withdrawn"]
            )  # fmt: skip
            assert (begun == "granted") == (row.needs == {})
            assert "approved" not in dict(later) or begun == "asked"
            assert (row.state, row.decided_by) == (later[-1] if later else (begun, None))
            assert all(who != row.by for what, who in later if what in ("approved", "refused"))

    def check_replies(self) -> None:
        """Each reply that was to leave has its record; no two are on their way for one message."""
        with self.desk.database.reading() as tx:
            query = select(ReplyRow).where(ReplyRow.case >= self.first_case, ReplyRow.state != "draft")
            rows = list(tx.scalars(query.order_by(ReplyRow.id)))
        assert [(one.id, one.author) for one in rows] == [
            (one.facts["reply"], one.who) for one in self.told("reply_held")
        ]
        live = [one for one in rows if one.state in ON_ITS_WAY]
        assert len({one.answers for one in live}) == len(live)


def test_nothing_is_given_or_sent_that_may_not_be(desk: Desk, clock: FixedClock, post: Post) -> None:
    names = count(1)

    @settings(max_examples=12, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
    @given(seed=st.integers(0, 2**32))
    def history(seed: int) -> None:
        with desk.database.reading() as tx:
            last = max(tx.scalars(select(CaseRow.number)), default=1000)
        agents = dict(desk.settings.agents)
        agents["chen-yu"] = agents["chen-yu"].model_copy(update={"role": "manager"})
        now = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
        team = Team(now, clock, post, random.Random(seed), f"{next(names):07}", last + 1)
        team.write()
        for _step in range(STEPS):
            team.step()
            team.check()
        with desk.database.reading() as tx:
            assert first_fault(ledger.records(tx)) is None

    history()
