"""Requests that are wrong, or no longer fit: said with the right key, and nothing is stored. Both databases.

The rota: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang the manager), Los Angeles 17:00-01:00 UTC (Anna,
Bob); nobody from 10:00 to 17:00. Chen Yu works for Nordlicht only, Bob for Sunrise only. START is 09:00 UTC.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.db.tables import PersonRow
from bot.desk import Desk, request_pages, requests
from bot.desk.wishes import Wish
from bot.errors import NotAllowed, NotFound, Reply24Error, Stale, WrongInput
from tests.store.request_words import (
    at,
    row,
    stored,
    theirs,
    wish,
)
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, WANG

# What no longer fits.


def test_a_swap_is_refused_when_one_of_the_shifts_has_gone_meanwhile(staffed: Desk) -> None:
    asked = wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "27 17:00", "28 01:00"))
    number = requests.ask(staffed, asked)
    requests.ask(staffed, wish("off", ANNA, "27 00:00", "28 00:00", reason="sick"))
    before = stored(staffed)
    with pytest.raises(WrongInput) as why:
        requests.accept(staffed, number, by=ANNA)
    assert why.value.key == "shift_outside"
    assert stored(staffed) == before
    assert row(staffed, number).state == "open"


def test_a_shift_that_was_swapped_away_can_not_be_covered_any_more(staffed: Desk) -> None:
    cover = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    swap = wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "27 17:00", "28 01:00"))
    requests.accept(staffed, requests.ask(staffed, swap), by=ANNA)
    with pytest.raises(Stale) as why:
        requests.accept(staffed, cover, by=BOB)
    assert why.value.key == "request_moot"


def test_what_takes_somebody_off_stands_above_exchanges_and_is_said_before_anything_is_stored(
    staffed: Desk,
) -> None:
    requests.ask(staffed, wish("override", WANG, "26 01:00", "26 10:00", instead_of=LI_WEI))
    requests.ask(staffed, wish("off", ANNA, "26 00:00", "27 10:00", reason="other"))
    cover = requests.ask(staffed, wish("cover", WANG, "26 01:00", "26 10:00"))
    before = stored(staffed)
    for refused in (
        lambda: requests.ask(staffed, wish("take", LI_WEI, "26 01:00", "26 10:00")),
        lambda: requests.ask(staffed, wish("take", ANNA, "26 17:00", "26 20:00")),
        lambda: requests.accept(staffed, cover, by=ANNA),
    ):
        with pytest.raises(WrongInput) as why:
            refused()
        assert why.value.key == "shift_overridden"
    assert stored(staffed) == before
    assert not [
        one for one in request_pages.vacancies(staffed, ANNA) if at("26 00:00") <= one.start < at("27 10:00")
    ]


def test_of_people_who_left_requests_can_still_be_looked_at(staffed: Desk) -> None:
    number = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    with staffed.database.writing() as tx:
        tx.add(PersonRow(person=LI_WEI, name="Li Wei", zone="UTC", locale="en", gone=True, fetched_at=START))
    assert request_pages.request(staffed, number).by == LI_WEI
    with pytest.raises(Stale):
        requests.accept(staffed, number, by=ANNA)
    requests.withdraw(staffed, number, by=WANG)


# What is wrong.

SWAP = theirs(ANNA, "27 17:00", "28 01:00")
WRONG = [
    (
        "shift_with_self",
        wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(LI_WEI, "27 01:00", "27 10:00")),
    ),
    ("shift_with_self", wish("override", WANG, "26 01:00", "26 10:00", other=ANNA, instead_of=ANNA)),
    ("shift_ends_first", wish("off", LI_WEI, "26 10:00", "26 01:00")),
    ("shift_ends_first", wish("override", WANG, "26 10:00", "26 10:00", other=ANNA)),
    ("shift_in_past", wish("cover", LI_WEI, "25 01:00", "25 08:00")),
    ("shift_in_past", wish("swap", LI_WEI, "25 01:00", "25 10:00", **SWAP)),
    ("shift_in_past", wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "24 17:00", "25 01:00"))),
    ("shift_in_past", wish("override", WANG, "25 08:58", "25 12:00", other=ANNA)),
    ("shift_too_long", wish("off", LI_WEI, "26 00:00", "99 00:00")),
    ("shift_too_far", wish("override", WANG, "430 00:00", "431 00:00", other=ANNA)),
    ("shift_outside", wish("cover", LI_WEI, "26 00:00", "26 10:00")),
    ("shift_outside", wish("cover", ANNA, "26 01:00", "26 10:00")),
    ("shift_outside", wish("swap", BOB, "26 01:00", "26 10:00", **SWAP)),
    ("shift_outside", wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "27 10:00", "27 17:00"))),
    ("shift_nothing_there", wish("off", LI_WEI, "26 11:00", "26 23:00")),
    ("shift_nothing_there", wish("override", WANG, "26 01:00", "26 10:00", instead_of=ANNA)),
    ("shift_unchosen", wish("override", WANG, "26 01:00", "26 10:00")),
    ("shift_unchosen", wish("swap", LI_WEI, "26 01:00", "26 10:00")),
    ("shift_overlap", wish("take", LI_WEI, "26 09:00", "26 12:00")),
    ("shift_overlap", wish("override", WANG, "26 09:00", "26 12:00", other=LI_WEI)),
    (
        "shift_overlap",
        wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(WANG, "27 01:00", "27 10:00")),
    ),
    ("not_their_store", wish("swap", CHEN, "26 01:00", "26 10:00", **SWAP)),
    ("not_their_store", wish("take", BOB, "26 10:00", "26 12:00", stores=("nordlicht",))),
    ("not_their_store", wish("take", ANNA, "26 10:00", "26 12:00", stores=("elsewhere",))),
    ("not_their_store", wish("override", WANG, "26 10:00", "26 12:00", other=CHEN, stores=("sunrise",))),
    ("no_such_agent", wish("override", WANG, "26 10:00", "26 12:00", other=GUEST)),
    ("not_an_agent", wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(GUEST, "27 01:00", "27 10:00"))),
    ("not_an_agent", wish("off", GUEST, "26 01:00", "26 10:00")),
    ("not_an_agent", wish("take", GUEST, "26 10:00", "26 12:00")),
    ("managers_only", wish("override", ANNA, "26 10:00", "26 12:00", other=LI_WEI)),
]


@pytest.mark.parametrize(
    ("key", "asked"), [pytest.param(*one, id=f"{one[0]} {one[1].kind}") for one in WRONG]
)
def test_a_wrong_wish_is_said_and_nothing_is_stored(staffed: Desk, key: str, asked: Wish) -> None:
    for act in (request_pages.preview, requests.ask):
        with pytest.raises((WrongInput, NotAllowed)) as why:
            act(staffed, asked)
        assert why.value.key == key
    assert stored(staffed) == [0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["cover", "off"])
def test_the_same_is_not_asked_for_twice(strict: Desk, kind: str) -> None:
    asked = wish(kind, LI_WEI, "26 01:00", "26 10:00", reason="vacation" if kind == "off" else "")
    requests.ask(strict, asked)
    before = stored(strict)
    with pytest.raises(WrongInput) as why:
        requests.ask(strict, replace(asked, start=at("26 04:00")))
    assert why.value.key == "shift_asked_already"
    assert stored(strict) == before


def test_without_a_rota_there_is_nothing_to_ask_for(desk: Desk) -> None:
    with pytest.raises(WrongInput) as why:
        requests.ask(desk, wish("off", LI_WEI, "26 01:00", "26 10:00"))
    assert why.value.key == "no_rota"
    assert stored(desk) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("act", "by", "kind"),
    [
        (requests.accept, LI_WEI, "request_own"),
        (requests.accept, CHEN, "request_not_for_you"),
        (requests.accept, WANG, "shift_overlap"),
        (requests.accept, GUEST, "not_an_agent"),
        (requests.withdraw, GUEST, "not_an_agent"),
        (requests.approve, ANNA, "managers_only"),
        (requests.refuse, GUEST, "not_an_agent"),
        (requests.approve, WANG, "request_over"),
    ],
)
def test_a_wrong_answer_is_said_and_nothing_is_stored(
    staffed: Desk, act: Callable[..., None], by: str, kind: str
) -> None:
    number = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    before = stored(staffed)
    with pytest.raises(Reply24Error) as why:
        act(staffed, number, by=by)
    assert why.value.key == kind
    assert stored(staffed) == before
    with pytest.raises(NotFound):
        act(staffed, 99, by=WANG)
