"""`reply24 check` against a real IMAP server, a real SMTP server, and a workspace that takes our manifest."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import RealClock
from bot.sandbox.relay import MailRelay
from bot.sandbox.slack.server import SlackSandbox
from bot.settings import Secrets, load_settings
from bot.settings.data_keys import new_key
from bot.slack.manifest import manifest
from bot.work.check_database import database
from bot.work.check_mail import mailbox, outgoing
from bot.work.check_slack import seconds_apart, slack
from bot.work.finding_out import clock
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.e2e.dovecot import PASSWORD, Dovecot
from tests.world import settings as world_settings


@pytest.fixture(scope="module")
def sandbox():
    with SlackSandbox(manifest=manifest(world_settings().slack)) as running:
        yield running


def sections(sandbox, **more):
    """Sections of settings that lead to the sandbox; `more` for its Slack part."""
    team = small_team()
    team["slack"] |= {"api_url": sandbox.api_url, **more}
    return team


def secrets_of(sandbox):
    return {
        "REPLY24_SLACK_BOT_TOKEN": sandbox.bot_token,
        "REPLY24_SLACK_APP_TOKEN": sandbox.app_token,
        "IMAP_PASSWORD": PASSWORD,
    }


@pytest.mark.needs("dovecot")
def test_all_is_well_and_the_exit_code_says_so(tmp_path, sandbox):
    with Dovecot() as dovecot, MailRelay(tmp_path / "relay", RealClock()) as relay:
        dovecot.deliver(b"Subject: one\r\n\r\nHi", b"Subject: two\r\n\r\nHi")
        team = sections(sandbox)
        team["mailboxes"]["nordlicht"] = {
            "kind": "imap",
            "host": "127.0.0.1",
            "port": dovecot.port,
            "tls": "none",
            "user": dovecot.user,
            "password_env": "IMAP_PASSWORD",
        }
        team["outgoing"]["relay"]["port"] = relay.port
        write_settings(tmp_path, **team)
        keys = {"REPLY24_DATA_KEYS": new_key("k1")}
        done = reply24("check", "--json", folder=tmp_path, **secrets_of(sandbox), **keys)
        found = {one["name"]: one for one in done.json_lines()}
        assert {name: one for name, one in found.items() if one["state"] != "ok"} == {}
        assert done.code == 0
        assert "2 mails; the server tells of new mail at once" in found["mailbox nordlicht"]["found"]
        assert set(found) == {
            "settings",
            "secrets",
            "database",
            "data keys",
            "templates",
            "policy",
            "topics",
            "time zones",
            "rota",
            "peak mode",
            "second road",
            "health pages",
            "mailbox nordlicht",
            "outgoing relay",
            "slack commands",
            "slack token",
            "clock",
            "slack scopes",
            "slack socket",
            "channel amz-nordlicht",
            "channel amz-review",
            "channel amz-leads",
            "agent anna",
        }
    assert not (tmp_path / "data").exists()
    assert not sandbox.calls("chat.postMessage")


def test_what_is_wrong_has_a_line_and_its_mending_below(tmp_path):
    write_settings(
        tmp_path, **small_team(slack={**small_team()["slack"], "api_url": "http://127.0.0.1:9/api/"})
    )
    done = reply24(
        "check", folder=tmp_path, REPLY24_SLACK_BOT_TOKEN="xoxb-x", REPLY24_SLACK_APP_TOKEN="xapp-x"
    )
    assert done.code == 1
    lines = done.out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("WRONG  slack token "))
    assert "can't be reached" in lines[place]
    assert lines[place + 1].strip().startswith("mend: check slack.api_url")
    assert any(line.startswith("WRONG  outgoing relay ") for line in lines)
    assert any(line.startswith("WRONG  mailbox nordlicht ") for line in lines)
    assert any(line.startswith("ok     time zones ") for line in lines)


def test_each_fault_of_the_settings_is_a_line(tmp_path):
    write_settings(tmp_path, **small_team(agents={"anna": {"name": "Anna", "zone": "Mars/Olympus"}}))
    done = reply24("check", "--json", folder=tmp_path)
    assert done.code == 1
    faults = [one["found"] for one in done.json_lines() if one["name"] == "settings"]
    assert any("Mars/Olympus" in one for one in faults)
    assert any("needs `slack`" in one for one in faults)
    assert reply24("check", "--loud", folder=tmp_path).code == 2


def asked(folder: Path, sandbox, team, **environ):
    """What the Slack part finds, by name of the check."""
    write_settings(folder, **team)
    all_secrets = secrets_of(sandbox) | environ
    settings = load_settings(folder / "config", all_secrets)
    return {one.name: one for one in slack(settings, Secrets(settings, all_secrets))}


def test_channels_that_are_missing_foreign_public_or_shared_are_named(tmp_path, sandbox):
    team = sections(sandbox, review_channel="general", escalation_channel="nowhere")
    rooms = sandbox.call(lambda core: core.store.channels)
    sandbox.call(lambda core: setattr(rooms["C0NORD"], "is_ext_shared", True))
    try:
        found = asked(tmp_path, sandbox, team)
    finally:
        sandbox.call(lambda core: setattr(rooms["C0NORD"], "is_ext_shared", False))
    assert (found["channel nowhere"].state, found["channel amz-nordlicht"].state) == ("wrong", "wrong")
    assert "another company" in found["channel amz-nordlicht"].found
    assert "/invite" in found["channel nowhere"].mend
    assert (found["channel general"].state, found["channel general"].found[:9]) == ("warn", "is public")


def test_agents_who_are_gone_guests_unknown_or_listed_twice_are_named(tmp_path, sandbox):
    zone = {"zone": "Europe/Berlin"}
    team = sections(sandbox) | {
        "agents": {
            "anna": {"name": "Anna", "slack": "U0ANNA", **zone},
            "again": {"name": "Anna", "email": "anna@team.example", **zone},
            "gus": {"name": "Gus", "slack": "U0GUEST", **zone},
            "bot": {"name": "Bot", "slack": "U0REPLY24", **zone},
            "nobody": {"name": "No", "email": "nobody@team.example", **zone},
            "bob": {"name": "Bob", "email": "bob@team.example", **zone},
        }
    }
    people = sandbox.call(lambda core: core.store.users)
    sandbox.call(lambda core: setattr(people["U0BOB"], "deleted", True))
    try:
        found = asked(tmp_path, sandbox, team)
    finally:
        sandbox.call(lambda core: setattr(people["U0BOB"], "deleted", False))
    states = {
        name.removeprefix("agent "): one.state for name, one in found.items() if name.startswith("agent ")
    }
    assert states == dict.fromkeys(("again", "gus", "bot", "nobody", "bob"), "wrong") | {"anna": "ok"}
    assert "America/New_York" in found["agent anna"].found
    assert "guest" in found["agent gus"].found


def test_a_token_of_another_workspace_or_of_none_is_told_and_the_rest_is_skipped(tmp_path, sandbox):
    other = asked(tmp_path, sandbox, sections(sandbox, team_id="T0OTHER"))
    assert (other["slack team"].state, "T0DEMO" in other["slack team"].found) == ("wrong", True)
    none = asked(tmp_path, sandbox, sections(sandbox), REPLY24_SLACK_BOT_TOKEN="xoxb-wrong")
    assert "invalid_auth" in none["slack token"].found
    assert none["slack scopes, channels, people"].state == "skipped"
    swapped = asked(tmp_path, sandbox, sections(sandbox), REPLY24_SLACK_APP_TOKEN=sandbox.bot_token)
    assert (swapped["slack socket"].state, "xapp" in swapped["slack socket"].mend) == ("wrong", True)


def test_missing_scopes_are_named(tmp_path):
    made = manifest(world_settings().slack)
    made["oauth_config"]["scopes"]["bot"].remove("im:write")
    with SlackSandbox(manifest=made) as narrow:
        found = asked(tmp_path, narrow, sections(narrow))
    assert (found["slack scopes"].state, found["slack scopes"].found) == ("wrong", "missing: im:write")
    assert "reply24 manifest" in found["slack scopes"].mend


def test_command_names_that_clash_are_named(tmp_path, sandbox):
    team = sections(sandbox, command_names={"case": "/reply", "note": "/remind"})
    write_settings(tmp_path, **team)
    settings = load_settings(tmp_path / "config", {})
    texts = [one.found for one in slack(settings, Secrets(settings, {})) if one.name == "slack commands"]
    assert texts == ["/reply is given twice", "/remind is a command of Slack's own"]


NINE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("behind", "state"),
    [
        pytest.param(0, "ok", id="the same second"),
        pytest.param(2, "ok", id="what a round trip may cost"),
        pytest.param(6, "warn", id="more than two seconds"),
        pytest.param(-6, "warn", id="ahead"),
        pytest.param(15, "wrong", id="more than ten seconds"),
    ],
)
def test_the_clock_is_held_against_slacks(behind, state):
    ours = NINE - timedelta(seconds=behind)
    assert clock("clock", seconds_apart("Wed, 25 Nov 2026 09:00:00 GMT", ours, ours)).state == state


def test_a_refused_login_is_wrong_and_a_missing_secret_skips_the_look(tmp_path):
    team = small_team()
    team["outgoing"]["relay"] |= {"user": "anna", "password_env": "SMTP_PASSWORD"}
    write_settings(tmp_path, **team)
    settings = load_settings(tmp_path / "config", {})
    (look,) = outgoing("relay", settings.outgoing["relay"], Secrets(settings, {}))
    assert (look.state, look.found) == ("skipped", "its secret is missing")
    (tmp_path / "mail").mkdir()
    (box,) = mailbox("nordlicht", settings.mailboxes["nordlicht"], Secrets(settings, {}))
    assert (box.state, box.found.endswith("0 mails")) == ("ok", True)


def test_a_database_that_can_not_be_reached_or_written_is_wrong(tmp_path):
    (away,) = database("postgresql+psycopg://me:secret@127.0.0.1:9/x")
    assert away.state == "wrong"
    assert "secret" not in away.found
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    (broken,) = database(f"sqlite:///{tmp_path}/broken.db")
    assert broken.state == "wrong"
    (fresh,) = database(f"sqlite:///{tmp_path}/deep/er/new.db")
    assert fresh.state == "ok"
    assert not (tmp_path / "deep").exists()
