"""Shifts of stores that a manager does not manage: there they are an agent. Both databases.

Wang Fang manages Nordlicht alone, Anna manages Sunrise alone; the rota is that of test_requests.py.
"""

from dataclasses import replace

import pytest
from sqlalchemy import delete, event, func, select, update

from bot.db.tables import OutboxRow, PersonRow
from bot.desk import Desk, request_pages, requests
from bot.errors import NotAllowed
from tests.store.request_words import row, stored, theirs, told, wish
from tests.world import ANNA, BOB, CHEN, LI_WEI, START, WANG


@pytest.fixture
def parted(strict: Desk) -> Desk:
    """The desk of `strict`, where each manager has a store."""
    agents = dict(strict.settings.agents)
    for key, store in (("wang-fang", "nordlicht"), ("anna", "sunrise")):
        agents[key] = agents[key].model_copy(update={"role": "manager", "manages": (store,)})
    return replace(strict, settings=strict.settings.model_copy(update={"agents": agents}))


def test_days_off_in_a_store_wait_for_its_own_manager(parted: Desk) -> None:
    """Bob works for Sunrise alone."""
    off = wish("off", BOB, "26 00:00", "28 00:00", reason="vacation")
    assert request_pages.preview(parted, off).told == (ANNA,)
    number = requests.ask(parted, off)
    assert {key for key in told(parted) if key.startswith("approval:")} == {f"approval:{number}:{ANNA}"}
    for decide in (requests.approve, requests.refuse, requests.withdraw):
        with pytest.raises(NotAllowed) as why:
            decide(parted, number, by=WANG)
        assert (why.value.key, why.value.facts["who"]) == ("manual_not_yours", (ANNA,))
    assert row(parted, number).state == "accepted"
    requests.approve(parted, number, by=ANNA)
    assert row(parted, number).state == "done"


def test_a_shift_for_several_stores_is_decided_by_a_manager_of_any(parted: Desk) -> None:
    for number, by in ((1, WANG), (2, ANNA)):
        requests.ask(
            parted, wish("off", LI_WEI, f"2{5 + number} 00:00", f"2{6 + number} 00:00", reason="other")
        )
        requests.approve(parted, number, by=by)
        assert row(parted, number).state == "done"


def test_who_manages_none_of_the_stores_asks_like_any_agent(parted: Desk) -> None:
    agents = dict(parted.settings.agents)
    agents["wang-fang"] = agents["wang-fang"].model_copy(update={"manages": ()})
    desk = replace(parted, settings=parted.settings.model_copy(update={"agents": agents}))
    number = requests.ask(desk, wish("off", WANG, "26 00:00", "27 00:00", reason="other"))
    assert row(desk, number).state == "accepted"
    assert (
        row(desk, requests.ask(desk, wish("off", ANNA, "26 00:00", "27 00:00", reason="other"))).state
        == "done"
    )


def test_nobody_overrides_the_rota_of_a_store_that_they_do_not_manage(parted: Desk) -> None:
    before = stored(parted)
    refused = (
        wish("override", WANG, "26 10:00", "26 12:00", other=LI_WEI, stores=("sunrise",)),
        wish("override", WANG, "26 10:00", "26 12:00", other=LI_WEI),
        wish("override", WANG, "26 17:00", "26 20:00", instead_of=BOB),
    )
    for one in refused:
        with pytest.raises(NotAllowed) as why:
            requests.ask(parted, one)
        assert (why.value.key, why.value.facts["who"]) == ("manual_not_yours", (ANNA,))
    assert stored(parted) == before
    requests.ask(parted, wish("override", WANG, "26 10:00", "26 12:00", other=LI_WEI, stores=("nordlicht",)))
    requests.ask(parted, wish("override", WANG, "26 10:00", "26 12:00", other=CHEN))


def test_nobody_is_taken_off_in_a_store_that_the_manager_does_not_manage(parted: Desk) -> None:
    """Whoever is taken off is off for all of their stores, whichever the override names. Chen has one only."""
    before = stored(parted)
    for other in (None, LI_WEI):
        off = wish("override", WANG, "26 17:00", "26 20:00", other=other, instead_of=ANNA)
        with pytest.raises(NotAllowed) as why:
            requests.ask(parted, replace(off, stores=("nordlicht",)))
        assert (why.value.key, why.value.facts["who"]) == ("manual_not_yours", (ANNA,))
    assert stored(parted) == before
    requests.ask(
        parted, wish("override", WANG, "26 01:00", "26 10:00", instead_of=CHEN, stores=("nordlicht",))
    )


@pytest.mark.parametrize(("kind", "reason"), [("off", "vacation"), ("cover", "")])
def test_a_manager_asks_about_a_shift_of_another_store_like_any_agent(
    parted: Desk, kind: str, reason: str
) -> None:
    """Anna works from 10:00 to 12:00 for Nordlicht alone, which Wang manages."""
    requests.ask(parted, wish("override", WANG, "26 10:00", "26 12:00", other=ANNA, stores=("nordlicht",)))
    asked = wish(kind, ANNA, "26 10:00", "26 12:00", reason=reason, asks_cover=kind == "off")
    seen = request_pages.preview(parted, asked)
    assert (seen.needs_manager, seen.told) == (True, (WANG,) if kind == "off" else ())
    number = requests.ask(parted, asked)
    assert row(parted, number).needs_manager
    if kind == "cover":
        requests.accept(parted, number, by=LI_WEI)
    with pytest.raises(NotAllowed) as why:
        requests.approve(parted, number, by=ANNA)
    assert (why.value.key, why.value.facts["who"]) == ("manual_not_yours", (WANG,))
    assert row(parted, number).state == "accepted"
    requests.approve(parted, number, by=WANG)
    assert row(parted, number).state == "done"
    if kind == "off":
        assert row(parted, number + 1).kind == "cover"
        assert row(parted, number + 1).needs_manager


def test_a_swap_is_decided_by_managers_of_the_stores_of_the_two_shifts(parted: Desk) -> None:
    """Both work for Sunrise too, but not in these shifts; Anna manages that store alone."""
    for who, start, end in ((ANNA, "26 10:00", "26 12:00"), (LI_WEI, "27 10:00", "27 12:00")):
        requests.ask(parted, wish("override", WANG, start, end, other=who, stores=("nordlicht",)))
    asked = wish("swap", ANNA, "26 10:00", "26 12:00", **theirs(LI_WEI, "27 10:00", "27 12:00"))
    assert request_pages.preview(parted, asked).needs_manager
    number = requests.ask(parted, asked)
    requests.accept(parted, number, by=LI_WEI)
    assert {key for key in told(parted) if key.startswith("approval:")} == {f"approval:{number}:{WANG}"}
    with pytest.raises(NotAllowed) as why:
        requests.approve(parted, number, by=ANNA)
    assert (why.value.key, why.value.facts["who"]) == ("manual_not_yours", (WANG,))
    requests.approve(parted, number, by=WANG)
    assert row(parted, number).state == "done"


def test_a_request_whose_manager_leaves_is_brought_before_who_decides_now(parted: Desk) -> None:
    number = requests.ask(parted, wish("off", BOB, "26 00:00", "28 00:00", reason="vacation"))
    with parted.database.writing() as tx:
        tx.add(PersonRow(person=ANNA, name="Anna", zone="UTC", locale="en-US", gone=True, fetched_at=START))
    for _ in range(2):
        requests.expire(parted)
        waits = {key for key in told(parted) if key.startswith("approval:")}
        assert waits == {f"approval:{number}:{ANNA}", f"approval:{number}:{WANG}"}
        with parted.database.writing() as tx:  # that Slack refuses for good is not tried every minute
            tx.execute(update(OutboxRow).where(OutboxRow.state == "queued").values(state="dead"))
    with parted.database.reading() as tx:
        assert tx.scalar(select(func.count()).where(OutboxRow.key == f"approval:{number}:{WANG}")) == 1
    requests.approve(parted, number, by=WANG)
    assert row(parted, number).state == "done"


def test_a_look_at_many_requests_that_wait_asks_the_database_little(parted: Desk) -> None:
    for day in range(1, 13):
        requests.ask(parted, wish("off", BOB, f"{day + 25} 17:00", f"{day + 25} 18:00", reason="vacation"))
    waiting = {key for key in told(parted) if key.startswith("approval:")}
    assert len(waiting) == 12
    with parted.database.writing() as tx:
        tx.execute(delete(OutboxRow).where(OutboxRow.key == max(waiting)))
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(parted.database.engine, "before_cursor_execute", listen)
    requests.expire(parted)
    event.remove(parted.database.engine, "before_cursor_execute", listen)
    assert waiting <= told(parted), "who was not asked yet is"
    assert len(asked) <= 12 + 6  # with a savepoint, so that what goes wrong here undoes nothing else
