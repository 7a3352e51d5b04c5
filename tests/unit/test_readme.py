"""The README promises what the program has: its tables of commands are compared with the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import app
from bot.slack.views.lists import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def in_tables(start: str) -> list[str]:
    """The first cells of all tables that begin with `start`, in code font."""
    return re.findall(rf"^\| `({re.escape(start)}[^`]*)` \|", README, re.MULTILINE)


def commands_of(group: object, name: str) -> Iterator[str]:
    """Everything that can be typed below `name`."""
    if not isinstance(group, TyperGroup):
        yield name
        return
    for word, command in group.commands.items():
        yield from commands_of(command, f"{name} {word}")


def test_the_table_of_the_command_line_is_complete() -> None:
    assert sorted(in_tables("reply24 ")) == sorted(commands_of(get_command(app), "reply24"))


def test_the_table_of_slash_commands_is_complete() -> None:
    assert in_tables("/") == [f"/{command}" for command in COMMANDS]


@pytest.mark.parametrize("picture", re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README))
def test_its_pictures_are_here_and_light(picture: str) -> None:
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / picture).stat().st_size <= 250_000


@pytest.mark.parametrize(
    "file", ["LICENSE", "CHANGELOG.md", "Procfile", "bot/README.md", "templates/README.md"]
)
def test_the_files_that_it_names_are_here(file: str) -> None:
    assert file in README
    assert (ROOT / file).is_file()


def test_it_is_short_enough_to_be_read() -> None:
    assert len(README.splitlines()) <= 250
