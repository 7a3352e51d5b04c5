"""The group of those who can work now: kept where Slack lets us, and nothing depends on it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.knowledge import Knowledge
from bot.slack.groups import OncallGroup
from bot.work.run import web_client
from tests.office import Office
from tests.office import office as running_office
from tests.world import ANNA, BOB, CHEN, LI_WEI, WANG, rota

HANDLE = "amz-oncall"
UPDATE = "usergroups.users.update"


@pytest.fixture
def office(tmp_path: Path, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(tmp_path, knowledge, slack={"oncall_group": HANDLE}) as running:
        running.until(lambda: running.sandbox.calls(UPDATE))  # the first tick
        yield running


def group_of(office: Office) -> OncallGroup:
    """A second keeper of the group, which this test lets tick."""
    return OncallGroup(office.desk, web_client(office.desk, office.bot.secrets))


def notices(office: Office) -> list[str]:
    return [post.text for post in office.ws.user("wang.fang").dms() if f"@{HANDLE}" in post.text]


def test_the_group_holds_everybody_who_can_work_and_is_left_alone_then(office: Office) -> None:
    assert set(office.ws.group(HANDLE)) == {LI_WEI, CHEN, ANNA, BOB, WANG}
    group, before = group_of(office), len(office.sandbox.calls(UPDATE))
    assert group.sync()
    assert not group.sync()
    assert len(office.sandbox.calls(UPDATE)) == before + 1


@pytest.mark.parametrize("code", ["permission_denied", "plan_upgrade_required", "paid_teams_only"])
def test_where_slack_refuses_it_all_else_works_and_managers_hear_of_it_once_a_day(
    office: Office, code: str
) -> None:
    office.sandbox.next_errors(UPDATE, code, times=None)
    group = group_of(office)
    assert not group.sync()
    office.until(lambda: len(notices(office)) == 1)
    office.clock.advance(timedelta(hours=2))
    assert not group.sync()
    office.quiet()
    assert len(notices(office)) == 1
    assert code in notices(office)[0]
    case = office.new_case("Does it work without the group?")
    case.claim("anna")
    assert case.now.assignee == ANNA
    office.clock.advance(timedelta(days=1))
    group.sync()
    office.until(lambda: len(notices(office)) == 2)


def test_a_group_that_does_not_exist_is_said_too(tmp_path: Path, knowledge: Knowledge) -> None:
    with running_office(tmp_path, knowledge, slack={"oncall_group": "nobody-made-it"}) as office:
        office.ws.user("wang.fang").expect_dm("nobody-made-it")


def test_the_group_follows_the_sun(tmp_path: Path, knowledge: Knowledge) -> None:
    """Beijing until 10:00, Los Angeles from 17:00; in the gap it stays, for Slack takes no empty list."""
    with running_office(
        tmp_path,
        knowledge,
        slack={"oncall_group": HANDLE},
        rota=lambda settings: rota(settings.agents),
    ) as office:
        office.until(lambda: set(office.ws.group(HANDLE)) == {LI_WEI, CHEN, WANG})
        group = group_of(office)
        assert group.sync()
        before = len(office.sandbox.calls(UPDATE))
        seen = []
        for _ in range(4 * 24):
            office.clock.advance(timedelta(minutes=15))
            if group.sync():
                seen.append((f"{office.clock.now():%H:%M}", set(office.ws.group(HANDLE))))
        assert seen == [("17:00", {ANNA, BOB}), ("01:00", {LI_WEI, CHEN, WANG})]
        assert len(office.sandbox.calls(UPDATE)) == before + 2


def test_a_sleeping_manager_hears_of_a_refusal_when_their_shift_begins(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    with running_office(
        tmp_path,
        knowledge,
        slack={"oncall_group": HANDLE},
        rota=lambda settings: rota(settings.agents),
    ) as office:
        office.until(lambda: set(office.ws.group(HANDLE)) == {LI_WEI, CHEN, WANG})
        office.sandbox.next_errors(UPDATE, "permission_denied", times=None)
        office.clock.advance(timedelta(hours=8))
        assert not group_of(office).sync()
        office.quiet()
        assert notices(office) == []
        office.clock.advance(timedelta(hours=8))
        office.until(lambda: len(notices(office)) == 1)
