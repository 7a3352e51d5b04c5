"""The manifest asks for what the code uses: no more, no less, within Slack's limits."""

import ast
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.desk import Desk
from bot.sandbox.slack.methods import METHODS as SANDBOX_METHODS
from bot.sandbox.slack.offer import offer_from
from bot.settings.shape import SlackSettings
from bot.slack import actions, boards, commands, events, modals, shifts, shortcuts
from bot.slack.manifest import EVENTS, METHODS, OPTIONAL_SCOPES, manifest, needed_scopes
from bot.slack.people import Directory
from bot.slack.surface import Surface
from tests.world import ROOT, START, knowledge, settings

SLACK = settings().slack


def calls_in(path: Path) -> set[str]:
    """Web API methods that a file calls, `client.chat_update` or `self._client.chat_update`, as Slack spells them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and "_" in node.attr and hasattr(WebClient, node.attr):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name.endswith("client"):
                names.add(node.attr.replace("_", "."))
    return names


def methods_called() -> set[str]:
    files = [*(ROOT / "bot" / "slack").rglob("*.py"), *(ROOT / "bot" / "work").rglob("*.py")]
    return set().union(*map(calls_in, files))


class Listening:
    """Stands where the bolt app stands, and notes what the handlers ask for."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.shortcuts: list[str] = []
        self.events: list[str] = []

    def command(self, name):
        self.commands.append(name)
        return lambda handler: handler

    def shortcut(self, name):
        self.shortcuts.append(name)
        return lambda handler: handler

    def event(self, name, middleware=()):
        self.events.append(name)
        return lambda handler: handler

    def action(self, _name):
        return lambda handler: handler

    view = view_closed = action


@pytest.fixture
def listening():
    database = open_database("sqlite://")
    desk = Desk(database, settings(), FixedClock(START), knowledge())
    surface, app = Surface(desk, Directory(desk, WebClient("xoxb-none"))), Listening()
    for part in (commands, actions, boards, modals, shifts, shortcuts, events):
        part.register(app, surface)
    yield app
    database.close()


def test_every_call_has_its_scope_and_every_scope_has_a_call():
    assert sorted(METHODS) == sorted(methods_called() | {"apps.connections.open"})


def test_the_scopes_are_those_that_slack_asks_for_these_methods():
    for method, scopes in METHODS.items():
        allowed = SANDBOX_METHODS[method].scopes
        assert bool(scopes) == bool(allowed), method
        assert set(scopes) <= set(allowed), method


def test_the_manifest_holds_the_scopes_of_methods_events_and_commands_and_no_other():
    scopes = manifest(SLACK)["oauth_config"]["scopes"]
    used = {scope for table in (METHODS, EVENTS) for found in table.values() for scope in found}
    assert set(scopes["bot"]) == used - OPTIONAL_SCOPES | {"commands"} == needed_scopes()
    assert set(scopes["bot_optional"]) == OPTIONAL_SCOPES <= used


def test_commands_shortcuts_and_events_are_those_that_handlers_listen_to(listening):
    features = manifest(SLACK)["features"]
    assert sorted(one["command"] for one in features["slash_commands"]) == sorted(listening.commands)
    assert sorted(one["callback_id"] for one in features["shortcuts"]) == sorted(listening.shortcuts)
    assert {name.partition(".")[0] for name in EVENTS} == set(listening.events)


def test_commands_have_the_names_that_the_settings_give_them():
    slack = SLACK.model_copy(update={"root_command": "/desk", "command_names": {"case": "/amz-case"}})
    typed = [one["command"] for one in manifest(slack)["features"]["slash_commands"]]
    assert "/desk" in typed
    assert "/amz-case" in typed
    assert "/case" not in typed
    assert "/reply24" not in typed


def test_commands_say_what_they_do_as_people_read_it():
    told = {one["command"]: one["description"] for one in manifest(SLACK)["features"]["slash_commands"]}
    assert told["/claim"] == "Take a case"
    assert told["/reply24"] == "reply24: What reply24 does"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_slack_takes_it(language):
    made = manifest(SLACK.model_copy(update={"language": language}))
    assert offer_from(made).has_home
    shown, features = made["display_information"], made["features"]
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(made["oauth_config"]["scopes"]["bot"]) <= 255
    assert all(0 < len(one["description"]) <= 150 for one in features["shortcuts"])
    assert sum(one["type"] == "message" for one in features["shortcuts"]) == 5


def test_socket_mode_needs_no_address_and_http_mode_has_it_everywhere():
    assert "http" not in str({**manifest(SLACK), "display_information": ""})
    made = manifest(SlackSettings(review_channel="r", escalation_channel="e"), "https://bot.example/")
    address = "https://bot.example/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert {one["url"] for one in made["features"]["slash_commands"]} == {address}
