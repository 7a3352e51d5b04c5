"""Rights over real HTTP: groups, leavers, guests, other workspaces, channels that others read too."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.tables_access import UserGroupRow
from bot.desk import membership, read
from bot.desk.access import persons_by_key
from bot.desk.knowledge import Knowledge
from bot.errors import Unreachable
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver import Person
from bot.sandbox.slack.world import User
from bot.settings.shape import AgentSettings, GroupSettings, Settings
from bot.slack.people import SHARED_FRESH, Directory
from bot.slack.team_groups import TeamGroups
from bot.work.run import web_client
from bot.work.ticks import Agents
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import ANNA

CHANNEL = "amz-nordlicht"
GROUP = "amz-extra"


@pytest.fixture
def grouped(tmp_path: Path, knowledge: Knowledge) -> Iterator[Office]:
    """An office in which a user group makes people agents of Nordlicht; nobody is in it yet."""
    groups = {GROUP: GroupSettings(stores=("nordlicht",))}
    with running_office(tmp_path, knowledge, groups=groups) as running:
        running.ws.make_group(GROUP)
        assert look(running) == 1
        yield running


def join(office: Office, *people: User) -> list[Person]:
    """New accounts in the workspace, in the channel of the store."""
    for one in people:
        office.sandbox.call(lambda core, one=one: core.store.users.setdefault(one.id, one))  # type: ignore[misc]  # now
        office.ws.channel(CHANNEL).invite(one.name)
    return [office.ws.user(one.name) for one in people]


def look(office: Office) -> int:
    """What the tick does once a minute."""
    client = web_client(office.desk, office.bot.secrets)
    return TeamGroups(office.desk, client, Directory(office.desk, client)).refresh()


def is_refused(office: Office, case: Case, person: Person, words: str) -> None:
    """Somebody presses Claim, is told why not, and nothing has happened."""
    before = case.now.version
    outcome = case.card.click("Claim", by=person.id)
    told = office.until(lambda: " ".join(outcome.ephemerals))
    assert words in told
    assert case.now.version == before


def test_who_comes_to_the_group_can_work_and_who_leaves_it_can_do_nothing_more(grouped: Office) -> None:
    (nina,) = join(grouped, User("U0NINA", "nina", "Nina New", zone="Europe/Berlin"))
    case = grouped.new_case()
    is_refused(grouped, case, nina, "Only agents")
    grouped.ws.make_group(GROUP, "nina")
    grouped.until(lambda: nina.id in members(grouped))
    case.claim("nina")
    form = grouped.opened(case.card.click("Reply", by="nina"))
    grouped.ws.make_group(GROUP)
    grouped.until(lambda: nina.id not in members(grouped))
    form.fill("form.text", "It arrives on Friday.")
    form.submit()
    grouped.until(lambda: case.now.assignee is None)
    assert not [one for one in case.now.replies if one.state != "draft"]
    grouped.ws.user("wang.fang").expect_dm("Nina New 已不能在 reply24 中工作")
    grouped.quiet()  # the card that says "Claimed by Nina" has the word Claim in it too
    case.card.expect("Claim")
    is_refused(grouped, case, nina, "Only agents")


def members(office: Office) -> list[str]:
    with office.desk.database.reading() as tx:
        row = tx.get(UserGroupRow, GROUP)
        return row.members if row else []


def test_an_event_that_got_lost_is_made_up_for_by_the_next_look(grouped: Office) -> None:
    (nina,) = join(grouped, User("U0NINA", "nina", "Nina New"))
    case = grouped.new_case()

    def behind_our_back(core: object) -> None:
        core.store.group(GROUP).users = [nina.id]  # type: ignore[attr-defined]  # the sandbox's

    grouped.sandbox.call(behind_our_back)
    assert look(grouped) == 1
    case.claim("nina")


def test_a_group_that_is_switched_off_ends_the_rights_of_its_members(grouped: Office) -> None:
    join(grouped, User("U0NINA", "nina", "Nina New"))
    grouped.ws.make_group(GROUP, "nina")
    case = grouped.new_case()
    grouped.until(lambda: members(grouped))
    case.claim("nina")
    grouped.ws.disable_group(GROUP)
    grouped.until(lambda: case.now.assignee is None)


def test_guests_and_bots_in_the_group_get_no_rights_by_it(grouped: Office) -> None:
    people = join(
        grouped,
        User("U0GIL", "gil", "Gil Guest", is_restricted=True),
        User("U0ULI", "uli", "Uli Ultra", is_ultra_restricted=True),
        User("U0BOTTY", "botty", "Botty", is_bot=True),
    )
    case = grouped.new_case()
    grouped.ws.make_group(GROUP, *(one.id for one in people))
    grouped.until(lambda: len(members(grouped)) == 3)
    for person, words in zip(people, ("Guests", "Guests", "Bots"), strict=True):
        is_refused(grouped, case, person, words)


def test_a_group_that_slack_does_not_know_is_told_to_the_managers_once_a_day(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    groups = {"nobody-made-it": GroupSettings()}
    with running_office(tmp_path, knowledge, groups=groups) as office:
        office.ws.user("wang.fang").expect_dm("nobody-made-it")
        look(office)
        office.quiet()
        told = [post for post in office.ws.user("wang.fang").dms() if "nobody-made-it" in post.text]
        assert len(told) == 1


def test_without_groups_in_the_settings_slack_is_not_asked_for_any(office: Office) -> None:
    look(office)
    assert not office.sandbox.calls("usergroups.list")


def test_people_of_another_workspace_are_refused_though_the_settings_name_none(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    with running_office(tmp_path, knowledge, slack={"team_id": None}) as office:
        (teo,) = join(office, User("U0TEO", "teo", "Teo Elsewhere", team_id="T0OTHER"))
        is_refused(office, office.new_case(), teo, "own workspace")


def test_what_somebody_who_is_deactivated_had_goes_back_at_once(office: Office) -> None:
    office.tick(minutes=2)  # who has rights is known
    case, other = office.new_case(), office.new_case("Is it blue?")
    case.claim("bob")
    other.claim("anna")
    bob = office.ws.user("bob")
    bob.change(deleted=True)
    office.until(lambda: case.now.assignee is None)
    office.tick(hours=12)  # managers are told when they can hear it
    office.ws.user("wang.fang").expect_dm("Bob Rivera 已不能在 reply24 中工作")
    case.card.expect("Claim")
    assert other.now.assignee == ANNA
    case.claim("anna")


def test_a_reply_of_a_leaver_in_its_undo_window_never_reaches_the_buyer(office: Office) -> None:
    case = office.new_case()
    case.send(by="bob")
    before = len(office.relay.sent)
    office.ws.user("bob").change(deleted=True)
    office.until(lambda: case.now.replies[0].state == "withdrawn")
    office.tick(minutes=5)
    assert len(office.relay.sent) == before
    assert case.now.due_at is not None


def warnings(office: Office) -> list[str]:
    return [one.text for one in office.ws.user("wang.fang").dms() if "已与其他组织共享" in one.text]


@pytest.mark.parametrize("pending", [True, False], ids=["an open invitation", "shared"])
def test_nothing_is_posted_where_another_organisation_reads(office: Office, pending: bool) -> None:
    room = office.ws.channel(CHANNEL)
    room.share(pending=pending)
    before = len(room.messages())
    office.relay.write_as_buyer("My secret words", marketplace="UK", lang="en")
    office.until(lambda: warnings(office))
    assert CHANNEL in warnings(office)[0]
    assert "My secret words" not in warnings(office)[0]
    assert len(room.messages()) == before
    room.unshare()
    office.clock.advance(timedelta(minutes=6))
    room.expect("My secret words")
    assert len(warnings(office)) == 1


def test_a_channel_that_was_ours_a_moment_ago_is_left_alone_when_slack_says_that_it_is_shared(
    office: Office,
) -> None:
    room, case = office.ws.channel(CHANNEL), office.new_case()
    room.share()

    def is_noticed() -> bool:
        card = case.card
        card.click("Claim" if "Claim" in card.labels() else "Release", by="anna")
        return bool(warnings(office))

    office.until(is_noticed)
    before = len(office.sandbox.calls("chat.update"))
    office.relay.write_as_buyer("My secret words", marketplace="UK", lang="en")
    office.until(lambda: len(read.queue(office.desk)) == 2)
    office.ws.user("anna").home()
    assert len(office.sandbox.calls("chat.update")) == before
    assert "My secret words" not in " ".join(one.plain for one in room.messages())


@pytest.mark.parametrize("moved", [SHARED_FRESH, timedelta(hours=-1)], ids=["later", "set back"])
def test_that_a_channel_is_shared_is_seen_without_an_event_too(office: Office, moved: timedelta) -> None:
    case = office.new_case()
    office.sandbox.call(lambda core: setattr(core.store.channel(CHANNEL), "is_ext_shared", True))
    office.clock.advance(moved)
    case.card.click("Claim", by="anna")
    office.until(lambda: warnings(office))
    assert "Anna" not in case.card.plain


def test_a_channel_that_is_archived_is_told_to_the_managers(office: Office) -> None:
    office.ws.channel(CHANNEL).archive()
    office.relay.write_as_buyer("Where is it?", marketplace="UK", lang="en")
    wang = office.ws.user("wang.fang")
    office.until(lambda: any(f"无法在 #{CHANNEL} 发消息" in post.text for post in wang.dms()))


@pytest.mark.parametrize(("old", "new"), [("U0ZOE1", "U0ZOE2"), ("U0ZOE2", "U0ZOE1")])
def test_who_comes_back_with_a_new_account_has_the_rights_of_the_entry_and_the_old_account_none(
    tmp_path: Path, knowledge: Knowledge, demo_settings: Callable[..., Settings], old: str, new: str
) -> None:
    """An entry that names an address means whoever has it: after a new account it gave rights to the old one too."""
    zoe = AgentSettings(name="Zoe", email="zoe@team.example", zone="Europe/Berlin")
    with running_office(tmp_path, knowledge, agents={**demo_settings().agents, "zoe": zoe}) as office:
        before, after = join(office, User(old, "zoe.old", "Zoe"), User(new, "zoe", "Zoe"))
        directory = Directory(office.desk, web_client(office.desk, office.bot.secrets))
        for person in (before, after):
            office.clock.advance(
                timedelta(seconds=1)
            )  # the bot's own first look is older, and counts for less
            has_address(office, person)
            directory.refresh_agents()
        with office.desk.database.reading() as tx:
            assert persons_by_key(tx, office.desk)["zoe"] == new
        case = office.new_case()
        is_refused(office, case, before, "Only agents")
        case.claim("zoe")


def test_nobody_loses_their_rights_because_slack_does_not_say_which_workspace_is_ours(office: Office) -> None:
    """Settings need no team_id; with one failure of auth.test at the start everybody was of another workspace."""
    slack = office.desk.settings.slack.model_copy(update={"team_id": None})
    desk = replace(office.desk, settings=office.desk.settings.model_copy(update={"slack": slack}))
    directory = Directory(desk, web_client(desk, office.bot.secrets))
    case = office.new_case()
    case.claim("anna")
    office.sandbox.next_errors("auth.test", 503, times=None)
    directory.refresh_agents()
    membership.look(desk)
    assert case.now.assignee == ANNA
    (late,) = join(office, User("U0LATE", "late", "Late"))
    with pytest.raises(Unreachable):
        directory.refresh(late.id)
    office.sandbox.clear_errors("auth.test")
    assert directory.refresh(late.id).name == "Late"


def test_who_is_known_by_an_address_has_rights_soon_after_slack_did_not_answer(
    tmp_path: Path, knowledge: Knowledge, demo_settings: Callable[..., Settings]
) -> None:
    zoe = AgentSettings(name="Zoe", email="zoe@team.example", zone="Europe/Berlin")
    with running_office(tmp_path, knowledge, agents={**demo_settings().agents, "zoe": zoe}) as office:
        (person,) = join(office, User("U0ZOE", "zoe", "Zoe"))
        has_address(office, person)
        agents = Agents(office.desk, Directory(office.desk, web_client(office.desk, office.bot.secrets)))
        office.sandbox.next_errors("users.lookupByEmail", 503, times=None)
        for look in (agents.look, agents.look_again):
            with pytest.raises(Unreachable):
                look()
        office.sandbox.clear_errors("users.lookupByEmail")
        office.sandbox.next_errors("users.lookupByEmail", 429, times=None, retry_after=90)
        with pytest.raises(Unreachable):
            agents.look_again()
        office.sandbox.clear_errors("users.lookupByEmail")
        asked = len(office.sandbox.calls("users.lookupByEmail"))
        office.clock.advance(timedelta(seconds=89))
        agents.look_again()
        assert len(office.sandbox.calls("users.lookupByEmail")) == asked, "Slack said when to ask again"
        office.clock.advance(timedelta(seconds=1))
        agents.look_again()
        with office.desk.database.reading() as tx:
            assert persons_by_key(tx, office.desk)["zoe"] == person.id
        asked = len(office.sandbox.calls("users.lookupByEmail"))
        agents.look_again()
        assert len(office.sandbox.calls("users.lookupByEmail")) == asked


def has_address(office: Office, person: Person) -> None:
    """Zoe's address is that of this account, and of no other."""

    def given(core: Core) -> None:
        for user in core.store.users.values():
            if user.name.startswith("zoe"):
                user.email = "zoe@team.example" if user.id == person.id else ""

    office.sandbox.call(given)
