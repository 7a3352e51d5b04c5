"""RMA numbers when the settings give a store another code, or another key: none is given twice. Both databases."""

from dataclasses import replace

import pytest

from bot.db.tables import CaseRow
from bot.desk import Desk, solutions
from tests import world
from tests.world import ANNA, Post, buyer_mail


@pytest.fixture(autouse=True)
def cases(post: Post) -> None:
    """1001 to 1004 of Nordlicht."""
    for one in range(1, 5):
        about = {"amazon_case_id": f"case-{one}", "buyer_base": f"buyer{one}@marketplace.amazon.de"}
        alias = f"buyer{one}+case-{one}@marketplace.amazon.de"
        post.deliver(buyer_mail(order_id=f"305-0000000-{one:07}", buyer_alias=alias, **about))


def coded(desk: Desk, **codes: str) -> Desk:
    """The same desk, whose stores have these codes."""
    return replace(desk, settings=world.settings(solutions={"rma_codes": codes}))


def move(desk: Desk, store: str, *numbers: int) -> None:
    """These cases belong to another store."""
    with desk.database.writing() as tx:
        for number in numbers:
            tx.get_one(CaseRow, number).store = store


def rma(desk: Desk, case: int) -> str:
    return solutions.rma_for(desk, case, by=ANNA)


def test_a_code_that_another_store_had_before_goes_on_behind_its_numbers(desk: Desk) -> None:
    before = coded(desk, nordlicht="EU")
    assert [rma(before, case) for case in (1001, 1002)] == ["RMA-EU-000001", "RMA-EU-000002"]
    move(desk, "sunrise", 1003, 1004)
    after = coded(desk, nordlicht="NL", sunrise="EU")
    assert [rma(after, case) for case in (1003, 1004)] == ["RMA-EU-000003", "RMA-EU-000004"]
    assert rma(after, 1001) == "RMA-EU-000001", "the buyer has this one"


def test_a_store_that_gets_its_old_code_back_counts_on(desk: Desk) -> None:
    assert rma(coded(desk, nordlicht="EU"), 1001) == "RMA-EU-000001"
    assert rma(coded(desk, nordlicht="NL"), 1002) == "RMA-NL-000002"
    assert rma(coded(desk, nordlicht="EU"), 1003) == "RMA-EU-000003"


def test_a_store_with_another_key_gives_no_number_of_before(desk: Desk) -> None:
    assert [rma(coded(desk, nordlicht="EU"), case) for case in (1001, 1002)][-1] == "RMA-EU-000002"
    move(desk, "sunrise", 1003)
    assert rma(coded(desk, sunrise="EU"), 1003) == "RMA-EU-000003"


def test_codes_that_begin_alike_are_not_taken_for_one(desk: Desk) -> None:
    assert [rma(coded(desk, nordlicht="US2"), case) for case in (1001, 1002)][-1] == "RMA-US2-000002"
    move(desk, "sunrise", 1003)
    assert rma(coded(desk, sunrise="US"), 1003) == "RMA-US-000001"
