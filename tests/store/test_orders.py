"""Orders of cases are wanted, kept and shown again; whatever is missing, cases go on. Both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import CaseRow
from bot.db.tables_orders import OrderRow
from bot.desk import Desk, close, merging, orders, read, reply, suggest
from bot.desk.purge import purge
from bot.domain.kept_orders import FAILED, KNOWN, MISSING, WANTED, KeptOrder
from bot.domain.orders import FulfilledBy, Order, OrderStatus, Package, PackageStatus, Window
from bot.domain.purge import UNDER_WAY
from bot.domain.templates import Filled
from bot.errors import NeedsAuthorisation, Unreachable
from bot.settings.api import ApiSettings
from tests.store.lived import go_to, keys, told
from tests.world import ANNA, START, Post, buyer_mail

ORDER = "305-1234567-1234567"
OTHER = "305-0000000-0000001"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATE = Unreachable("Amazon's getOrder could not be reached")
LAMP = Order(
    ORDER,
    "DE",
    OrderStatus.SHIPPED,
    FulfilledBy.MERCHANT,
    datetime(2026, 11, 20, tzinfo=UTC),
    None,
    None,
    Window(None, datetime(2026, 12, 1, tzinfo=UTC)),
)


def with_api(desk: Desk, *stores: str) -> Desk:
    """The same desk; these stores have access to Amazon's API."""
    api = ApiSettings(refresh_token_env="A_TOKEN", client_id_env="AN_ID", client_secret_env="A_SECRET")
    found = {
        key: store.model_copy(update={"api": api if key in stores else None})
        for key, store in desk.settings.stores.items()
    }
    return replace(desk, settings=desk.settings.model_copy(update={"stores": found}))


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_api(desk, "nordlicht")


def due(desk: Desk, store: str = "nordlicht") -> str | None:
    found = orders.next_due(desk, store)
    return found.order_id if found else None


def kept(desk: Desk, order_id: str = ORDER, store: str = "nordlicht") -> KeptOrder:
    with desk.database.reading() as tx:
        return orders.of_cases(tx, desk, store, [order_id])[0]


def other(text: str = "Hello?", number: int = 2, order_id: str = OTHER):
    """A message of another buyer's."""
    return buyer_mail(
        text,
        amazon_case_id=f"case-{number}",
        order_id=order_id,
        buyer_alias=f"max{number}+case-{number}@marketplace.amazon.de",
        buyer_base=f"max{number}@marketplace.amazon.de",
    )


def test_a_message_wants_its_order_only_where_amazon_can_be_asked(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    post.deliver(buyer_mail(marketplace="US"), mailbox="sunrise")
    with desk.database.reading() as tx:
        assert [(row.store, row.order_id, row.state) for row in tx.scalars(select(OrderRow))] == [
            ("nordlicht", ORDER, WANTED)
        ]
        assert orders.of_cases(tx, desk, "sunrise", [ORDER]) == ()
    assert (due(desk), due(desk, "sunrise")) == (ORDER, None)


def test_what_comes_is_kept_and_cards_show_news_alone(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail(), other(order_id=ORDER))
    told(desk)
    orders.take(desk, "nordlicht", ORDER, LAMP)
    assert keys(desk, "card") == ["card:1001", "card:1002"]
    assert kept(desk) == KeptOrder(ORDER, KNOWN, LAMP, clock.now(), clock.now())
    told(desk)
    clock.advance(orders.AGAIN)
    orders.take(desk, "nordlicht", ORDER, LAMP)
    assert keys(desk, "card") == []
    orders.take(desk, "nordlicht", ORDER, replace(LAMP, status=OrderStatus.CANCELLED))
    assert keys(desk, "card") == ["card:1001", "card:1002"]


def test_an_order_is_asked_again_while_its_case_is_open_and_no_sooner(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    post.deliver(buyer_mail())
    orders.take(desk, "nordlicht", ORDER, LAMP)
    clock.advance(orders.AGAIN - MINUTE)
    assert due(desk) is None
    clock.advance(MINUTE)
    assert due(desk) == ORDER
    close.no_response_needed(desk, 1001, "thanks", by=ANNA)
    assert due(desk) is None
    post.deliver(buyer_mail("One more thing"))
    assert due(desk) == ORDER
    orders.take(desk, "nordlicht", ORDER, LAMP)
    clock.advance(HOUR)
    post.deliver(buyer_mail("And another"))
    assert due(desk) == ORDER


def test_an_order_of_before_a_clock_was_set_back_is_asked_again_once(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    post.deliver(buyer_mail())
    clock.advance(24 * HOUR)
    orders.take(desk, "nordlicht", ORDER, LAMP)
    orders.want_again(desk, ["nordlicht"], ORDER)
    clock.advance(-24 * HOUR)
    found = orders.next_due(desk, "nordlicht")
    assert found is not None
    orders.put_off(desk, "nordlicht", ORDER, LATE, HOUR)
    assert due(desk) is None
    clock.advance(HOUR)
    orders.take(desk, "nordlicht", ORDER, LAMP, clock.now())
    assert due(desk) is None


def test_the_order_of_whoever_waits_longest_is_asked_first(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(other())
    post.deliver(buyer_mail(), late=HOUR)
    assert due(desk) == ORDER
    orders.put_off(desk, "nordlicht", ORDER, LATE, HOUR)
    assert due(desk) == OTHER
    clock.advance(HOUR)
    assert orders.next_due(desk, "nordlicht").attempts == 1
    assert due(desk) == ORDER


def test_no_answer_takes_nothing_away_that_is_known(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail())
    orders.put_off(desk, "nordlicht", ORDER, LATE, HOUR)
    assert (kept(desk).state, kept(desk).order, kept(desk).is_late) == (FAILED, None, True)
    orders.take(desk, "nordlicht", ORDER, LAMP)
    orders.put_off(desk, "nordlicht", ORDER, LATE, HOUR)
    assert (kept(desk).state, kept(desk).order, kept(desk).is_late) == (KNOWN, LAMP, True)


def test_an_order_that_amazon_does_not_know_is_said_so(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    told(desk)
    orders.take_missing(desk, "nordlicht", ORDER)
    assert (kept(desk).state, due(desk), keys(desk, "card")) == (MISSING, None, ["card:1001"])


def test_orders_of_merged_cases_are_asked_as_long_as_somebody_works_on_them(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    same = {"buyer_base": "katrin0000001@marketplace.amazon.de"}
    post.deliver(replace(other(), **same), replace(other(number=3, order_id="305-0000000-0000003"), **same))
    merging.merge(desk, 1003, 1002, by=ANNA)
    merging.merge(desk, 1002, 1001, by=ANNA)
    told(desk)
    asked = []
    while (one := due(desk)) is not None:
        orders.take(desk, "nordlicht", one, replace(LAMP, order_id=one))
        asked.append(one)
    assert sorted(asked) == ["305-0000000-0000001", "305-0000000-0000003", ORDER]
    assert keys(desk, "card") == ["card:1001"]
    assert [(one.order_id, one.state) for one in read.case(desk, 1001).orders] == [
        (ORDER, KNOWN),
        ("305-0000000-0000001", KNOWN),
        ("305-0000000-0000003", KNOWN),
    ]


def test_cases_from_before_a_store_had_access_get_their_orders(desk: Desk, clock: FixedClock) -> None:
    without = with_api(desk)
    Post(without, clock).deliver(buyer_mail(), other(order_id=None))
    assert due(desk) is None
    assert (orders.want_all(desk, "nordlicht"), orders.want_all(desk, "nordlicht")) == (1, 0)
    assert due(desk) == ORDER


def test_a_store_is_locked_out_once_until_an_answer_comes(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail())
    since = clock.now()
    why = NeedsAuthorisation("The seller's authorisation has ended", code="invalid_grant")
    assert orders.lock_out(desk, "nordlicht", why.code, why)
    clock.advance(HOUR)
    assert not orders.lock_out(desk, "nordlicht", why.code, why)
    assert (kept(desk).locked_since, orders.locked_out_by(desk, "sunrise")) == (since, None)
    assert orders.locked_out_by(desk, "nordlicht") == "invalid_grant"
    orders.take(desk, "nordlicht", ORDER, LAMP)
    assert (kept(desk).locked_since, orders.locked_out_by(desk, "nordlicht")) == (None, None)


def test_what_was_bought_goes_with_the_last_case_that_speaks_of_it(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    post.deliver(buyer_mail(), other(order_id=ORDER))
    orders.take(desk, "nordlicht", ORDER, LAMP)
    close.no_response_needed(desk, 1001, "thanks", by=ANNA)
    clock.advance(timedelta(days=99))
    purge(desk)
    with desk.database.reading() as tx:
        assert tx.get_one(CaseRow, 1001).purged_at is not None
    assert kept(desk).order == LAMP
    close.no_response_needed(desk, 1002, "thanks", by=ANNA)
    purge(desk)
    assert (kept(desk).state, kept(desk).order) == (KNOWN, None)


def filled(desk: Desk, template: str = "delivery_delay") -> Filled:
    return suggest.filled(desk, read.case(desk, 1001), template, "Anna", by=ANNA)


def test_templates_take_what_is_known_of_the_order_and_say_what_is_missing(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    assert {"carrier", "tracking", "promised_date", "due_date"} == set(filled(desk).missing)
    shipped = Package("1", "DHL", "JJD0001", PackageStatus.IN_TRANSIT, "", START)
    orders.take(desk, "nordlicht", ORDER, replace(LAMP, packages=(shipped,)))
    found = filled(desk)
    assert found.missing == ("due_date",)
    assert "It is with DHL under the number JJD0001" in found.text
    assert "should have reached you by November 30, 2026" in found.text
    assert "{due_date}" in found.text
    shown = reply.preview(desk, 1001, found.text, by=ANNA)
    assert (shown.verdict, {one.rule for one in shown.findings} >= {"placeholder_left"}) == ("block", True)


def test_templates_for_the_other_way_of_shipping_are_not_suggested(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail("Where is my parcel? The delivery is late."))
    every = {one.template.fulfilment for one in suggest.suggestions(desk, read.case(desk, 1001))}
    assert every >= {"amazon", "merchant"}
    orders.take(desk, "nordlicht", ORDER, replace(LAMP, fulfilled_by=FulfilledBy.AMAZON))
    every = {one.template.fulfilment for one in suggest.suggestions(desk, read.case(desk, 1001))}
    assert "merchant" not in every
    assert "amazon" in every


def test_personal_data_are_kept_until_thirty_days_after_the_promised_delivery(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    post.deliver(buyer_mail())
    orders.take(desk, "nordlicht", ORDER, LAMP)
    close.no_response_needed(desk, 1001, "thanks", by=ANNA)
    go_to(clock, LAMP.delivered_by + timedelta(days=30) - MINUTE)
    assert purge(desk).cases == ()
    clock.advance(MINUTE)
    assert purge(desk).cases == (1001,)


def test_who_writes_long_after_delivery_is_forgotten_soon_but_not_in_the_middle(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    go_to(clock, LAMP.delivered_by + timedelta(days=40))
    post.deliver(buyer_mail())
    orders.take(desk, "nordlicht", ORDER, LAMP)
    assert purge(desk).cases == ()
    close.no_response_needed(desk, 1001, "thanks", by=ANNA)
    clock.advance(UNDER_WAY - MINUTE)
    assert purge(desk).cases == ()
    clock.advance(MINUTE)
    assert purge(desk).cases == (1001,)
