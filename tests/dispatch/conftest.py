"""An office for each test; the phrases and templates are read once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk.knowledge import Knowledge
from tests import world
from tests.office import Office
from tests.office import office as running_office


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return world.knowledge()


@pytest.fixture
def office(tmp_path: Path, knowledge: Knowledge) -> Iterator[Office]:
    """The whole bot over Socket Mode, on SQLite."""
    with running_office(tmp_path, knowledge) as running:
        yield running
