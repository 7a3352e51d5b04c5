"""What fuzzing found, each as it was mended: inputs that once ended in a traceback, or did not end."""

import shutil
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.mail.mime import parameters
from bot.settings import load_settings, shipped
from bot.settings.load import FILES
from bot.settings.phrases import load_topics
from bot.settings.positions import read_yaml
from bot.settings.wording import keys_below

ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: !!int abc", "2:4: b: 'abc' can't be read as int"),
        ("a: !!float x", "1:4: a: 'x' can't be read as float"),
        ("a: " + "[" * 3_000, "lie too deep within each other"),
        (ALIASES, "its *aliases mean more than 100,000 values"),
        ("a: \x9e", "not valid YAML"),
    ],
)
def test_a_file_of_settings_that_once_ended_in_a_traceback(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "slack.yaml").write_text(text, encoding="utf-8")
    assert said in "\n".join(map(str, read_yaml(tmp_path / "slack.yaml", "slack.yaml").faults))


@pytest.mark.parametrize("text", ["~", "null", "&:", "", "# nothing"])
def test_an_empty_file_once_stopped_the_program_without_a_word(tmp_path: Path, text: str) -> None:
    for name in FILES:
        shutil.copy(shipped("config") / name, tmp_path)
    (tmp_path / "slack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, {})
    assert any("slack.yaml:1:1: slack: this key is needed" in fault for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("en:\n  phrases: \x9e", "is not YAML"),
        ("en: " + "[" * 3_000, "is not YAML"),
        ("en:\n  ? [phrases]\n  : x", "2:5: en.: a key has to be a word"),
    ],
)
def test_a_file_of_phrases_that_once_ended_in_a_traceback(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "topics.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said.replace(":", "[:]")):
        load_topics(tmp_path / "topics.yaml")


@pytest.mark.parametrize(
    ("name", "text", "section"),
    [
        ("records.yaml", "records:\n  purge_dayz: 30\n", "records"),
        ("agents.yaml", "agents: {}\ngroups:\n  '@support':\n    rolez: agent\n", "groups.@support"),
    ],
)
def test_a_misspelt_key_once_ended_in_a_traceback(tmp_path: Path, name: str, text: str, section: str) -> None:
    for other in FILES:
        shutil.copy(shipped("config") / other, tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, {})
    assert any(
        f"{section}." in fault and "unknown key. Did you mean" in fault for fault in caught.value.faults
    )


def test_the_keys_of_every_section_are_known() -> None:
    assert all(keys_below((section,)) for sections in FILES.values() for section in sections)


def test_a_file_name_of_raw_bytes_in_percent_form_once_stopped_the_reader() -> None:
    assert parameters(b"attachment; filename*=utf-8''rech\xffnung%20\xe4.pdf")["filename"].endswith(".pdf")
    assert parameters("attachment; filename*=utf-8''Größe%20ä.pdf".encode())["filename"] == "Größe ä.pdf"
