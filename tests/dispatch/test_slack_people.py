"""Who is who, where Slack's answers come late or an event got lost: a leaver has no rights, a new account has them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.desk import membership
from bot.desk.access import persons_by_key
from bot.desk.knowledge import Knowledge
from bot.errors import Unreachable
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.world import User
from bot.settings.shape import AgentSettings, Settings
from bot.slack.people import Directory
from tests.office import Office
from tests.office import office as running_office

OLD, NEW = "U0ZOE1", "U0ZOE2"
ADDRESS = "zoe@team.example"
SOON = timedelta(seconds=1)


class OvertakenClient(WebClient):
    """Between Slack's next answer about somebody and what is made of it, `meanwhile` happens."""

    meanwhile: Callable[[], object] | None = None

    def users_info(self, **about: Any) -> SlackResponse:
        """Somebody, as they were before `meanwhile`."""
        answer = super().users_info(**about)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return answer


@pytest.fixture
def zoes(tmp_path: Path, knowledge: Knowledge, demo_settings: Callable[..., Settings]) -> Iterator[Office]:
    """An office whose Zoe is known by her address, which is that of her old account; a new one is there too."""
    zoe = AgentSettings(name="Zoe", email=ADDRESS, zone="Europe/Berlin")
    with running_office(tmp_path, knowledge, agents={**demo_settings().agents, "zoe": zoe}) as office:
        for one in (User(OLD, "zoe.old", "Zoe"), User(NEW, "zoe", "Zoe")):
            office.sandbox.call(lambda core, one=one: core.store.users.setdefault(one.id, one))  # type: ignore[misc]  # now
            office.ws.channel("amz-nordlicht").invite(one.name)
        has_address(office, OLD)
        directory(office).refresh_agents()
        yield office


def has_address(office: Office, user: str) -> None:
    """Zoe's address is that of this account, and of no other."""

    def given(core: Core) -> None:
        for one in (OLD, NEW):
            core.store.users[one].email = ADDRESS if one == user else ""

    office.sandbox.call(given)


def client(office: Office) -> OvertakenClient:
    slack = office.desk.settings.slack
    return OvertakenClient(token=office.bot.secrets.secret(slack.bot_token_env), base_url=slack.api_url)


def directory(office: Office) -> Directory:
    return Directory(office.desk, client(office))


def who_is_zoe(office: Office) -> str | None:
    with office.desk.database.reading() as tx:
        return persons_by_key(tx, office.desk).get("zoe")


def test_an_answer_of_before_an_account_was_deactivated_brings_no_rights_back(zoes: Office) -> None:
    late, zoe = client(zoes), zoes.ws.user("zoe.old")

    def leaves() -> None:
        zoes.clock.advance(SOON)
        zoe.change(deleted=True)
        zoes.until(lambda: who_is_zoe(zoes) is None)

    late.meanwhile = leaves
    assert Directory(zoes.desk, late).refresh(OLD).gone
    assert who_is_zoe(zoes) is None


def test_what_slack_says_after_the_clock_was_set_back_counts(zoes: Office) -> None:
    zoes.clock.advance(timedelta(hours=-1))
    zoes.sandbox.call(lambda core: setattr(core.store.users[OLD], "deleted", True))
    assert directory(zoes).refresh(OLD).gone


def test_a_look_of_before_an_address_got_a_new_account_is_repeated(zoes: Office) -> None:
    late = client(zoes)

    def comes_back() -> None:
        zoes.clock.advance(SOON)
        has_address(zoes, NEW)
        directory(zoes).refresh_agents()

    late.meanwhile = comes_back
    seen = zoes.desk.settings.agents.keys() - {"zoe"}
    with pytest.raises(Unreachable):
        Directory(zoes.desk, late).refresh_agents(seen)
    assert who_is_zoe(zoes) == NEW
    Directory(zoes.desk, late).refresh_agents(seen)
    assert who_is_zoe(zoes) == NEW


def test_a_leaver_who_is_known_by_an_address_is_noticed_without_an_event(zoes: Office) -> None:
    """Slack finds no deactivated account by its address, so nobody looked at this one any more."""
    case = zoes.new_case()
    case.claim("zoe.old")
    membership.look(zoes.desk)
    zoes.sandbox.call(lambda core: setattr(core.store.users[OLD], "deleted", True))
    assert "deactivated" in directory(zoes).refresh_agents()["zoe"]
    membership.look(zoes.desk)
    assert case.now.assignee is None
    assert who_is_zoe(zoes) is None


def test_who_has_another_address_now_keeps_their_rights_and_it_is_said(zoes: Office) -> None:
    has_address(zoes, "nobody")
    assert "users_not_found" in directory(zoes).refresh_agents()["zoe"]
    assert who_is_zoe(zoes) == OLD
