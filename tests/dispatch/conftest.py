"""Offices: a fresh one for a test, a shared one for tests with cases of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.desk.knowledge import Knowledge
from bot.settings.api import ApiSettings
from bot.settings.shape import AmazonSettings, Settings
from tests import world
from tests.dispatch.amazon_shop import REFRESH, SECRET
from tests.office import Office
from tests.office import office as running_office

_EU = "nordlicht"


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


@pytest.fixture
def opened(
    tmp_path: Path,
    knowledge: Knowledge,
    demo_settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., object]:
    """Opens an office whose stores reach Amazon at these addresses: `opened({"nordlicht": url}, token_url)`."""
    for name, value in {
        "EU": REFRESH["acme-eu"],
        "US": REFRESH["acme-us"],
        "APP": "app",
        "APP_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    stores = demo_settings().stores

    def open_(places: dict[str, str], token_url: str) -> object:
        found = dict(stores)
        for store, url in places.items():
            api = ApiSettings(
                refresh_token_env="EU" if store == _EU else "US",
                client_id_env="APP",
                client_secret_env="APP_SECRET",
                endpoint=url,
            )
            found[store] = stores[store].model_copy(update={"api": api})
        return running_office(tmp_path, knowledge, stores=found, amazon=AmazonSettings(token_url=token_url))

    return open_


@pytest.fixture(autouse=True)
def _no_modal_is_left(request: pytest.FixtureRequest) -> None:
    """Nobody begins with a modal open that another test of the shared office left."""
    if "shared" in request.fixturenames:
        request.getfixturevalue("shared").close_modals()
