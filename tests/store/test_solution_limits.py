"""Limits of solutions where the order is learned late, or cases are merged and split. Both databases.

An agent may give 20 % of 50.00 alone, whichever way the cases of one buyer are cut.
"""

import pytest

from bot.desk import Desk, merging, read, solution_pages, solutions
from bot.desk.solutions import Wish
from tests.world import ANNA, LI_WEI, Post, buyer_mail

ORDER, OTHER = "305-1234567-1234567", "305-2222222-2222222"
TEN = Wish("partial_refund", "50", "10")


def write(post: Post, conversation: int, order_id: str | None, buyer: str = "katrin0000001") -> None:
    """A message of the buyer's in one of their conversations."""
    base = f"{buyer}@marketplace.amazon.de"
    alias = base.replace("@", f"+case-{conversation}@")
    about = {"amazon_case_id": f"case-{conversation}", "order_id": order_id}
    post.deliver(buyer_mail(buyer_alias=alias, buyer_base=base, **about))


def give(desk: Desk, case: int) -> str:
    """Ten of fifty, by an agent."""
    seen = solution_pages.preview(desk, case, TEN, by=ANNA).seen
    return solutions.grant(desk, case, TEN, by=ANNA, seen=seen)[1]


def test_what_was_given_before_the_order_was_known_counts_for_it(desk: Desk, post: Post) -> None:
    write(post, 1, None)
    assert give(desk, 1001) == "granted"
    write(post, 1, ORDER)
    assert read.case(desk, 1001).order_id == ORDER
    write(post, 2, ORDER, buyer="another00001")
    assert give(desk, 1002) == "asked"


def test_it_counts_for_any_order_of_the_buyer_while_nobody_knows_which(desk: Desk, post: Post) -> None:
    write(post, 1, None)
    write(post, 2, ORDER)
    write(post, 3, OTHER, buyer="another00001")
    assert [give(desk, case) for case in (1001, 1002, 1003)] == ["granted", "asked", "granted"]


def test_a_case_without_an_order_may_be_about_each_of_the_buyers(desk: Desk, post: Post) -> None:
    write(post, 1, ORDER)
    write(post, 2, None)
    assert give(desk, 1001) == "granted"
    assert give(desk, 1002) == "asked"


def test_two_orders_of_one_buyer_are_two_once_both_are_known(desk: Desk, post: Post) -> None:
    write(post, 1, None)
    assert give(desk, 1001) == "granted"
    write(post, 1, ORDER)
    write(post, 2, OTHER)
    assert give(desk, 1002) == "granted"


@pytest.mark.parametrize("order_id", [None, OTHER])
def test_merging_into_another_case_does_not_begin_anew(desk: Desk, post: Post, order_id: str | None) -> None:
    write(post, 1, ORDER)
    write(post, 2, order_id)
    assert give(desk, 1001) == "granted"
    merging.merge(desk, 1001, 1002, by=LI_WEI)
    assert give(desk, 1002) == "asked"


@pytest.mark.parametrize("order_id", [None, ORDER])
def test_nor_does_splitting(desk: Desk, post: Post, order_id: str | None) -> None:
    write(post, 1, order_id)
    write(post, 1, order_id)
    assert give(desk, 1001) == "granted"
    new = merging.split(desk, 1001, [read.case(desk, 1001).messages[-1].id], by=ANNA)
    assert give(desk, new) == "asked"
