"""Who has rights, by list and by group, and what becomes of what leavers hold."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.engine import Database
from bot.db.tables import CaseRow, LedgerRow, OutboxRow, PersonRow, ReplyRow
from bot.desk import Desk, access, assign, membership, read, reply
from bot.desk.knowledge import Knowledge
from bot.desk.membership import Seen
from bot.desk.reply import Outgoing
from bot.desk.shift_pages import name_of, zone_of
from bot.desk.shifts import staff_at
from bot.domain.rights import BOT, FOREIGN, GUEST, MEMBER
from bot.errors import NotAllowed
from bot.settings.shape import GroupSettings, Settings
from tests import world
from tests.world import ANNA, BOB, CHEN, LI_WEI, WANG, buyer_mail
from tests.world import GUEST as GUS

NINA = "U0NINA"
US, LEADS = "amz-us", "amz-leads-us"


def person(desk: Desk, user: str, agent: str | None = None, **fields: Any) -> None:
    """What Slack said about somebody."""
    with desk.database.writing() as tx:
        row = tx.get(PersonRow, user) or PersonRow(person=user, name=user.title(), zone="UTC", locale="en-US")
        row.agent = agent
        row.fetched_at = desk.now()
        for name, value in fields.items():
            setattr(row, name, value)
        tx.add(row)


def with_settings(desk: Desk, **changes: Any) -> Desk:
    return replace(desk, settings=desk.settings.model_copy(update=changes))


def grouped(desk: Desk, **groups: GroupSettings) -> Desk:
    return with_settings(desk, groups={name.replace("_", "-"): one for name, one in groups.items()})


def gated(settings: Settings) -> dict[str, Any]:
    return {"slack": settings.slack.model_copy(update={"team_group": "amz-team"})}


def see(desk: Desk, found: dict[str, Seen]) -> None:
    """Slack was asked who is in the groups."""
    membership.groups_seen(desk, found, membership.groups_known(desk))


def role(desk: Desk, user: str, store: str) -> str | None:
    with desk.database.reading() as tx:
        agent = access.agent_of(tx, desk, user)
        in_team = {one.person: one.agent for one in access.team(tx, desk).values()}
        assert in_team.get(user) == agent, "one person alone, and the whole team, are answered alike"
        if not access.may_work(agent, store):
            return None
        assert agent is not None
        return access.role_for(agent, store)


def test_who_is_in_a_group_alone_is_named_and_has_their_own_clock_on_pages_of_shifts(desk: Desk) -> None:
    desk = grouped(desk, amz_us=GroupSettings(stores=("sunrise",)))
    person(desk, NINA, name="Nina New", zone="Europe/Berlin")
    see(desk, {US: Seen("S1", (NINA,))})
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, desk.now())
    assert (name_of(view, NINA), zone_of(view, NINA)) == ("Nina New", "Europe/Berlin")
    assert (name_of(view, ANNA), zone_of(view, ANNA)) == ("Anna Kowalski", "America/New_York")


def test_a_group_makes_its_members_agents_of_its_stores(desk: Desk) -> None:
    desk = grouped(desk, amz_us=GroupSettings(stores=("sunrise",)))
    person(desk, NINA, name="Nina New", zone="Europe/Berlin")
    assert role(desk, NINA, "sunrise") is None
    see(desk, {US: Seen("S1", (NINA,))})
    assert (role(desk, NINA, "sunrise"), role(desk, NINA, "nordlicht")) == ("agent", None)
    with desk.database.reading() as tx:
        agent = access.agent_of(tx, desk, NINA)
        assert agent is not None
        assert (agent.name, agent.zone) == ("Nina New", "Europe/Berlin")
        assert NINA in access.people_of(tx, desk, "sunrise")
        assert NINA not in access.people_of(tx, desk, "nordlicht")


def test_who_is_listed_and_in_groups_has_what_all_of_them_give(desk: Desk) -> None:
    desk = grouped(
        desk,
        amz_us=GroupSettings(stores=("sunrise",)),
        amz_leads_us=GroupSettings(role="manager", stores=("sunrise",)),
    )
    person(desk, CHEN, "chen-yu")
    assert (role(desk, CHEN, "nordlicht"), role(desk, CHEN, "sunrise")) == ("agent", None)
    see(desk, {US: Seen("S1", (CHEN,)), LEADS: Seen("S2", (CHEN,))})
    assert (role(desk, CHEN, "nordlicht"), role(desk, CHEN, "sunrise")) == ("agent", "manager")
    with desk.database.reading() as tx:
        assert CHEN in access.people_of(tx, desk, "sunrise", managers=True)
        assert CHEN not in access.people_of(tx, desk, "nordlicht", managers=True)
    membership.group_changed(desk, "S2", (), (CHEN,))
    assert role(desk, CHEN, "sunrise") == "agent"


def test_whom_an_entry_no_longer_names_has_no_rights_by_it(desk: Desk) -> None:
    """Anna's entry names another account since Slack was last asked; Slack may not even know that one."""
    anna = desk.settings.agents["anna"].model_copy(update={"slack": NINA})
    desk = with_settings(desk, agents={**desk.settings.agents, "anna": anna})
    person(desk, ANNA, "anna")
    assert role(desk, ANNA, "nordlicht") is None


def test_a_manager_of_one_store_is_an_agent_of_the_other(desk: Desk, post: world.Post) -> None:
    agents = desk.settings.agents
    anna = agents["anna"].model_copy(update={"role": "manager", "manages": ("sunrise",)})
    desk = with_settings(desk, agents=dict(agents) | {"anna": anna})
    post.deliver(buyer_mail())
    number = read.queue(desk)[0].number
    assign.claim(desk, number, by=LI_WEI)
    with pytest.raises(NotAllowed) as refused:
        assign.release(desk, number, by=ANNA)
    assert refused.value.facts["managers"] == (WANG,)
    assign.release(desk, number, by=WANG)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"gone": True}, "not_an_agent"),
        ({"kind": GUEST}, "guest"),
        ({"kind": BOT}, "bot"),
        ({"kind": FOREIGN}, "foreign_team"),
    ],
)
def test_whoever_lists_them_some_accounts_have_no_rights(
    desk: Desk, fields: dict[str, Any], key: str
) -> None:
    desk = grouped(desk, amz_us=GroupSettings(stores=("sunrise",)))
    person(desk, BOB, "bob", **fields)
    person(desk, NINA, **fields)
    see(desk, {US: Seen("S1", (BOB, NINA))})
    for user in (BOB, NINA):
        assert role(desk, user, "sunrise") is None
        with desk.database.reading() as tx, pytest.raises(NotAllowed) as refused:
            access.require_agent(tx, desk, user)
        assert refused.value.key == key


def test_guests_work_only_where_the_settings_say_so(desk: Desk) -> None:
    person(desk, BOB, "bob", kind=GUEST)
    assert role(desk, BOB, "sunrise") is None
    slack = desk.settings.slack.model_copy(update={"guests_may_work": True})
    assert role(with_settings(desk, slack=slack), BOB, "sunrise") == "agent"


def test_without_the_group_of_the_team_nobody_has_rights(desk: Desk) -> None:
    desk = with_settings(desk, **gated(desk.settings))
    for key, user in (("anna", ANNA), ("bob", BOB)):
        person(desk, user, key)
    assert role(desk, ANNA, "sunrise") == "agent", "until Slack was asked, the list counts"
    see(desk, {"amz-team": Seen("S9", (ANNA, WANG))})
    assert (role(desk, ANNA, "sunrise"), role(desk, BOB, "sunrise")) == ("agent", None)
    see(desk, {})
    assert role(desk, ANNA, "sunrise") == "agent", "a group that can't be read locks nobody out"
    membership.group_changed(desk, "S9", (BOB,), (ANNA,))
    assert (role(desk, ANNA, "sunrise"), role(desk, BOB, "sunrise")) == (None, "agent")


def test_what_a_group_gives_ends_a_day_after_slack_last_confirmed_it(desk: Desk, clock: FixedClock) -> None:
    desk = grouped(desk, amz_us=GroupSettings())
    person(desk, NINA)
    see(desk, {US: Seen("S1", (NINA,))})
    clock.advance(timedelta(hours=24))
    assert role(desk, NINA, "sunrise") == "agent"
    clock.advance(timedelta(seconds=1))
    assert role(desk, NINA, "sunrise") is None


def test_a_group_that_is_switched_off_or_gone_grants_nothing(desk: Desk) -> None:
    desk = grouped(desk, amz_us=GroupSettings(), amz_leads_us=GroupSettings(role="manager"))
    person(desk, NINA)
    person(desk, GUS)
    see(desk, {US: Seen("S1", (NINA,)), LEADS: Seen("S2", (GUS,))})
    membership.group_emptied(desk, "S2")
    see(desk, {LEADS: Seen("S2", ())})
    assert (role(desk, NINA, "sunrise"), role(desk, GUS, "sunrise")) == (None, None)


def test_an_answer_that_is_older_than_an_event_does_not_bring_a_leaver_back(desk: Desk) -> None:
    desk = grouped(desk, amz_us=GroupSettings())
    person(desk, NINA)
    see(desk, {US: Seen("S1", (NINA,))})
    before = membership.groups_known(desk)
    membership.group_changed(desk, "S1", (), (NINA,))
    membership.groups_seen(desk, {US: Seen("S1", (NINA,))}, before)
    assert role(desk, NINA, "sunrise") is None
    see(desk, {US: Seen("S1", (NINA,))})
    assert role(desk, NINA, "sunrise") == "agent"


def _records(desk: Desk, *what: str) -> list[tuple[str, str | None]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(LedgerRow).where(LedgerRow.what.in_(what)).order_by(LedgerRow.seq))
        return [(row.what, row.facts.get("person") or row.facts.get("before")) for row in rows]


def _told(desk: Desk) -> list[list[str]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(OutboxRow).where(OutboxRow.key.startswith("left:")).order_by(OutboxRow.key))
        return [[*row.key.split(":")[1:4], row.place] for row in rows]


def _claimed(desk: Desk, post: world.Post, by: str, **mail: Any) -> int:
    post.deliver(buyer_mail(**mail))
    number = read.queue(desk, unclaimed=True)[0].number
    assign.claim(desk, number, by=by)
    return number


def test_cases_of_who_leaves_go_back_once_and_managers_hear_of_it(desk: Desk, post: world.Post) -> None:
    person(desk, LI_WEI, "li-wei")
    person(desk, WANG, "wang-fang")
    membership.look(desk)
    number = _claimed(desk, post, LI_WEI)
    assert membership.look(desk) == 0
    person(desk, LI_WEI, "li-wei", gone=True)
    assert membership.look(desk) == 1
    case = read.case(desk, number)
    assert (case.assignee, case.state) == (None, "open")
    assert _told(desk) == [[LI_WEI, "1", "0", WANG]]
    assert membership.look(desk) == 0
    assert _records(desk, "access_lost", "returned") == [("access_lost", LI_WEI), ("returned", LI_WEI)]
    with pytest.raises(NotAllowed):
        assign.claim(desk, number, by=LI_WEI)


def test_who_leaves_before_anybody_had_looked_is_told_of_when_they_held_something(
    desk: Desk, post: world.Post
) -> None:
    _claimed(desk, post, LI_WEI)
    person(desk, LI_WEI, "li-wei", gone=True)
    assert membership.look(desk) == 0
    assert _told(desk) == [[LI_WEI, "1", "0", WANG]]
    membership.look(desk)
    assert len(_told(desk)) == 1


def test_a_reply_of_a_leaver_that_has_not_left_is_called_back(desk: Desk, post: world.Post) -> None:
    person(desk, LI_WEI, "li-wei")
    membership.look(desk)
    number = _claimed(desk, post, LI_WEI)
    shown = reply.preview(desk, number, "Hello, it arrives on Friday.", by=LI_WEI)
    out = Outgoing(
        text=shown.text, fingerprint=shown.fingerprint, seen=shown.seen, seen_reply=shown.seen_reply
    )
    held = reply.send(desk, number, out, by=LI_WEI)
    person(desk, LI_WEI, "li-wei", gone=True)
    membership.look(desk)
    with desk.database.reading() as tx:
        states = {row.id: (row.state, row.text) for row in tx.scalars(select(ReplyRow))}
    assert states.pop(held) == ("withdrawn", shown.text)
    assert list(states.values()) == [("draft", shown.text)]
    assert read.case(desk, number).due_at is not None


def test_offers_to_a_leaver_go_to_somebody_who_is_there_and_their_shifts_no_longer_count(
    staffed: Desk, clock: FixedClock
) -> None:
    inbox = world.Post(staffed, clock)
    for key, user in (("li-wei", LI_WEI), ("chen-yu", CHEN), ("wang-fang", WANG)):
        person(staffed, user, key)
    membership.look(staffed)
    inbox.deliver(buyer_mail())
    first = _offered(staffed)
    assert first is not None
    key = staffed_key(staffed, first)
    person(staffed, first, key, gone=True)
    membership.look(staffed)
    assert _offered(staffed) not in (None, first)
    told = _told(staffed)
    assert {(who, held) for who, held, _shifts, _manager in told} == {(first, "0")}
    assert all(int(shifts) >= 9 for _who, _held, shifts, _manager in told)
    with staffed.database.reading() as tx:
        view = staff_at(tx, staffed, clock.now())
        assert view.table is not None
        assert view.table.stints_of(key, None) == []


def staffed_key(desk: Desk, user: str) -> str:
    return next(key for key, one in desk.settings.agents.items() if one.slack == user)


def _offered(desk: Desk) -> str | None:
    with desk.database.reading() as tx:
        return tx.scalars(select(CaseRow.offered_to)).one()


def test_who_loses_one_store_keeps_the_cases_of_the_others(
    database: Database, clock: FixedClock, knowledge: Knowledge
) -> None:
    before = Desk(database, world.settings(), clock, knowledge)
    inbox = world.Post(before, clock)
    person(before, LI_WEI, "li-wei", kind=MEMBER)
    membership.look(before)
    german = _claimed(before, inbox, LI_WEI)
    inbox.deliver(
        buyer_mail(
            marketplace="US",
            buyer_alias="joe0000001+c2@marketplace.amazon.com",
            buyer_base="joe0000001@marketplace.amazon.com",
            amazon_case_id="c2",
            order_id="105-1234567-1234567",
        ),
        mailbox="sunrise",
    )
    american = read.queue(before, unclaimed=True)[0].number
    assign.claim(before, american, by=LI_WEI)
    agents = dict(before.settings.agents)
    agents["li-wei"] = agents["li-wei"].model_copy(update={"stores": ("nordlicht",)})
    after = with_settings(before, agents=agents)
    assert membership.look(after) == 0
    assert read.case(after, german).assignee == LI_WEI
    assert read.case(after, american).assignee is None
