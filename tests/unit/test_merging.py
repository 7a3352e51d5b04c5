"""The rules of merging and splitting: what fits, whom a reply goes to, what may be taken out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.merging import (
    Piece,
    Side,
    Thread,
    next_thread,
    obstacle,
    same_address,
    split_obstacle,
)

ONE = Side(1001, "buyer", "nordlicht", "open", "305-1", "katrin@marketplace.example")
OTHER = replace(ONE, number=1002)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, None, id="same buyer, same order"),
        pytest.param({"order_id": "305-2"}, None, id="same buyer, another order"),
        pytest.param({"buyer_base": "x@marketplace.example"}, None, id="same order, another address"),
        pytest.param({"number": 1001}, "merge_itself", id="itself"),
        pytest.param({"kind": "review"}, "merge_review", id="a mail to look at"),
        pytest.param({"store": "sunrise"}, "merge_other_store", id="another store"),
        pytest.param({"store": None}, "merge_other_store", id="no store"),
        pytest.param({"state": "closed"}, "merge_closed", id="closed"),
        pytest.param({"order_id": "305-2", "buyer_base": "x@y"}, "merge_other_buyer", id="nothing in common"),
        pytest.param({"order_id": None, "buyer_base": None}, "merge_other_buyer", id="nothing known"),
    ],
)
def test_what_can_be_merged_into_what(changes, expected):
    other = replace(OTHER, **changes)
    assert obstacle(other, ONE) == expected
    assert obstacle(ONE, other) == expected


def test_two_cases_of_which_nothing_is_known_have_nothing_in_common():
    bare = replace(ONE, order_id=None, buyer_base=None)
    assert obstacle(bare, replace(bare, number=1002)) == "merge_other_buyer"
    empty = replace(ONE, order_id="", buyer_base="")
    assert obstacle(empty, replace(empty, number=1002)) == "merge_other_buyer"


def test_the_next_reply_goes_to_whose_clock_ends_first():
    threads = [Thread(1, "a", 9, NOON), Thread(2, "b", 5, NOON - HOUR), Thread(3, "c", 7, None)]
    assert next_thread(threads).number == 2


def test_when_no_clock_runs_it_goes_to_who_wrote_last():
    assert next_thread([Thread(1, "a", 5, None), Thread(2, "b", 9, None)]).number == 2


def test_a_reply_answers_the_very_same_address_and_no_other():
    threads = [
        Thread(1, "k+1@x", 1, None),
        Thread(2, "k+2@x", 2, None),
        Thread(3, "k+1@x", 3, None),
        Thread(4, None, 4, None),
        Thread(5, None, 5, None),
    ]
    assert same_address(threads, 1) == same_address(threads, 3) == (1, 3)
    assert same_address(threads, 2) == (2,)
    assert same_address(threads, 4) == (4,), "what is not known is not the same"


addresses = st.sampled_from(["a", "b", None])
instants = st.none() | st.integers(0, 50).map(lambda hours: NOON + hours * HOUR)
several = st.lists(st.tuples(addresses, instants), min_size=1, max_size=6).map(
    lambda found: [Thread(at, alias, at, due) for at, (alias, due) in enumerate(found, 1)]
)


@given(several)
def test_addresses_part_the_threads_and_the_most_urgent_is_next(threads):
    parts = [set(same_address(threads, one.number)) for one in threads]
    for part, one in zip(parts, threads, strict=True):
        assert one.number in part
        assert all(part == other or not part & other for other in parts)
    due = [one.due_at for one in threads if one.due_at]
    assert next_thread(threads).due_at == min(due, default=None)


MESSAGES = (Piece(1, 1001, True), Piece(2, 1001, False), Piece(3, 1001, True), Piece(4, 1002, True))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        pytest.param({1}, None, id="one of several"),
        pytest.param({1, 2}, None, id="answered ones may go along"),
        pytest.param(set(), "split_nothing", id="nothing"),
        pytest.param({1, 99}, "split_gone", id="one that is elsewhere by now"),
        pytest.param({1, 4}, "split_addresses", id="of two conversations"),
        pytest.param({1, 2, 3}, "split_all", id="all of a conversation"),
        pytest.param({4}, "split_all", id="all of a merged case"),
        pytest.param({2}, "split_answered", id="nothing that waits"),
    ],
)
def test_what_can_be_split_off(chosen, expected):
    assert split_obstacle(MESSAGES, chosen) == expected
