"""Why a row of Amazon's report and our messages don't agree, probably.

A cause is a guess from what is known on both sides; it says where to look, no more. CAUSES has them all.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.deadlines import EXCUSED, MISSED, OPEN
from bot.domain.reconciliation import Different, Lost, OtherMail, Ours, Own, Scope, Unknown
from bot.domain.report import ReportRow, RowFault

SAME = timedelta(minutes=1)
"""Reports may leave the seconds out."""
_NEARBY_MAIL = timedelta(minutes=15)
_RELAY = timedelta(minutes=15)
"""A reply that was handed over has arrived by then, as a rule."""
_EDGE = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)

CAUSES = {
    "before_start": "it came before this mailbox was read for the first time",
    "filtered": "a mail of that order was taken for something else ({kind}); look at {where}",
    "near_mail": "a mail without an order that can be trusted came in these minutes ({kind}); look at {where}",
    "other_message": "the case is here with other messages, but none near that time; "
    "Amazon may have sent no mail of this one, or it came late",
    "never_came": "no mail of that order came near that time: look in Seller Central, in the mailbox's spam "
    "folder, and whether notifications still go to this mailbox",
    "other_order": "case {case} has a message of that very time under another order, or under none",
    "unreadable_row": "the report has a row of that order that can't be read",
    "one_row_a_case": "the report has another message of that case; it may have one row for all of them",
    "no_response_needed": "it was marked as no response needed here, and perhaps there: then it doesn't count",
    "edge": "it lies at the edge of the report's period",
    "left_out": "nothing explains it: look whether the report was filtered (site, state, period)",
    "late_mail": "its mail came late, and our clock starts with what can be believed of the mail's own time",
    "zone": "the times are whole quarters of an hour apart: the zone that is set for the report may be wrong",
    "other_receipt": "our clock and Amazon's started at different instants",
    "typed_there": "it was answered in Seller Central, and no copy of that reply came",
    "bounced": "our reply came back; Amazon may have counted it all the same",
    "opted_out": "the buyer opted out of messages; Amazon may have counted our reply all the same",
    "not_told": "no response needed was said here, but not told to Amazon",
    "not_arrived": "our reply was handed over, but Amazon doesn't show it: look whether it came back or was refused",
    "answered_since": "it was answered after the report was made",
    "merged": "the case was merged: the answer may have gone to another of the buyer's addresses",
    "late_on_arrival": "it was late when its mail came",
    "slow_relay": "Amazon counts a reply when it has arrived, we when it was handed over",
    "other_reply": "Amazon counts another reply than we do",
    "counted_otherwise": "the times agree, and Amazon judges otherwise; look at it in Seller Central",
}


def _cause(word: str, **facts: object) -> tuple[str, str]:
    return word, CAUSES[word].format(**facts)


def is_late_here(one: Own, now: datetime) -> bool:
    """Whether the message was answered late, or is open and past due."""
    return one.state == MISSED or (one.state == OPEN and one.due_at < now)


class Looking:
    """Looks for the probable cause of each difference, with all that is known on both sides at hand."""

    def __init__(
        self,
        rows: Sequence[ReportRow],
        faults: Sequence[RowFault],
        ours: Ours,
        scope: Scope,
        tolerance: timedelta,
    ) -> None:
        self._ours, self._scope, self._tolerance = ours, scope, tolerance
        self._faulty = {fault.order_id for fault in faults if fault.order_id}
        self._there = {key for row in rows for key in (row.order_id, row.amazon_case_id) if key}
        self._here = {key for one in ours.messages for key in (one.order_id, one.amazon_case_id) if key}
        self._unmatched: list[Own] = []
        self._mails: dict[str | None, list[OtherMail]] = {}
        for mail in sorted(ours.mails, key=lambda mail: mail.arrived_at):
            self._mails.setdefault(mail.order_id, []).append(mail)

    def leave(self, unmatched: Iterable[Own]) -> None:
        """Say which messages of ours found no row: one of them may be the one that a row lacks."""
        self._unmatched = sorted(unmatched, key=lambda one: one.anchor)

    def lost(self, row: ReportRow) -> Lost:
        """A row that has no message here."""
        return Lost(row, *self._why_lost(row))

    def _why_lost(self, row: ReportRow) -> tuple[str, str]:
        if self._ours.since is not None and row.received_at < self._ours.since:
            return _cause("before_start")
        mail = self._mail_of(row.order_id, row.received_at) if row.order_id else None
        if mail is not None:
            return _cause("filtered", kind=mail.kind, where=_place(mail))
        place = bisect_left(self._unmatched, row.received_at - SAME, key=lambda one: one.anchor)
        if place < len(self._unmatched) and self._unmatched[place].anchor <= row.received_at + SAME:
            return _cause("other_order", case=self._unmatched[place].case)
        mail = self._mail_of(None, row.received_at)
        if mail is not None:
            return _cause("near_mail", kind=mail.kind, where=_place(mail))
        known = {row.order_id, row.amazon_case_id} & self._here
        return _cause("other_message" if known else "never_came")

    def _mail_of(self, order_id: str | None, instant: datetime) -> OtherMail | None:
        """The mail of that order (or of none) that came nearest to an instant, and near enough."""
        mails = self._mails.get(order_id, [])
        place = bisect_left(mails, instant, key=lambda mail: mail.arrived_at)
        around = mails[max(0, place - 2) : place + 2]
        near = [mail for mail in around if abs(mail.arrived_at - instant) <= self._reach(mail)]
        return min(near, key=lambda mail: abs(mail.arrived_at - instant), default=None)

    def _reach(self, mail: OtherMail) -> timedelta:
        """Amazon sends several notices of every order: one says something at the very time only."""
        wide = mail.order_id is not None and mail.kind != "amazon_notice"
        return self._tolerance if wide else _NEARBY_MAIL

    def unknown(self, one: Own) -> Unknown:
        """A message that has no row there."""
        return Unknown(one, *self._why_unknown(one))

    def _why_unknown(self, one: Own) -> tuple[str, str]:
        if one.order_id in self._faulty:
            return _cause("unreadable_row")
        if one.state == EXCUSED:
            return _cause("no_response_needed")
        if {one.order_id, one.amazon_case_id} & self._there:
            return _cause("one_row_a_case")
        if one.anchor - self._scope.start < _EDGE or self._scope.end - one.anchor < _EDGE:
            return _cause("edge")
        return _cause("left_out")

    def different(self, row: ReportRow, one: Own, late: bool | None, now: datetime) -> Different | None:
        """How a row and its message differ; None if they don't."""
        about = tuple(self._about(row, one, late, now))
        return Different(row, one, about, *_cause(self._why_different(row, one, about))) if about else None

    def _about(self, row: ReportRow, one: Own, late: bool | None, now: datetime) -> Iterable[str]:
        if abs(row.received_at - one.anchor) > SAME:
            yield "received"
        if self._scope.has_answers and one.state != EXCUSED and _differ(row.answered_at, one.answered_at):
            yield "answered"
        is_decided = late is not None and not (one.state == OPEN and one.due_at >= now)
        if is_decided and late != is_late_here(one, now):
            yield "verdict"

    def _why_different(self, row: ReportRow, one: Own, about: Sequence[str]) -> str:
        if one.state == EXCUSED and "verdict" in about:
            return "not_told"
        if "answered" in about and row.answered_at is None:
            return self._why_not_there(one)
        if "answered" in about and one.answered_at is None:
            return self._ours.undelivered.get(one.case, "typed_there")
        if "received" in about:
            return _why_received(row, one)
        if "answered" in about:
            return self._why_other_answer(row, one)
        if one.late_on_arrival:
            return "late_on_arrival"
        return "merged" if one.is_merged else "counted_otherwise"

    def _why_not_there(self, one: Own) -> str:
        """Answered here, and not there."""
        if one.answered_at is not None and one.answered_at > self._scope.latest:
            return "answered_since"
        if one.case in self._ours.undelivered:
            return self._ours.undelivered[one.case]
        if one.is_merged:
            return "merged"
        return "not_arrived" if one.closed_by.startswith("reply:") else "counted_otherwise"

    def _why_other_answer(self, row: ReportRow, one: Own) -> str:
        """Answered on both sides, at different instants."""
        assert row.answered_at is not None  # noqa: S101 - the caller looked
        assert one.answered_at is not None  # noqa: S101 - the caller looked
        if row.answered_at < one.answered_at:
            return "typed_there"
        if row.answered_at - one.answered_at <= _RELAY:
            return "slow_relay"
        if one.case in self._ours.undelivered:
            return self._ours.undelivered[one.case]
        return "merged" if one.is_merged else "other_reply"


def _place(mail: OtherMail) -> str:
    return f"mail {mail.mail}" if mail.case is None else f"case {mail.case}"


def _differ(there: datetime | None, here: datetime | None) -> bool:
    if there is None or here is None:
        return there is not here
    return abs(there - here) > SAME


def _why_received(row: ReportRow, one: Own) -> str:
    apart = abs(row.received_at - one.anchor)
    if apart > _QUARTER and abs(apart - round(apart / _QUARTER) * _QUARTER) <= SAME:
        return "zone"
    came_late = one.arrived_at - row.received_at > SAME and abs(one.arrived_at - one.anchor) <= SAME
    return "late_mail" if came_late else "other_receipt"
