"""Orders on their whole way: a buyer writes, Amazon is asked, card and details say what it answered; nothing waits."""

from collections.abc import Iterator

import pytest

from bot.desk import alarms, orders
from bot.desk.silences import Habits
from bot.domain.kept_orders import KNOWN
from bot.sandbox.amazon.orders import invent
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.slack.driver import Outcome
from tests.dispatch.amazon_shop import BOTTLE, BOUGHT, open_shop
from tests.office import Case, Office

KETTLE = "302-1112223-3334445"
EU, US = "nordlicht", "sunrise"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        kettle = invent(KETTLE, "DE", BOUGHT, tracking="JJD0001", carrier="DHL", title="Wasserkocher")
        found.add_order(kettle, account="acme-eu")
        yield found


@pytest.fixture
def hanging() -> Iterator[AmazonSandbox]:
    """An API that takes connections and never answers."""
    with open_shop() as found:
        for operation in ("token", "getOrder"):
            found.next_errors(operation, "hang", times=None)
        yield found


def _details(office: Office, case: Case) -> Outcome:
    return office.ws.user("anna").command(f"/case {case.number}", "amz-nordlicht")


def _watch(office: Office) -> None:
    """What the tick does once a minute."""
    alarms.watch(office.desk, Habits(office.desk), office.desk.now())
    office.quiet()


def known(office: Office, case: Case) -> bool:
    with office.desk.database.reading() as tx:
        found = orders.of_cases(tx, office.desk, case.now.store, [case.now.order_id])
    return bool(found) and found[0].state == KNOWN


def test_the_order_comes_onto_the_card_and_into_the_details(opened, amazon: AmazonSandbox) -> None:
    with opened({EU: amazon.url}, amazon.token_url) as office:
        case = office.new_case("Wo ist mein Wasserkocher?", marketplace="DE", order_id=KETTLE)
        office.until(lambda: known(office, case))
        office.quiet()
        case.card.expect("shipped · the store ships it (FBM)").expect("DHL JJD0001")
        shown = office.opened(_details(office, case))
        for words in ("Wasserkocher", "Package: DHL JJD0001", "Deliver between", "Amazon said so at"):
            shown.expect(words)
        shown.close()
        card = case.card.ts
        amazon.add_order(invent(KETTLE, "DE", BOUGHT, status="CANCELLED"), account="acme-eu")
        office.tick(hours=4)
        office.until(lambda: "cancelled" in case.card.plain)
        assert case.card.ts == card


def test_a_store_whose_api_hangs_keeps_neither_its_own_cards_nor_the_other_store_waiting(
    opened, amazon: AmazonSandbox, hanging: AmazonSandbox
) -> None:
    with opened({EU: hanging.url, US: amazon.url}, amazon.token_url) as office:
        stuck = office.new_case(marketplace="DE", order_id=KETTLE)
        office.until(lambda: [one for one in hanging.calls() if one.operation == "getOrder"])
        other = office.new_case(marketplace="US", order_id=BOTTLE)
        office.until(lambda: known(office, other))
        office.quiet()
        other.card.expect("UPS 1Z999")
        stuck.claim("anna")
        assert "📦" not in stuck.card.plain
        shown = office.opened(_details(office, stuck))
        shown.expect("not known yet").close()
        stuck.answer(by="anna")
        assert not known(office, stuck)


def test_managers_are_told_how_to_authorise_again_and_when_it_is_over(opened, amazon: AmazonSandbox) -> None:
    amazon.revoke("acme-eu")
    with opened({EU: amazon.url}, amazon.token_url) as office:
        case = office.new_case(marketplace="DE", order_id=KETTLE)
        leads, told = office.ws.channel("amz-leads"), "Amazon's API does not let us in"
        office.until(lambda: orders.locked_out_by(office.desk, EU))
        _watch(office)
        post = leads.expect(told)
        assert "Manage Your Apps" in post.plain
        assert "Stands" in post.plain
        office.opened(_details(office, case)).expect("it has to be authorised again").close()
        orders.let_in(office.desk, EU)
        _watch(office)
        assert "Over" in leads.expect(told).plain
        assert len([one for one in leads.messages() if told in one.plain]) == 1
