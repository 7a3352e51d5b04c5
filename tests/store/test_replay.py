"""Replays of what really happened on a desk: the record is given back, other rotas change it. Both databases."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.queries import rota as rota_queries
from bot.db.tables import DeadlineRow
from bot.desk import Desk, close, pings, reply, settle
from bot.desk.replay import Period, Trial, last_days, run, run_for, stores_of
from bot.desk.reply import Outgoing
from bot.domain import sla, zones
from bot.domain.replay_facts import Replay
from bot.errors import NotAllowed, WrongInput
from tests.store.lived import HOUR, MINUTE, Inbox, go_to, layer, rota_of
from tests.world import ANNA, BOB, CHEN, LI_WEI, START, WANG

TEXT = "Hello,\n\nthank you for your message. Your parcel arrives on Friday.\n\nKind regards,\nNordlicht"
DAY = timedelta(days=1)
BEIJING = layer("beijing", 9, 18, "li-wei", "chen-yu", "wang-fang", zone="Asia/Shanghai")
US = layer("us", 9, 17, "anna", "bob", zone="America/Los_Angeles")


def answer(desk: Desk, case: int, by: str) -> None:
    """A reply leaves now."""
    shown = reply.preview(desk, case, TEXT, by=by)
    number = reply.send(desk, case, Outgoing(shown.text, shown.fingerprint, shown.seen), by=by)
    reply.send_now(desk, number, by=by)
    with desk.database.writing() as tx:
        claimed = [row.id for row in reply_queries.claim_ready(tx, desk.now())]
    assert claimed == [number]
    settle.accepted(desk, number, code=250)


def figures(desk: Desk, period: Period) -> sla.Figures:
    """Recounted from the rows, each store by its own days."""
    with desk.database.reading() as tx:
        rows = tx.scalars(select(DeadlineRow).where(DeadlineRow.counted, ~DeadlineRow.late_on_arrival)).all()
    return sla.figures(
        [
            sla.Duty(one.anchor, one.due_at, one.state, one.answered_at)
            for one in rows
            if period.store in (None, one.store)
            and period.starts.get(one.store or "", period.start) <= one.anchor < period.end
        ],
        desk.now(),
    )


def live(desk: Desk, clock: FixedClock, hours: int, seed: int, inbox: Inbox | None = None) -> None:
    """Messages come, people on and off shift answer, late or not at all; pings go out every half an hour."""
    dice, inbox, waiting = Random(seed), inbox or Inbox(desk, clock), list[tuple[int, str]]()
    for _ in range(hours * 2):
        clock.advance(30 * MINUTE)
        if dice.random() < 0.35:
            store = dice.choice(("nordlicht", "sunrise"))
            waiting.append((inbox.case(store, late=dice.choice((0, 0, 3, 30)) * HOUR), store))
        if waiting and dice.random() < 0.3:
            case, store = waiting.pop(dice.randrange(len(waiting)))
            people = {"nordlicht": (LI_WEI, CHEN, ANNA), "sunrise": (LI_WEI, ANNA, BOB)}[store]
            if dice.random() < 0.1:
                close.no_response_needed(desk, case, "", by=people[0])
            else:
                answer(desk, case, dice.choice(people))
        pings.ping_due(desk)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_rota_gives_back_the_record_of_two_lived_days(
    staffed: Desk, clock: FixedClock, seed: int
) -> None:
    live(staffed, clock, 48, seed)
    for store in (None, "nordlicht", "sunrise"):
        period = last_days(staffed, 7, store)
        found = run(staffed, Trial(rota=staffed.settings.rota), period)
        assert found.was == found.tried
        assert found.was.figures == figures(staffed, period)
        assert found.was.figures.received > 5
    everything = run(staffed, Trial(), last_days(staffed, 30))
    assert everything.was.late_on_arrival > 0
    key_of = {one.slack: key for key, one in staffed.settings.agents.items()}
    with staffed.database.reading() as tx:
        pinged = {key_of[who]: count for who, count in rota_queries.pings_of(tx, START).items()}
    assert {one.agent: one.pings for one in everything.was.people if one.pings} == pinged


@pytest.fixture
def evening(staffed: Desk, clock: FixedClock) -> Desk:
    """At 11:00 UTC a buyer writes, after Beijing's shift; Li Wei answers at 02:00, in the next one."""
    go_to(clock, START + 2 * HOUR)
    case = Inbox(staffed, clock).case()
    go_to(clock, START + 17 * HOUR)
    answer(staffed, case, LI_WEI)
    return staffed


def only(found: Replay) -> tuple[str, float | None, str | None]:
    """State, hours after 11:00 and the answerer of the only message."""
    (one,) = found.tried.outcomes.values()
    hours = one.answered_at and (one.answered_at - START - 2 * HOUR) / HOUR
    return one.state, hours, one.agent


def test_what_may_be_tried(evening: Desk, clock: FixedClock) -> None:
    """Anna, from 17:00 on, works for the store too, so Li Wei took eight staffed hours and an hour, less 12 min."""
    period = last_days(evening, 7)
    assert only(run(evening, Trial(), period)) == ("met", 15, "li-wei")
    assert only(run(evening, Trial(without="li-wei"), period)) == ("met", 15, "chen-yu")
    assert only(run(evening, Trial(layer="us", moved=-3 * HOUR), period)) == ("met", 15, "li-wei")
    night = layer("night", 11, 17, "bob")
    assert only(run(evening, Trial(added=night), period)) == ("met", 15, "li-wei")  # Bob does not work for it
    night = layer("night", 11, 17, "anna")
    assert only(run(evening, Trial(added=night), period)) == ("met", 9, "anna")
    nobody = rota_of(layer("beijing", 9, 18, "bob"))
    assert only(run(evening, Trial(rota=nobody), period)) == ("open", None, None)
    clock.advance(DAY)
    late = run(evening, Trial(rota=nobody, target=12 * HOUR), last_days(evening, 7))
    assert late.tried.causes == {"no_shift": 1, "no_capacity": 0, "not_answered": 0}
    assert (late.was.at_target.response_rate, late.was.figures.response_rate) == (0.0, 1.0)


def test_periods_are_whole_days_of_each_store(evening: Desk) -> None:
    period, now = last_days(evening, 1), evening.now()
    assert period.starts == {
        "nordlicht": zones.day_start(now, "Europe/Berlin"),
        "sunrise": zones.day_start(now, "America/Los_Angeles"),
    }
    assert run(evening, Trial(), period).was.figures.received == 0
    assert run(evening, Trial(), last_days(evening, 2)).was.figures.received == 1
    assert run(evening, Trial(), Period(START, START + 2 * HOUR)).was.figures.received == 0
    assert run(evening, Trial(), Period(START, START + 3 * HOUR)).was.figures.received == 1


def test_covers_that_happened_count_in_what_is_tried_too(evening: Desk) -> None:
    """The people of another rota keep the stores and languages that they have."""
    other = rota_of(BEIJING, US)
    assert run(evening, Trial(rota=other), last_days(evening, 7)).saved == 0


@pytest.mark.parametrize(
    ("trial", "key"),
    [
        (Trial(without="nobody"), "whatif_no_agent"),
        (Trial(layer="nowhere", moved=HOUR), "whatif_no_layer"),
    ],
)
def test_people_and_layers_that_are_not_there_are_refused(staffed: Desk, trial: Trial, key: str) -> None:
    with pytest.raises(WrongInput) as why:
        run(staffed, trial, last_days(staffed, 7))
    assert why.value.key == key


def test_without_a_rota_and_for_agents_there_is_no_replay(desk: Desk, staffed: Desk) -> None:
    with pytest.raises(WrongInput, match="no rota"):
        run(desk, Trial(), last_days(desk, 7))
    with pytest.raises(NotAllowed):
        run_for(staffed, Trial(), last_days(staffed, 7), by=ANNA)
    assert run_for(staffed, Trial(), last_days(staffed, 7), by=WANG).was.figures.received == 0


def test_who_manages_one_store_sees_what_people_would_have_done_of_that_one_alone(staffed: Desk) -> None:
    anna = staffed.settings.agents["anna"].model_copy(update={"role": "manager", "manages": ("sunrise",)})
    agents = staffed.settings.agents | {"anna": anna}
    desk = replace(staffed, settings=staffed.settings.model_copy(update={"agents": agents}))
    assert stores_of(desk, ANNA) == {"sunrise": "Sunrise"}
    assert run_for(desk, Trial(), last_days(desk, 7, "sunrise"), by=ANNA).was.figures.received == 0
    for store in ("nordlicht", None):
        with pytest.raises(NotAllowed) as why:
            run_for(desk, Trial(), last_days(desk, 7, store), by=ANNA)
        assert (why.value.key, why.value.facts["who"]) == ("manual_not_yours", (WANG,))
