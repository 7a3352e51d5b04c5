"""A lived day beside Amazon's report of it, and its duties in a file. Both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import ReplyRow
from bot.desk import Desk, close, exports, merging, reply, settle
from bot.desk.reconcile import Asked, Comparison, compare
from bot.desk.reply import Outgoing
from bot.domain import duty_rows
from bot.domain.mail import Kind
from bot.domain.sheets import xlsx
from bot.domain.sla import Rate
from bot.errors import WrongInput
from tests.world import ANNA, LI_WEI, START, Post, buyer_mail

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HEADER = "Order ID;Received at;Responded at\n"
TEXT = (
    "Hello Katrin,\n\nthank you for your message. I am sorry that your parcel is late. "
    "It is on its way and arrives on Friday.\n\nKind regards,\nNordlicht"
)
NewCase = Callable[..., None]


def order(number: int) -> str:
    return f"305-0000000-{number:07}"


def line(number: int, received: datetime, answered: datetime | None = None) -> str:
    return f"{order(number)};{received:%Y-%m-%d %H:%M:%S};{answered or '-'}\n".replace("+00:00", "Z")


def answer(desk: Desk, clock: FixedClock, case: int, by: str = ANNA) -> ReplyRow:
    """A reply on its way out, taken by the mail server 45 seconds after Send."""
    shown = reply.preview(desk, case, TEXT, by=by)
    number = reply.send(desk, case, Outgoing(shown.text, shown.fingerprint, shown.seen, anyway=True), by=by)
    clock.advance(timedelta(seconds=45))
    with desk.database.writing() as tx:
        for row in reply_queries.claim_ready(tx, desk.now()):
            row.message_id = f"<{row.id}@nordlicht.example>"
    settle.accepted(desk, number, code=250)
    with desk.database.reading() as tx:
        return tx.get_one(ReplyRow, number)


@pytest.fixture
def new_case(post: Post) -> NewCase:
    """A new buyer's first message about order 1, 2 ...; its case is 1001, 1002 ..."""
    numbers = count(1)

    def make(store: str = "nordlicht", **about: object) -> None:
        one = next(numbers)
        address = f"buyer{one}+case-{one}@marketplace.amazon.de"
        told = {"amazon_case_id": f"case-{one}", "order_id": order(one), "buyer_alias": address}
        base = {
            "buyer_base": f"buyer{one}@marketplace.amazon.de",
            "recipients": (f"support@{store}.example",),
        }
        post.deliver(buyer_mail(**{**told, **base, **about}), mailbox=store)

    return make


def asked(desk: Desk, *lines: str, store: str = "nordlicht", **more: object) -> Comparison:
    return compare(desk, (HEADER + "".join(lines)).encode(), Asked(store, **more))


def findings(comparison: Comparison) -> dict[str, str]:
    """By order or case, the cause of each finding."""
    found = comparison.found
    assert found is not None
    there = {str(one.row.order_id): one.cause for one in (*found.lost, *found.different)}
    return there | {str(one.own.case): one.cause for one in found.unknown}


def test_a_day_that_both_sides_saw_alike(desk: Desk, clock: FixedClock, new_case: NewCase) -> None:
    new_case()
    clock.advance(HOUR)
    answered = answer(desk, clock, 1001).accepted_at
    new_case()
    new_case("sunrise")
    same = asked(desk, line(1, START, answered), line(2, clock.now()))
    assert same.found is not None
    assert same.found.is_equal
    assert (same.found.matched, same.found.there, same.found.here) == (2, Rate(1, 1), Rate(1, 1))


def test_what_happened_here_explains_what_differs(
    desk: Desk, clock: FixedClock, post: Post, new_case: NewCase
) -> None:
    for _ in range(6):
        new_case()
    came_back = answer(desk, clock, 1001)
    post.deliver(buyer_mail(kind=Kind.BOUNCE, failed_message_id=came_back.message_id))
    close.no_response_needed(desk, 1002, by=ANNA)
    answer(desk, clock, 1004, by=LI_WEI)
    clock.advance(2 * DAY)
    noon = START + 3 * HOUR
    found = asked(
        desk,
        line(1, START, noon),
        line(2, START),
        line(3, START, noon),
        line(4, START),
        line(5, START + 5 * MINUTE),
        line(9, START + DAY + 5 * HOUR, START + DAY + 6 * HOUR),
    )
    assert findings(found) == {
        order(1): "bounced",
        order(2): "not_told",
        order(3): "typed_there",
        order(4): "not_arrived",
        order(5): "other_receipt",
        order(9): "never_came",
        "1006": "edge",
    }


def test_mails_that_became_no_buyer_message_are_found(
    desk: Desk, clock: FixedClock, post: Post, new_case: NewCase
) -> None:
    new_case()
    clock.advance(2 * HOUR)
    post.deliver(buyer_mail(kind=Kind.AUTO_REPLY, order_id=order(7)))
    post.deliver(buyer_mail(kind=Kind.SPAM_OR_SPOOF, order_id=None, buyer_alias=None))
    clock.advance(2 * HOUR)
    new_case()
    found = asked(
        desk, line(1, START), line(7, START + HOUR), line(8, START + 2 * HOUR), line(2, START + 4 * HOUR)
    )
    assert findings(found) == {order(7): "filtered", order(8): "near_mail"}


def test_another_store_is_never_looked_at(desk: Desk, clock: FixedClock, new_case: NewCase) -> None:
    new_case("sunrise")
    assert findings(asked(desk, line(1, START))) == {order(1): "never_came"}
    assert findings(asked(desk, line(1, START), store="sunrise")) == {}


def test_what_came_before_the_first_look_was_never_ours(desk: Desk, new_case: NewCase) -> None:
    new_case()
    found = asked(desk, line(9, START - 3 * DAY), line(1, START))
    assert findings(found) == {order(9): "before_start"}


def test_a_merged_case_is_known_by_the_order_that_it_came_with(
    desk: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    new_case()
    new_case(buyer_base="buyer1@marketplace.amazon.de")
    merging.merge(desk, 1002, 1001, by=ANNA)
    answer(desk, clock, 1001)
    clock.advance(2 * DAY)
    found = asked(desk, line(1, START, clock.now() - 2 * DAY), line(2, START, START + 5 * HOUR))
    assert found.found is not None
    assert {one.own.case for one in found.found.different} == {1001}


def test_the_zone_of_the_report_is_found_out(desk: Desk, clock: FixedClock, new_case: NewCase) -> None:
    lines = []
    for number in range(1, 6):
        lines.append(line(number, clock.now() + 8 * HOUR))
        new_case()
        clock.advance(7 * HOUR)
    found = asked(desk, *lines)
    assert (found.zone_set, found.zone, findings(found)) == ("UTC", "Asia/Shanghai", {})
    told = asked(desk, *lines, zone="Asia/Shanghai")
    assert (told.zone_set, told.zone, findings(told)) == ("Asia/Shanghai", "Asia/Shanghai", {})


def test_only_the_period_that_was_asked_for_counts(desk: Desk, clock: FixedClock, new_case: NewCase) -> None:
    new_case()
    clock.advance(DAY)
    new_case()
    everything = [line(1, START), line(9, START - 800 * DAY)]
    with pytest.raises(WrongInput, match=r"It covers 800 days, from 2024-09-16 \(line 3\)"):
        asked(desk, *everything)
    narrow = asked(desk, *everything, start=START, end=START + HOUR)
    assert findings(narrow) == {}
    assert findings(asked(desk, *everything, start=START, end=START + 2 * DAY)) == {"1002": "left_out"}
    assert asked(desk, *everything, start=START + DAY).found is None


def test_a_workbook_of_ours_is_read_like_a_report(desk: Desk, new_case: NewCase) -> None:
    new_case()
    content = xlsx(("Order ID", "Received"), [(order(1), START)])
    found = compare(desk, content, Asked("nordlicht"))
    assert found.found is not None
    assert found.found.is_equal


def test_duties_leave_the_house_without_the_buyer(desk: Desk, clock: FixedClock, new_case: NewCase) -> None:
    for store in ("nordlicht", "sunrise", "nordlicht", "nordlicht"):
        new_case(store)
    answered = answer(desk, clock, 1001).accepted_at
    close.no_response_needed(desk, 1003, by=LI_WEI)
    names = duty_rows.header(with_people=True)
    rows = [
        dict(zip(names, one, strict=True))
        for one in exports.duties(desk, store="nordlicht", with_people=True)
    ]
    assert rows[0] == {
        "case": 1001,
        "store": "nordlicht",
        "marketplace": "DE",
        "topic": "delivery",
        "anchor": START,
        "due_at": START + DAY,
        "answered_at": answered,
        "state": "met",
        "late_on_arrival": False,
        "template": None,
        "answered_by": "anna",
    }
    assert [(row["case"], row["state"], row["answered_by"]) for row in rows[1:]] == [
        (1003, "excused", "li-wei"),
        (1004, "open", None),
    ]
    without = list(exports.duties(desk))
    assert [len(one) for one in without] == [len(duty_rows.HEADER)] * 4
    assert list(exports.duties(desk, start=START + SECOND)) == []
    assert len(list(exports.duties(desk, start=START, end=datetime(2027, 1, 1, tzinfo=UTC)))) == 4
