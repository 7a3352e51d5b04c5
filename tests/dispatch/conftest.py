"""Offices: a fresh one for a test, a shared one for tests with cases of their own."""

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


@pytest.fixture
def staffed(tmp_path: Path, knowledge: Knowledge) -> Iterator[Office]:
    """The whole bot with people in shifts: `world.rota`. It opens at 09:00 UTC; Beijing ends at 10:00."""
    with running_office(tmp_path, knowledge, rota=lambda settings: world.rota(settings.agents)) as running:
        yield running


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    """One office for all tests that look at cases of their own only and leave no mishap behind."""
    with running_office(tmp_path_factory.mktemp("shared"), knowledge) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_modal_is_left(request: pytest.FixtureRequest) -> None:
    """Nobody begins with a modal open that another test of the shared office left."""
    if "shared" in request.fixturenames:
        request.getfixturevalue("shared").close_modals()
