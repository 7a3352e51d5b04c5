"""Secrets: from NAME or the file that NAME_FILE names, asked for by whom, shown nowhere."""

import re
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import Secrets, Settings, load_settings, missing_secrets, shipped

NAMES = ("REPLY24_SLACK_BOT_TOKEN", "REPLY24_SLACK_APP_TOKEN", "ACME_IMAP_PASSWORD", "ACME_SMTP_PASSWORD")
ALL = {name: f"the {name.lower()}" for name in NAMES}
IMAP = "ACME_IMAP_PASSWORD"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(shipped("config"), {})


def test_a_secret_comes_from_its_variable(settings: Settings) -> None:
    assert Secrets(settings, ALL).secret(IMAP) == "the acme_imap_password"


def test_or_from_a_file_without_the_last_line_end(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(" two words \n")
    assert Secrets(settings, {f"{IMAP}_FILE": str(file)}).secret(IMAP) == " two words "


def test_a_missing_one_says_who_needs_it_and_how_to_set_it(settings: Settings) -> None:
    with pytest.raises(ConfigError) as caught:
        Secrets(settings, {}).secret(IMAP)
    [fault] = caught.value.faults
    assert fault.startswith(
        f"environment: {IMAP}: is not set; set it, or {IMAP}_FILE to a file that holds it;"
    )
    assert re.search(r"; needed by .*config/mailboxes\.yaml:[0-9]+: mailboxes\.acme\.password_env$", fault)


def test_both_at_once_is_a_fault_that_shows_neither(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="are both set; unset one") as caught:
        Secrets(settings, {IMAP: "geheim", f"{IMAP}_FILE": str(tmp_path)}).secret(IMAP)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(("text", "expected"), [(None, "can't be read"), ("\n", "names an empty file")])
def test_a_file_that_holds_nothing(
    settings: Settings, tmp_path: Path, text: str | None, expected: str
) -> None:
    file = tmp_path / "password"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigError, match=expected):
        Secrets(settings, {f"{IMAP}_FILE": str(file)}).secret(IMAP)


def test_secrets_are_shown_nowhere(settings: Settings) -> None:
    shown = repr(Secrets(settings, ALL)) + repr(settings) + str(settings)
    assert not [secret for secret in ALL.values() if secret in shown]


def test_what_is_missing(settings: Settings) -> None:
    assert missing_secrets(settings, ALL) == ()
    lines = missing_secrets(settings, {IMAP: "x"})
    assert [line.split(": ")[1] for line in lines] == [name for name in NAMES if name != IMAP]


def test_what_is_needed_depends_on_how_slack_is_reached(settings: Settings) -> None:
    slack = settings.slack.model_copy(update={"mode": "http"})
    lines = missing_secrets(settings.model_copy(update={"slack": slack}), ALL)
    assert [line.split(": ")[1] for line in lines] == ["REPLY24_SLACK_SIGNING_SECRET"]


def test_a_default_name_is_traced_to_its_key(demo_settings) -> None:
    [line, _] = missing_secrets(demo_settings(), {})
    assert line.endswith("needed by slack.bot_token_env (its default)")
