"""Solutions: granting, asking, agreeing, limits over a whole order, RMA numbers of many at once. Both databases."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.tables import CaseRow, LedgerRow, OutboxRow
from bot.db.tables_solutions import CompensationRow, RmaRow
from bot.desk import Desk, read, solution_pages, solutions, suggest
from bot.desk.solutions import Wish
from bot.domain.ledger import first_fault
from bot.errors import NotAllowed, NotFound, Stale, WrongInput
from tests import world
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, WANG, Post, buyer_mail

ORDER = "305-0000000-0000001"
NewCase = Callable[..., int]
"""Of an agent, for one order: 20 % and 20.00, full refund and goods up to 30.00; of a manager 50 %, 100.00, 200.00."""


@pytest.fixture
def new_case(desk: Desk, clock: FixedClock) -> NewCase:
    """A new buyer's first message; gives the number of its case."""
    inbox, number = Post(desk, clock), iter(range(1, 1000))

    def make(mailbox: str = "nordlicht", **about: object) -> int:
        one = next(number)
        mail = buyer_mail(
            **{
                "amazon_case_id": f"case-{one}",
                "order_id": f"305-0000000-{one:07}",
                "buyer_alias": f"buyer{one}+case-{one}@marketplace.amazon.de",
                "buyer_base": f"buyer{one}@marketplace.amazon.de",
                **about,
            }
        )
        inbox.deliver(mail, mailbox=mailbox)
        return 1000 + one

    return make


def part(amount: str, value: str = "50", **more: str) -> Wish:
    return Wish("partial_refund", value, amount, **more)


def give(desk: Desk, case: int, wish: Wish, by: str = ANNA) -> tuple[int, str]:
    """As a person does: look, then confirm."""
    return solutions.grant(desk, case, wish, by=by, seen=solution_pages.preview(desk, case, wish, by=by).seen)


def needs(desk: Desk, case: int, wish: Wish, by: str = ANNA) -> list[str]:
    return [one.key for one in solution_pages.preview(desk, case, wish, by=by).needs]


def records(desk: Desk) -> list[LedgerRow]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(LedgerRow).order_by(LedgerRow.seq)))


def keys(desk: Desk, beginning: str = "solution") -> dict[str, str]:
    """What waits to be told, and where."""
    with desk.database.reading() as tx:
        rows = tx.execute(select(OutboxRow.key, OutboxRow.place))
        return {key: place for key, place in rows if key.startswith(beginning)}


def test_what_an_agent_may_give_is_given_at_once_and_recorded(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    found, state = give(desk, case, part("10", note="corner broken"))
    assert state == "granted"
    (one,) = read.case(desk, case).solutions
    assert (one.id, one.state, one.by, one.at) == (found, "granted", ANNA, START)
    assert (str(one.solution.amount), str(one.solution.value)) == ("10.00 EUR", "50.00 EUR")
    last = records(desk)[-1]
    assert (last.who, last.what, last.store, last.case) == (ANNA, "solution_granted", "nordlicht", case)
    assert last.facts == {
        "solution": found,
        "kind": "partial_refund",
        "amount": "10.00 EUR",
        "order_value": "50.00 EUR",
        "reason": "other",
        "asked_by": ANNA,
        "needs": [],
    }
    assert keys(desk) == {f"solution:{found}": "amz-nordlicht"}


def test_beyond_the_limit_the_managers_of_the_store_are_asked(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    found, state = give(desk, case, part("10.01"))
    assert state == "asked"
    assert keys(desk) == {f"solution:{found}": "amz-nordlicht", f"solution_asked:{found}:{WANG}": WANG}
    solutions.approve(desk, found, by=WANG)
    (one,) = read.case(desk, case).solutions
    assert (one.state, one.by, one.decided_by, one.decided_at) == ("approved", ANNA, WANG, START)
    assert keys(desk)[f"solution_told:{found}:approved"] == ANNA
    what = [(row.who, row.what, row.facts.get("asked_by")) for row in records(desk)[-2:]]
    assert what == [(ANNA, "solution_asked", ANNA), (WANG, "solution_approved", ANNA)]
    assert records(desk)[-2].facts["needs"] == ["percent"]


def test_a_refusal_is_told_and_counts_no_more(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    found, _state = give(desk, case, part("25"))
    assert needs(desk, case, part("1")) == ["percent", "amount"]
    solutions.refuse(desk, found, by=WANG)
    assert keys(desk)[f"solution_told:{found}:refused"] == ANNA
    assert needs(desk, case, part("1")) == []


def test_what_is_decided_is_decided_once(desk: Desk, new_case: NewCase) -> None:
    found, _state = give(desk, new_case(), part("25"))
    solutions.approve(desk, found, by=WANG)
    before = len(records(desk))
    solutions.approve(desk, found, by=WANG)
    assert len(records(desk)) == before
    with pytest.raises(Stale) as caught:
        solutions.refuse(desk, found, by=WANG)
    assert caught.value.key == "solution_approved_already"
    granted, _state = give(desk, new_case(), part("1"))
    with pytest.raises(Stale):
        solutions.approve(desk, granted, by=WANG)


@pytest.mark.parametrize("decide", [solutions.approve, solutions.refuse])
@pytest.mark.parametrize("who", [ANNA, LI_WEI, BOB, GUEST])
def test_only_a_manager_of_the_store_decides(desk: Desk, new_case: NewCase, decide, who) -> None:
    found, _state = give(desk, new_case(), part("25"))
    before = len(records(desk))
    with pytest.raises(NotAllowed):
        decide(desk, found, by=who)
    assert len(records(desk)) == before


def with_managers(desk: Desk, **stores: tuple[str, ...]) -> Desk:
    """The same desk with these agents as managers, of these stores only."""
    agents = {
        key: one.model_copy(update={"role": "manager", "stores": stores[key.replace("-", "_")]})
        if key.replace("-", "_") in stores
        else one
        for key, one in desk.settings.agents.items()
    }
    return replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))


def test_a_manager_has_limits_too_and_never_agrees_to_their_own_wish(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    with pytest.raises(WrongInput) as caught:
        give(desk, case, part("60", "110"), by=WANG)
    assert caught.value.key == "solution_nobody"
    two = with_managers(desk, chen_yu=("nordlicht",), bob=("sunrise",))
    found, state = give(two, case, part("60", "110"), by=WANG)
    assert state == "asked"
    assert set(keys(desk)) == {f"solution:{found}", f"solution_asked:{found}:{CHEN}"}
    with pytest.raises(NotAllowed) as refused:
        solutions.approve(two, found, by=WANG)
    assert (refused.value.key, refused.value.facts["who"]) == ("solution_own", (CHEN,))
    with pytest.raises(NotAllowed):
        solutions.approve(two, found, by=BOB)
    solutions.approve(two, found, by=CHEN)


def test_what_a_manager_may_give_alone_an_agent_may_not(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    wish = Wish("full_refund", "150")
    assert needs(desk, case, wish, by=ANNA) == ["full_value"]
    assert needs(desk, case, wish, by=WANG) == []


def test_splitting_over_two_cases_of_one_order_changes_nothing(desk: Desk, new_case: NewCase) -> None:
    first, second, other = new_case(order_id=ORDER), new_case(order_id=ORDER), new_case()
    give(desk, first, part("6"))
    assert needs(desk, second, part("6"), by=LI_WEI) == ["percent"]
    assert needs(desk, second, part("4"), by=LI_WEI) == []
    assert needs(desk, other, part("6")) == []
    assert needs(desk, second, Wish("resend", "10")) == ["resend_value", "another_kind"]


def test_the_same_order_number_at_another_store_is_another_order(desk: Desk, new_case: NewCase) -> None:
    here = new_case(order_id=ORDER)
    give(desk, here, part("10"))
    there = new_case(
        "sunrise",
        order_id=ORDER,
        marketplace="US",
        recipients=("support@sunrise.example",),
    )
    assert needs(desk, there, part("10")) == []


def test_a_case_without_an_order_counts_for_itself(desk: Desk, new_case: NewCase) -> None:
    first, second = new_case(order_id=None), new_case(order_id=None)
    give(desk, first, part("10"))
    assert needs(desk, first, part("1")) == ["percent"]
    assert needs(desk, second, part("1")) == []


def test_confirming_a_preview_that_is_out_of_date_gives_nothing(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    seen = solution_pages.preview(desk, case, part("6"), by=ANNA).seen
    give(desk, case, part("6"), by=LI_WEI)
    with pytest.raises(Stale) as caught:
        solutions.grant(desk, case, part("6"), by=ANNA, seen=seen)
    assert caught.value.key == "solution_changed"
    assert len(read.case(desk, case).solutions) == 1


def test_a_question_is_taken_back_by_who_asked(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    found, _state = give(desk, case, part("25"))
    with pytest.raises(NotAllowed):
        solutions.withdraw(desk, found, by=LI_WEI)
    solutions.withdraw(desk, found, by=ANNA)
    assert read.case(desk, case).solutions[0].state == "withdrawn"
    assert needs(desk, case, part("1")) == []
    with pytest.raises(Stale):
        solutions.approve(desk, found, by=WANG)
    with pytest.raises(Stale):
        solutions.withdraw(desk, found, by=ANNA)


def test_giving_undoing_and_giving_again_does_not_reach_beyond_the_limit(
    desk: Desk, new_case: NewCase
) -> None:
    case = new_case()
    found, _state = give(desk, case, part("10"))
    with pytest.raises(NotAllowed):
        solutions.withdraw(desk, found, by=ANNA)
    with pytest.raises(NotAllowed):
        solutions.withdraw(desk, found, by=LI_WEI)
    assert needs(desk, case, part("1")) == ["percent"]
    solutions.withdraw(desk, found, by=WANG)
    assert needs(desk, case, part("10")) == []
    assert keys(desk)[f"solution_told:{found}:withdrawn"] == ANNA


def test_an_order_value_that_was_refused_is_remembered(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    found, _state = give(desk, case, Wish("full_refund", "80"))
    solutions.refuse(desk, found, by=WANG)
    assert needs(desk, case, Wish("full_refund", "25")) == ["full_value"]


@pytest.mark.parametrize("who", [BOB, GUEST])
def test_nobody_gives_for_a_store_that_is_not_theirs(desk: Desk, new_case: NewCase, who: str) -> None:
    case = new_case()
    for act in (
        lambda: solution_pages.preview(desk, case, part("1"), by=who),
        lambda: solutions.grant(desk, case, part("1"), by=who, seen=0),
        lambda: solutions.rma_for(desk, case, by=who),
        lambda: solution_pages.limits(desk, case, by=who),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert read.case(desk, case).solutions == ()


def test_what_is_not_there_is_said_to_be_so(desk: Desk, new_case: NewCase) -> None:
    for act in (
        lambda: solutions.approve(desk, 77, by=WANG),
        lambda: solutions.withdraw(desk, 77, by=ANNA),
        lambda: solution_pages.solution(desk, 77),
        lambda: solution_pages.preview(desk, 77, part("1"), by=ANNA),
        lambda: solutions.rma_for(desk, 77, by=ANNA),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        solutions.approve(desk, 77, by=GUEST)


@pytest.mark.parametrize(
    ("wish", "key", "where"),
    [
        (Wish("", "50"), "solution_unchosen", None),
        (Wish("partial_refund", "", "5"), "solution_no_value", None),
        (Wish("partial_refund", "50", ""), "solution_no_amount", None),
        (Wish("partial_refund", "fifty", "5"), "amount_unreadable", "value"),
        (Wish("partial_refund", "50", "five"), "amount_unreadable", "amount"),
        (Wish("partial_refund", "50", "$5"), "amount_currency", "amount"),
    ],
)
def test_what_cannot_be_read_says_where(
    desk: Desk, new_case: NewCase, wish: Wish, key: str, where: str | None
) -> None:
    with pytest.raises(WrongInput) as caught:
        give(desk, new_case(), wish)
    assert (caught.value.key, caught.value.facts.get("part")) == (key, where)


@pytest.mark.parametrize(("marketplace", "currency"), [("DE", "EUR"), ("UK", "GBP")])
def test_the_currency_is_the_marketplaces(
    desk: Desk, new_case: NewCase, marketplace: str, currency: str
) -> None:
    assert solution_pages.limits(desk, new_case(marketplace=marketplace), by=ANNA)[0] == currency


def test_a_mail_that_nobody_can_place_gets_nothing(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, case).store = None
    with pytest.raises(WrongInput) as caught:
        solutions.rma_for(desk, case, by=ANNA)
    assert caught.value.key == "solution_no_store"
    with pytest.raises(WrongInput):
        give(desk, case, part("1"))


def test_nothing_that_a_buyer_or_a_colleague_wrote_is_in_the_ledger(desk: Desk, new_case: NewCase) -> None:
    case = new_case(text="My lamp is broken, says Katrin Muster.")
    found, _state = give(desk, case, part("25", note="Katrin says it is broken"))
    solutions.approve(desk, found, by=WANG)
    solutions.rma_for(desk, case, by=ANNA)
    written = json.dumps([row.facts for row in records(desk)])
    assert "Katrin" not in written
    assert "broken" not in written
    with desk.database.reading() as tx:
        assert first_fault(ledger.records(tx)) is None


def test_a_manager_who_is_off_is_asked_when_their_shift_begins(
    staffed: Desk, new_case: NewCase, clock: FixedClock
) -> None:
    """Los Angeles is on from 17:00 UTC, Beijing (with Wang Fang) again from 01:00."""
    case = new_case()
    clock.advance(timedelta(hours=10))
    found, _state = give(staffed, case, part("25"))
    with staffed.database.reading() as tx:
        row = tx.scalars(select(OutboxRow).where(OutboxRow.key == f"solution_asked:{found}:{WANG}")).one()
    assert row.not_before == START + timedelta(hours=16)
    clock.advance(timedelta(hours=8))
    solutions.approve(staffed, found, by=WANG)
    with staffed.database.reading() as tx:
        row = tx.scalars(select(OutboxRow).where(OutboxRow.key == f"solution_told:{found}:approved")).one()
    assert row.not_before == START + timedelta(hours=32)


# RMA numbers


def rmas(desk: Desk) -> list[RmaRow]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(RmaRow).order_by(RmaRow.id)))


def test_a_case_and_its_order_have_one_number(desk: Desk, new_case: NewCase) -> None:
    first, second = new_case(), new_case()
    assert solutions.rma_for(desk, first, by=ANNA) == "RMA-NORDLICHT-000001"
    assert solutions.rma_for(desk, first, by=LI_WEI) == "RMA-NORDLICHT-000001"
    assert solutions.rma_for(desk, second, by=ANNA) == "RMA-NORDLICHT-000002"
    assert read.case(desk, first).rma == "RMA-NORDLICHT-000001"
    assert [row.what for row in records(desk)].count("rma_given") == 2


def test_another_order_of_the_case_has_another_number_but_an_unknown_one_keeps_it(
    desk: Desk, new_case: NewCase
) -> None:
    unknown, known = new_case(order_id=None), new_case()
    first, second = (solutions.rma_for(desk, case, by=ANNA) for case in (unknown, known))
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, unknown).order_id = ORDER
        tx.get_one(CaseRow, known).order_id = "305-9999999-9999999"
    assert solutions.rma_for(desk, unknown, by=ANNA) == first
    assert solutions.rma_for(desk, known, by=ANNA) not in (first, second)


def test_each_store_counts_for_itself(desk: Desk, new_case: NewCase) -> None:
    here = new_case()
    there = new_case("sunrise", marketplace="US", recipients=("support@sunrise.example",))
    coded = replace(desk, settings=world.settings(solutions={"rma_codes": {"sunrise": "US"}}))
    assert solutions.rma_for(coded, there, by=BOB) == "RMA-US-000001"
    assert solutions.rma_for(coded, here, by=ANNA) == "RMA-NORDLICHT-000001"


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What `count` threads get that begin at the same moment; an error is a result."""
    start = threading.Barrier(count)

    def one(number: int) -> object:
        start.wait(20)
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_sixteen_at_once_get_sixteen_numbers_without_a_gap(desk: Desk, new_case: NewCase) -> None:
    cases = [new_case() for _ in range(16)]
    found = at_once(16, lambda number: solutions.rma_for(desk, cases[number], by=ANNA))
    assert sorted(map(str, found)) == [f"RMA-NORDLICHT-{serial:06d}" for serial in range(1, 17)]
    assert [row.serial for row in rmas(desk)] == sorted(row.serial for row in rmas(desk))


def test_sixteen_at_once_for_one_case_get_the_same_number(desk: Desk, new_case: NewCase) -> None:
    case = new_case()
    found = at_once(16, lambda _number: solutions.rma_for(desk, case, by=ANNA))
    assert set(found) == {"RMA-NORDLICHT-000001"}
    assert len(rmas(desk)) == 1


def test_sixteen_at_once_for_one_order_stay_within_its_limit(desk: Desk, new_case: NewCase) -> None:
    """Each on a case of its own, 2.50 each, 10.00 allowed: four are given, the others wait for a manager."""
    cases = [new_case(order_id=ORDER) for _ in range(16)]

    def insist(number: int) -> str:
        while True:
            try:
                return give(desk, cases[number], part("2.50"))[1]
            except Stale:
                continue

    states = at_once(16, insist)
    assert sorted(map(str, states)) == ["asked"] * 12 + ["granted"] * 4
    with desk.database.reading() as tx:
        granted = select(func.sum(CompensationRow.amount_minor)).where(CompensationRow.state == "granted")
        assert tx.scalar(granted) == 1000


def test_of_two_managers_who_decide_at_once_one_does(desk: Desk, new_case: NewCase) -> None:
    two = with_managers(desk, chen_yu=("nordlicht",))
    found, _state = give(two, new_case(), part("25"))

    def decide(number: int) -> str:
        act, who = ((solutions.approve, WANG), (solutions.refuse, CHEN))[number % 2]
        try:
            act(two, found, by=who)
        except Stale:
            return "late"
        return who

    ended = at_once(8, decide)
    winners = set(ended) - {"late"}
    assert len(winners) == 1
    assert [row.what for row in records(two) if row.what in ("solution_approved", "solution_refused")] == [
        "solution_approved" if winners == {WANG} else "solution_refused"
    ]


# What is decided fills the templates


def test_a_template_that_promises_money_is_offered_only_for_what_was_decided(
    desk: Desk, new_case: NewCase
) -> None:
    case = new_case(lang="de")
    promises = {"refund_partial", "refund_full", "resend"}

    def offered() -> tuple[set[str], list[str]]:
        seen = read.case(desk, case)
        names = {one.name for one in suggest.choices(desk, seen)}
        return promises & names, [one.template.name for one in suggest.suggestions(desk, seen)]

    assert offered()[0] == set()
    assert not promises & set(offered()[1])
    found, _state = give(desk, case, part("25"))
    assert offered()[0] == set()
    solutions.approve(desk, found, by=WANG)
    assert offered()[0] == {"refund_partial"}
    assert offered()[1][0] == "refund_partial"


@pytest.mark.parametrize(
    ("lang", "kind", "template", "words"),
    [
        ("de", "partial_refund", "refund_partial", "Wir erstatten Ihnen 9,50 € des Kaufpreises"),
        ("fr", "full_refund", "refund_full", "soit 28,00 €"),
        ("en", "full_refund", "refund_full", "the full price, €28.00,"),
        ("de", "partial_refund", "refund_status", "in Höhe von 9,50 €"),
    ],
)
def test_the_amount_is_in_the_reply_as_the_buyer_reads_it(
    desk: Desk, new_case: NewCase, lang: str, kind: str, template: str, words: str
) -> None:
    case = new_case(lang=lang)
    give(desk, case, part("9.50") if kind == "partial_refund" else Wish(kind, "28"))
    assert words in suggest.filled(desk, read.case(desk, case), template, "Anna", by=ANNA).text


def test_a_template_for_returns_gives_the_case_its_number(desk: Desk, new_case: NewCase) -> None:
    case = new_case(lang="en")
    for _again in range(2):
        text = suggest.filled(desk, read.case(desk, case), "return_rma", "Anna", by=ANNA).text
        assert "RMA-NORDLICHT-000001" in text
    assert rmas(desk)[0].made_by == ANNA
    suggest.filled(desk, read.case(desk, new_case(lang="en")), "holding_reply", "Anna", by=ANNA)
    assert len(rmas(desk)) == 1
