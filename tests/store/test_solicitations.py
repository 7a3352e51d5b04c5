"""A review is asked for once for an order, by a manager alone, and never twice by itself. Both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from bot.amazon.client import AmazonApi, Patience
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow
from bot.db.tables_solicitations import SolicitationRow
from bot.desk import Desk, holds, manual, read, solicitations
from bot.domain.mail import Kind, Notice
from bot.domain.solicitations import FAILED, NOT_OFFERED, REFUSED, SENDING, SENT, TOO_OLD, UNSURE, WANTED
from bot.errors import NotAllowed, NotFound, NotOurs, Stale, WrongInput
from bot.sandbox.amazon.server import AmazonSandbox
from bot.work.solicitations import Solicitor
from tests.dispatch.amazon_clients import access_of
from tests.dispatch.amazon_shop import DE, LAMP, open_shop
from tests.store.lived import keys, told
from tests.store.test_manual import at_once
from tests.store.test_orders import other, with_api
from tests.world import LI_WEI, START, WANG, Post, buyer_mail

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ASK = "createProductReviewAndSellerFeedbackSolicitation"
LIST = "getSolicitationActionsForOrder"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


def switched_on(desk: Desk, store: str = "nordlicht") -> Desk:
    stores = dict(desk.settings.stores)
    api = stores[store].api
    assert api is not None
    on = api.model_copy(update={"solicitations": True})
    stores[store] = stores[store].model_copy(update={"api": on})
    return replace(desk, settings=desk.settings.model_copy(update={"stores": stores}))


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Nordlicht may ask for reviews."""
    return switched_on(with_api(desk, "nordlicht"))


@pytest.fixture(autouse=True)
def _case_about_the_lamp(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail("Thank you!", order_id=LAMP))
    told(desk)


def asker_of(desk: Desk, amazon: AmazonSandbox) -> Solicitor:
    access = replace(access_of(amazon, "acme-eu"), store="nordlicht", timeout_s=0.5, token_timeout_s=0.5)
    api = AmazonApi({"nordlicht": access}, desk.clock, patience=Patience(tries=1))
    return Solicitor(desk, "nordlicht", api)


def row(desk: Desk) -> SolicitationRow:
    with desk.database.reading() as tx:
        return tx.scalars(select(SolicitationRow)).one()


def records(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(LedgerRow).order_by(LedgerRow.seq)).all()
        return [(one.who, one.what, one.facts) for one in rows if one.what.startswith("solicitation_")]


def mark(desk: Desk, **changes: object) -> None:
    with desk.database.writing() as tx:
        case = tx.get_one(CaseRow, 1001)
        for name, value in changes.items():
            setattr(case, name, value)


def test_a_manager_asks_and_amazon_asks_the_buyer_once(desk: Desk, amazon: AmazonSandbox) -> None:
    solicitations.ask(desk, 1001, by=WANG)
    assert row(desk).state == WANTED
    asker = asker_of(desk, amazon)
    assert asker.step()
    assert not asker.step()
    assert [(one.order_id, one.marketplace_id, one.account) for one in amazon.sent] == [(LAMP, DE, "acme-eu")]
    found = row(desk)
    assert (found.state, found.by, found.ended_at) == (SENT, WANG, START)
    assert [(who, what) for who, what, _facts in records(desk)] == [
        (WANG, "solicitation_wanted"),
        (WANG, "solicitation_sent"),
    ]
    assert records(desk)[0][2]["order"] == LAMP
    assert keys(desk, "solicitation") == [f"solicitation:{found.id}:sent:{WANG}"]


def test_pressed_twice_it_is_asked_once_and_said_by_whom(desk: Desk, amazon: AmazonSandbox) -> None:
    solicitations.ask(desk, 1001, by=WANG)
    for _state in (WANTED, SENT):
        with pytest.raises(Stale) as why:
            solicitations.ask(desk, 1001, by=WANG)
        assert (why.value.key, why.value.facts["who"]) == ("solicit_already", WANG)
        asker_of(desk, amazon).step()
    with pytest.raises(Stale):
        solicitations.require_may_ask(desk, 1001, by=WANG)
    assert len(amazon.calls(ASK)) == 1


def test_another_case_about_the_same_order_changes_nothing(desk: Desk, amazon: AmazonSandbox, post) -> None:
    post.deliver(other("Hi", order_id=LAMP))
    solicitations.ask(desk, 1001, by=WANG)
    asker_of(desk, amazon).step()
    with pytest.raises(Stale):
        solicitations.ask(desk, 1002, by=WANG)


def test_only_managers_of_the_store_may(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        solicitations.ask(desk, 1001, by=LI_WEI)
    with pytest.raises(NotAllowed):
        solicitations.ask(desk, 1001, by="U0NOBODY")
    assert solicitations.panel(desk, 1001, by=LI_WEI) is None
    shown = solicitations.panel(desk, 1001, by=WANG)
    assert shown is not None
    assert (shown.order_id, shown.last, shown.may_ask) == (LAMP, None, True)
    with pytest.raises(NotFound):
        solicitations.ask(desk, 4711, by=WANG)
    assert records(desk) == []


def test_off_is_off(desk: Desk) -> None:
    off = with_api(desk, "nordlicht")
    with pytest.raises(WrongInput) as why:
        solicitations.ask(off, 1001, by=WANG)
    assert why.value.key == "solicit_off"
    assert solicitations.panel(off, 1001, by=WANG) is None
    with pytest.raises(WrongInput):
        solicitations.ask(with_api(desk), 1001, by=WANG)


def test_a_case_without_an_order_has_nothing_to_ask_for(desk: Desk) -> None:
    mark(desk, order_id=None)
    with pytest.raises(WrongInput) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert (why.value.key, solicitations.panel(desk, 1001, by=WANG)) == ("typed_no_order", None)


@pytest.mark.parametrize(
    ("risk", "key"),
    [("anger", "solicit_risk"), ("safety,legal", "solicit_risk"), ("a_to_z", "solicit_claim")],
)
def test_a_risk_of_any_case_about_the_order_forbids_it(desk: Desk, post: Post, risk: str, key: str) -> None:
    post.deliver(other("Hello", order_id=LAMP))
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, 1002).risk = risk
    with pytest.raises(WrongInput) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert why.value.key == key
    assert solicitations.panel(desk, 1001, by=WANG) is None


def test_a_risk_forbids_it_though_it_was_answered_and_the_buyer_is_content(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail("The lamp caught fire. My lawyer will contact you.", order_id=LAMP))
    with desk.database.writing() as tx:
        tx.execute(update(DeadlineRow).values(state="met"))
    post.deliver(buyer_mail("Thank you very much!", order_id=LAMP))
    assert read.case(desk, 1001).risk == ()
    with pytest.raises(WrongInput) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert why.value.key == "solicit_risk"
    assert solicitations.panel(desk, 1001, by=WANG) is None


def test_a_claim_that_amazon_told_of_forbids_it(desk: Desk, post: Post) -> None:
    notice = buyer_mail("A claim", kind=Kind.AMAZON_NOTICE, notice=Notice.A_TO_Z, order_id=LAMP)
    post.deliver(notice)
    with pytest.raises(WrongInput) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert why.value.key == "solicit_claim"


def test_data_that_are_held_for_a_claim_forbid_it_also_when_the_hold_is_over(desk: Desk) -> None:
    hold = holds.hold(desk, 1001, "chargeback", WANG, START + 24 * HOUR, by=WANG)
    holds.end(desk, hold, by=WANG)
    with pytest.raises(WrongInput) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert why.value.key == "solicit_claim"


def test_what_changed_between_click_and_request_keeps_it_here(desk: Desk, amazon: AmazonSandbox) -> None:
    solicitations.ask(desk, 1001, by=WANG)
    mark(desk, risk="anger")
    assert not asker_of(desk, amazon).step()
    assert (row(desk).state, row(desk).code, amazon.calls()) == (FAILED, "risk", [])
    assert records(desk)[-1][:2] == ("reply24", "solicitation_failed")


def test_manual_mode_stops_it_before_and_while_amazon_is_asked(desk: Desk, amazon: AmazonSandbox) -> None:
    manual.switch_on(desk, "nordlicht", "odd", by=WANG)
    with pytest.raises(Stale) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert (why.value.key, solicitations.panel(desk, 1001, by=WANG)) == ("solicit_manual_on", None)
    manual.switch_off(desk, "nordlicht", "mended", by=WANG)
    solicitations.ask(desk, 1001, by=WANG)
    taken = solicitations.take(desk, "nordlicht")
    assert taken is not None
    manual.switch_on(desk, "nordlicht", "odd", by=WANG)
    with pytest.raises(NotOurs):
        solicitations.depart(desk, taken)
    assert (row(desk).state, row(desk).code, amazon.sent) == (FAILED, "manual_mode", [])


def test_what_amazon_does_not_offer_is_said_and_may_be_asked_again_later(
    desk: Desk, amazon: AmazonSandbox
) -> None:
    amazon.offer_reviews(LAMP, offered=False)
    solicitations.ask(desk, 1001, by=WANG)
    asker_of(desk, amazon).step()
    assert (row(desk).state, amazon.calls(ASK)) == (NOT_OFFERED, [])
    shown = solicitations.panel(desk, 1001, by=WANG)
    assert shown is not None
    assert (shown.may_ask, shown.last and shown.last.state) == (True, NOT_OFFERED)
    seen_by_agents = solicitations.panel(desk, 1001, by=LI_WEI)
    assert seen_by_agents is not None
    assert not seen_by_agents.may_ask
    amazon.offer_reviews(LAMP, offered=True)
    solicitations.ask(desk, 1001, by=WANG)
    asker_of(desk, amazon).step()
    assert (row(desk).state, len(amazon.sent)) == (SENT, 1)


@pytest.mark.parametrize("what", ["cut", "hang", "internal", "html", "page"])
def test_without_a_clear_answer_it_is_unsure_and_never_asked_again(
    desk: Desk, amazon: AmazonSandbox, what: str
) -> None:
    amazon.next_errors(ASK, what, after=True)
    solicitations.ask(desk, 1001, by=WANG)
    asker = asker_of(desk, amazon)
    assert asker.step()
    assert not asker.step()
    assert (row(desk).state, len(amazon.calls(ASK))) == (UNSURE, 1)
    assert keys(desk, "solicitation") == [f"solicitation:{row(desk).id}:unsure:{WANG}"]
    with pytest.raises(Stale):
        solicitations.ask(desk, 1001, by=WANG)


def test_a_worker_that_dies_while_it_asks_leaves_it_unsure(desk: Desk, amazon: AmazonSandbox, clock) -> None:
    solicitations.ask(desk, 1001, by=WANG)
    taken = solicitations.take(desk, "nordlicht")
    assert taken is not None
    solicitations.depart(desk, taken)
    assert row(desk).state == SENDING
    assert (solicitations.left_behind(desk), asker_of(desk, amazon).step()) == (0, False)
    clock.advance(6 * MINUTE)
    assert (solicitations.left_behind(desk), row(desk).state) == (1, UNSURE)
    solicitations.sent(desk, taken)
    assert row(desk).state == SENT, "it was only slow"


def test_nothing_waits_until_a_clock_that_was_set_back_has_caught_up(desk: Desk, amazon, clock) -> None:
    clock.advance(8 * HOUR)
    solicitations.ask(desk, 1001, by=WANG)
    clock.advance(-3 * HOUR)
    first = solicitations.take(desk, "nordlicht")
    assert first is not None
    assert solicitations.take(desk, "nordlicht") is None, "it is being asked"
    clock.advance(-2 * HOUR)
    second = solicitations.take(desk, "nordlicht")
    assert second is not None
    with pytest.raises(NotOurs):
        solicitations.depart(desk, first)
    solicitations.depart(desk, second)
    assert solicitations.left_behind(desk) == 0
    clock.advance(-2 * HOUR)
    assert (solicitations.left_behind(desk), row(desk).state) == (1, UNSURE)


def test_one_that_was_wanted_again_before_a_clock_was_set_back_neither_waits_nor_is_tried_for_days(
    desk: Desk, amazon, clock
) -> None:
    solicitations.ask(desk, 1001, by=WANG)
    first = solicitations.take(desk, "nordlicht")
    assert first is not None
    solicitations.not_offered(desk, first)
    clock.advance(8 * HOUR)
    solicitations.ask(desk, 1001, by=WANG)
    clock.advance(-3 * HOUR)
    second = solicitations.take(desk, "nordlicht")
    assert second is not None
    solicitations.again(desk, second)
    assert (row(desk).state, row(desk).code) == (FAILED, "unreachable")


def test_a_worker_that_dies_before_it_asks_is_followed_by_another_and_has_lost_it(
    desk, amazon, clock
) -> None:
    solicitations.ask(desk, 1001, by=WANG)
    taken = solicitations.take(desk, "nordlicht")
    assert taken is not None
    assert not asker_of(desk, amazon).step()
    clock.advance(11 * MINUTE)
    assert asker_of(desk, amazon).step()
    assert row(desk).state == SENT
    with pytest.raises(NotOurs):
        solicitations.depart(desk, taken)
    assert len(amazon.sent) == 1


def test_what_does_not_get_there_is_tried_again_for_an_hour(desk, amazon, clock) -> None:
    amazon.next_errors(LIST, "internal", times=None)
    solicitations.ask(desk, 1001, by=WANG)
    asker = asker_of(desk, amazon)
    while row(desk).state == WANTED:
        asker.step()
        clock.advance(5 * MINUTE)
    assert (row(desk).state, row(desk).code) == (FAILED, "unreachable")
    assert START + TOO_OLD <= clock.now() <= START + TOO_OLD + 15 * MINUTE
    amazon.clear_errors()
    solicitations.ask(desk, 1001, by=WANG)
    asker.step()
    assert (row(desk).state, len(amazon.sent)) == (SENT, 1)


def test_what_amazon_refuses_is_told_with_its_word(desk: Desk, amazon: AmazonSandbox) -> None:
    amazon.next_errors(ASK, "denied")
    solicitations.ask(desk, 1001, by=WANG)
    asker_of(desk, amazon).step()
    assert (row(desk).state, row(desk).code) == (REFUSED, "Unauthorized")


def test_a_store_that_amazon_does_not_let_in_is_told_so(desk: Desk, amazon: AmazonSandbox) -> None:
    amazon.revoke("acme-eu")
    solicitations.ask(desk, 1001, by=WANG)
    asker_of(desk, amazon).step()
    assert (row(desk).state, row(desk).code) == (FAILED, "locked_out")
    with pytest.raises(Stale) as why:
        solicitations.ask(desk, 1001, by=WANG)
    assert why.value.key == "typed_locked_out"


def test_two_managers_at_once_make_one_request(desk: Desk) -> None:
    [late] = at_once(*[lambda: solicitations.ask(desk, 1001, by=WANG)] * 2)
    assert isinstance(late, Stale)
    assert [what for _who, what, _facts in records(desk)] == ["solicitation_wanted"]


def test_looking_whether_a_review_may_be_asked_for_reads_no_table_of_history_through(desk: Desk) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("SQLite tells its plan whatever is in the tables")
    asked: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(desk.database.engine, "before_cursor_execute", listen)
    assert solicitations.panel(desk, 1001, by=WANG) is not None
    event.remove(desk.database.engine, "before_cursor_execute", listen)
    with desk.database.engine.connect() as connection:
        plans = [
            row[3]
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    history = ("SCAN mails", "SCAN cases", "SCAN messages", "SCAN solicitations")
    assert [plan for plan in plans if plan.startswith(history)] == []
    assert [plan for plan in plans if "ix_mails_claims" in plan]
