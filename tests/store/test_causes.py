"""Why answers were late, from what really happened at the desk. Both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, update

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MailRow, MessageRow
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.desk import Desk, assign, causes, close, merging, read, reply, settle
from bot.desk.reply import Outgoing
from bot.domain.causes import Cause, Miss
from bot.domain.mail import Kind, Mail
from bot.errors import Blocked, NotAllowed
from tests.store.lived import HOUR, Inbox, layer, with_rota
from tests.store.test_replies import TEXT
from tests.world import ANNA, CHEN, LI_WEI, START, WANG, Post, buyer_mail

FORBIDDEN = "Hello Katrin, thank you. I am sorry. Please call me at +49 30 1234567, it arrives on Friday."
DAY = timedelta(days=1)


@pytest.fixture
def short_staffed(desk: Desk) -> Desk:
    """Chen Yu alone has shifts, and works for Nordlicht only: Sunrise has nobody."""
    return with_rota(desk, layer("chen", 8, 12, "chen-yu"))


@pytest.fixture
def inbox(short_staffed: Desk, clock: FixedClock) -> Inbox:
    return Inbox(short_staffed, clock)


def send(desk: Desk, case: int, text: str = TEXT, by: str = CHEN, template: str | None = None) -> int:
    shown = reply.preview(desk, case, text, template, by=by)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, template)
    return reply.send(desk, case, out, by=by)


def leave(desk: Desk, number: int, end: Callable[[int], None]) -> None:
    """The mail lane takes the reply, whose undo window is over, and it ends like this."""
    with desk.database.writing() as tx:
        assert [row.id for row in reply_queries.claim_ready(tx, desk.now())] == [number]
    end(number)


def missed(desk: Desk, since: datetime = START - 2 * DAY) -> dict[int, Miss]:
    """The misses by case; each case has one at most."""
    found = causes.missed(desk, dict.fromkeys(desk.settings.stores, since), desk.now())
    assert len({one.case for one in found}) == len(found)
    assert [one.due_at for one in found] == sorted((one.due_at for one in found), reverse=True)
    return {one.case: one for one in found}


def why(desk: Desk) -> dict[int, str]:
    return {case: str(one.verdict.cause) for case, one in missed(desk).items()}


def test_a_day_on_which_each_cause_happens_once(short_staffed: Desk, inbox: Inbox, clock: FixedClock) -> None:
    desk = short_staffed
    answered, untouched, claimed, blocked, failed = (inbox.case() for _ in range(5))
    unstaffed, late = inbox.case("sunrise"), inbox.case(late=20 * HOUR)
    clock.advance(HOUR)
    assign.claim(desk, claimed, by=CHEN)
    assert reply.preview(desk, blocked, FORBIDDEN, by=CHEN).verdict == "block"
    for case, end in (
        (answered, lambda number: settle.accepted(desk, number, code=250)),
        (failed, lambda number: settle.failed(desk, number, "550 no such user")),
    ):
        number = send(desk, case)
        clock.advance(timedelta(minutes=1))
        leave(desk, number, end)
    assert missed(desk) == {}
    assert all(read.case(desk, case).missed is None for case in range(1001, 1008))
    clock.advance(DAY)
    assert why(desk) == {
        untouched: "not_claimed",
        claimed: "claimed_not_sent",
        blocked: "blocked_by_policy",
        failed: "send_failed",
        unstaffed: "no_shift",
        late: "ingest_late",
    }
    at = {case: (one.verdict.at - START, one.verdict.who) for case, one in missed(desk).items()}
    assert at == {
        untouched: (0 * HOUR, None),
        claimed: (HOUR, CHEN),
        blocked: (HOUR, CHEN),
        failed: (HOUR + timedelta(minutes=1), CHEN),
        unstaffed: (0 * HOUR, None),
        late: (0 * HOUR, None),
    }
    found = causes.report(desk, "7d", by=WANG)
    assert (found.shares.total, found.shares.after_due) == (6, 0)
    assert set(found.shares.counts.values()) == {1}
    assert found.shares.founding == {"no_reply": 5, "content": 1, "template": 0}
    assert {read.case(desk, case).missed for case in why(desk)} == set(Cause)


def test_an_answer_that_comes_late_changes_no_cause(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    desk, case = short_staffed, inbox.case()
    clock.advance(DAY + HOUR)
    number = send(desk, case)
    clock.advance(timedelta(minutes=1))
    leave(desk, number, lambda one: settle.accepted(desk, one, code=250))
    (found,) = missed(desk).values()
    assert found.answered_at == clock.now()
    assert found.verdict.cause == Cause.NOT_CLAIMED
    assert read.case(desk, case).missed == Cause.NOT_CLAIMED


def test_a_bounce_after_it_was_due_makes_an_answer_that_left_in_time_a_miss(
    short_staffed: Desk, clock: FixedClock
) -> None:
    desk, post = short_staffed, Post(short_staffed, clock)
    post.deliver(buyer_mail())
    number = send(desk, 1001)
    clock.advance(timedelta(minutes=1))
    with desk.database.writing() as tx:
        (row,) = reply_queries.claim_ready(tx, desk.now())
        row.message_id = "<reply-1@reply24.example>"
    settle.accepted(desk, number, code=250)
    clock.advance(2 * DAY)
    assert why(desk) == {}
    bounce = Mail(
        kind=Kind.BOUNCE,
        why="a test",
        message_id="<bounce-1@mta.example>",
        subject="Undelivered",
        text="",
        full_text="",
        failed_message_id="<reply-1@reply24.example>",
        failure="5.1.1",
        recipients=("support@nordlicht.example",),
    )
    post.deliver(bounce)
    assert why(desk) == {1001: "send_failed"}


def test_what_the_mail_server_did_not_take_for_hours(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    desk, case = short_staffed, inbox.case()
    number = send(desk, case)
    clock.advance(DAY - timedelta(minutes=1))
    leave(desk, number, lambda one: settle.again(desk, one, "no connection"))
    clock.advance(HOUR)
    assert why(desk) == {case: "send_failed"}
    assert missed(desk)[case].verdict.words == ("queued",)


def test_a_reply_called_back_is_no_failure_of_sending(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    desk, case = short_staffed, inbox.case()
    reply.undo(desk, send(desk, case), by=CHEN)
    clock.advance(DAY + HOUR)
    assert why(desk) == {case: "claimed_not_sent"}


def test_what_is_refused_at_the_last_check_is_recorded_without_a_word_of_it(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    desk, case = short_staffed, inbox.case()
    text = reply.exact(FORBIDDEN)
    out = Outgoing(text, reply.fingerprint(text), seen=1, template="delivery_delay")
    with pytest.raises(Blocked):
        reply.send(desk, case, out, by=CHEN)
    with desk.database.reading() as tx:
        (row,) = tx.scalars(select(LedgerRow).where(LedgerRow.what == "reply_blocked"))
        assert (row.who, row.case, row.store) == (CHEN, case, "nordlicht")
        rules = ["contact_off_amazon", "phone_number"]
        facts = {"to": case, "answers": 1, "rules": rules, "template": "delivery_delay"}
        assert row.facts == facts
    clock.advance(DAY + HOUR)
    assert causes.report(desk, "7d", by=WANG).shares.founding == {"no_reply": 0, "content": 0, "template": 1}


def test_a_refusal_before_the_buyer_wrote_again_says_nothing_about_the_new_message(
    short_staffed: Desk, clock: FixedClock
) -> None:
    desk, post = short_staffed, Post(short_staffed, clock)
    post.deliver(buyer_mail())
    reply.preview(desk, 1001, FORBIDDEN, by=CHEN)
    number = send(desk, 1001)
    clock.advance(timedelta(minutes=1))
    leave(desk, number, lambda one: settle.accepted(desk, one, code=250))
    post.deliver(buyer_mail("Hello?"))
    clock.advance(DAY + HOUR)
    (found,) = missed(desk).values()
    assert (found.verdict.cause, found.verdict.who) == (Cause.CLAIMED_NOT_SENT, CHEN)


def test_history_reviews_and_what_needs_no_answer_are_no_misses(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    desk = short_staffed
    excused, history = inbox.case(), inbox.case()
    close.no_response_needed(desk, excused, by=CHEN)
    with desk.database.writing() as tx:
        tx.execute(update(DeadlineRow).where(DeadlineRow.case == history).values(counted=False))
    Post(desk, clock).deliver(buyer_mail(kind=Kind.OTHER), mailbox="sunrise")
    clock.advance(2 * DAY)
    assert missed(desk) == {}


def test_what_came_after_it_was_due_is_told_apart(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    first = inbox.case()
    clock.advance(2 * DAY)
    case = inbox.case(late=30 * HOUR)
    clock.advance(timedelta(minutes=1))
    found = causes.report(short_staffed, "7d", by=WANG)
    assert [(one.case, str(one.verdict.cause), one.late_on_arrival) for one in found.misses] == [
        (case, "ingest_late", True),
        (first, "not_claimed", False),
    ]
    assert found.shares.after_due == 1


def two_threads(desk: Desk, clock: FixedClock) -> None:
    """Two cases of one buyer, about two orders: 1001 and 1002."""
    post = Post(desk, clock)
    post.deliver(buyer_mail())
    about = {"amazon_case_id": "case-2", "order_id": "305-7654321-7654321"}
    post.deliver(buyer_mail(buyer_alias="katrin0000001+case-2@marketplace.amazon.de", **about))


def test_a_merged_case_is_judged_by_who_had_the_one_that_stays(
    short_staffed: Desk, clock: FixedClock
) -> None:
    desk = short_staffed
    two_threads(desk, clock)
    assign.claim(desk, 1001, by=CHEN)
    assign.claim(desk, 1002, by=LI_WEI)
    merging.merge(desk, 1001, 1002, by=CHEN)
    clock.advance(DAY + HOUR)
    found = causes.missed(desk, {"nordlicht": START - DAY}, clock.now())
    assert [(one.case, one.verdict.cause, one.verdict.who) for one in found] == [
        (1002, "claimed_not_sent", LI_WEI)
    ] * 2
    merging.separate(desk, 1001, by=CHEN)
    assert [one.verdict.who for one in causes.missed(desk, {"nordlicht": START - DAY}, clock.now())] == [
        LI_WEI
    ] * 2, "what was undone after it was due changes nothing"


def test_a_refusal_at_one_address_says_nothing_about_the_other(
    short_staffed: Desk, clock: FixedClock
) -> None:
    desk = short_staffed
    two_threads(desk, clock)
    merging.merge(desk, 1001, 1002, by=CHEN)
    reply.preview(desk, 1002, FORBIDDEN, by=CHEN, to=1001)
    clock.advance(DAY + HOUR)
    found = causes.missed(desk, {"nordlicht": START - DAY}, clock.now())
    assert {one.message: str(one.verdict.cause) for one in found} == {
        1: "blocked_by_policy",
        2: "not_claimed",
    }


def test_a_split_off_message_is_judged_by_who_had_its_new_case(
    short_staffed: Desk, clock: FixedClock
) -> None:
    desk, post = short_staffed, Post(short_staffed, clock)
    post.deliver(buyer_mail())
    post.deliver(buyer_mail("Another thing."))
    assign.claim(desk, 1001, by=CHEN)
    new = merging.split(desk, 1001, [2], by=CHEN)
    assign.release(desk, new, by=CHEN)
    clock.advance(DAY + HOUR)
    found = missed(desk)
    assert found[1001].verdict.cause == Cause.CLAIMED_NOT_SENT
    assert (found[new].verdict.cause, found[new].verdict.who) == (Cause.NOT_CLAIMED, CHEN)


def put_on(desk: Desk, start: datetime, end: datetime, made_at: datetime) -> None:
    """An override that puts Li Wei on, in all stores."""
    with desk.database.writing() as tx:
        request = ShiftRequestRow(kind="override", state="done", by=WANG, start=start, end=end)
        request.channel, request.created_at = "amz-nordlicht", made_at
        tx.add(request)
        tx.flush()
        row = OverrideRow(request=request.id, kind="override", agent="li-wei", is_on=True)
        row.start, row.end, row.made_at = start, end, made_at
        tx.add(row)


@pytest.mark.parametrize(
    ("made_after_h", "cause"),
    [
        pytest.param(1, "not_claimed", id="made in time, somebody was on"),
        pytest.param(3, "not_claimed", id="made while it ran, somebody was on from then"),
        pytest.param(5, "no_shift", id="made when it was over, nobody was on"),
    ],
)
def test_an_override_counts_from_when_it_was_made(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock, made_after_h: int, cause: str
) -> None:
    case = inbox.case("sunrise")
    put_on(short_staffed, START + 2 * HOUR, START + 4 * HOUR, START + made_after_h * HOUR)
    clock.advance(DAY + HOUR)
    assert why(short_staffed) == {case: cause}


def test_without_a_rota_everybody_could_have_worked(desk: Desk, clock: FixedClock) -> None:
    case = Inbox(desk, clock).case("sunrise")
    clock.advance(DAY + HOUR)
    assert why(desk) == {case: "not_claimed"}
    assert missed(desk)[case].verdict.span == DAY


def test_the_share_that_is_too_little_can_be_set(
    short_staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    case = inbox.case(late=20 * HOUR)
    clock.advance(DAY)
    thresholds = short_staffed.settings.thresholds.model_copy(update={"ingest_late_share": 0.1})
    settings = short_staffed.settings.model_copy(update={"thresholds": thresholds})
    assert why(replace(short_staffed, settings=settings)) == {case: "not_claimed"}


def test_days_are_those_of_each_store(short_staffed: Desk, inbox: Inbox, clock: FixedClock) -> None:
    """Both are over on 26 November, 09:00 UTC. At 23:00 UTC Berlin is in the next day, and Los Angeles is not."""
    desk = short_staffed
    inbox.case()
    inbox.case("sunrise")
    clock.advance(DAY + 14 * HOUR)
    periods = {one: causes.report(desk, one, by=WANG).misses for one in causes.PERIODS}
    both = {"nordlicht", "sunrise"}
    assert {period: {one.store for one in found} for period, found in periods.items()} == {
        "today": {"sunrise"},
        "7d": both,
        "30d": both,
        "90d": both,
    }
    clock.advance(5 * DAY)
    assert {one.store for one in causes.report(desk, "7d", by=WANG).misses} == {"sunrise"}
    assert causes.day_start(desk, "sunrise", START, 1) == START.replace(hour=8)
    assert causes.day_start(desk, "nordlicht", START, 7) == datetime.fromisoformat("2026-11-18T23:00Z")
    assert causes.report(desk, "7d", by=WANG).stores == (
        ("nordlicht", "Nordlicht", "Europe/Berlin"),
        ("sunrise", "Sunrise", "America/Los_Angeles"),
    )


@pytest.mark.parametrize("who", [ANNA, CHEN, "U0GUEST"])
def test_only_managers_may_see_who_missed_what(short_staffed: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        causes.report(short_staffed, "7d", by=who)


def test_a_manager_sees_their_own_stores(short_staffed: Desk, inbox: Inbox, clock: FixedClock) -> None:
    inbox.case()
    inbox.case("sunrise")
    clock.advance(DAY + HOUR)
    agents = short_staffed.settings.agents
    boss = agents["wang-fang"].model_copy(update={"stores": ("sunrise",)})
    update_ = {"agents": {**agents, "wang-fang": boss}}
    desk = replace(short_staffed, settings=short_staffed.settings.model_copy(update=update_))
    assert {one.store for one in causes.report(desk, "7d", by=WANG).misses} == {"sunrise"}
    with pytest.raises(NotAllowed):
        causes.report(desk, "7d", "nordlicht", by=WANG)


def many(desk: Desk, count: int) -> None:
    """So many cases over 90 days, each with the records of an ordinary one, and none answered."""
    with desk.database.writing() as tx:
        at = [START - 89 * DAY + n * 87 * DAY / count for n in range(count)]
        for first in range(0, count, 1000):
            ids = range(first + 1, min(first + 1000, count) + 1)
            tx.execute(insert(MailRow), [_mail(n, at[n - 1]) for n in ids])
            tx.execute(insert(CaseRow), [_case(n, at[n - 1]) for n in ids])
            tx.execute(insert(MessageRow), [_message(n, at[n - 1]) for n in ids])
            tx.execute(insert(DeadlineRow), [_deadline(n, at[n - 1]) for n in ids])
            tx.execute(insert(LedgerRow), [one for n in ids for one in _records(n, at[n - 1])])


def _records(n: int, at: datetime) -> list[dict[str, object]]:
    told = ("message_received", "claimed", "noted", "released", "assigned")
    about = {
        "at": at,
        "who": CHEN,
        "store": "nordlicht",
        "case": 2000 + n,
        "facts": {"message": n},
        "hash": "",
    }
    return [{"seq": 5 * n + place, "what": what, **about} for place, what in enumerate(told)]


def _mail(n: int, at: datetime) -> dict[str, object]:
    return {
        "id": n,
        "mailbox": "m",
        "uidvalidity": 1,
        "uid": n,
        "arrived_at": at,
        "stored_at": at,
        "state": "done",
    }


def _case(n: int, at: datetime) -> dict[str, object]:
    about = {
        "kind": "buyer",
        "store": "nordlicht",
        "channel": "amz-nordlicht",
        "buyer_alias": f"b{n}@x.example",
    }
    return {"number": 2000 + n, "opened_at": at, "acted_at": at, **about}


def _message(n: int, at: datetime) -> dict[str, object]:
    words = {"message_id": f"<{n}@x.example>", "text": "?", "full_text": "?"}
    return {"id": n, "case": 2000 + n, "mail": n, "store": "nordlicht", "received_at": at, **words}


def _deadline(n: int, at: datetime) -> dict[str, object]:
    return {
        "message": n,
        "case": 2000 + n,
        "store": "nordlicht",
        "anchor": at,
        "due_at": at + DAY,
        "state": "open",
    }


def test_five_thousand_misses_of_ninety_days_are_judged_with_few_statements(staffed: Desk) -> None:
    many(staffed, 5000)
    said: list[str] = []
    event.listen(staffed.database.engine, "before_cursor_execute", lambda *about: said.append(about[2]))
    found = causes.report(staffed, "90d", by=WANG)
    assert len(said) < 60, "a handful for each batch of 500, none for each miss"
    assert found.shares.total == 5000
    assert found.shares.counts[Cause.CLAIMED_NOT_SENT] == 5000
