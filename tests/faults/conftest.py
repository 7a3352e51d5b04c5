"""The servers that all rounds share, the seed that they go by, and how a failure is repeated."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from secrets import randbelow

import pytest

from tests.faults.rounds import Peers
from tests.faults.rounds import peers as running_peers
from tests.faults.site import keep

SEED = os.environ.get("REPLY24_FAULTS_SEED") or str(randbelow(10_000))


@pytest.fixture(scope="session")
def servers() -> Iterator[Peers]:
    with running_peers("postgresql") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def peers(request: pytest.FixtureRequest, servers: Peers) -> Peers:
    return servers if request.param == "postgresql" else replace(servers, database="")


@pytest.fixture
def seed() -> str:
    """What people and faults do follows from it; when, from the machine."""
    return SEED


@pytest.fixture
def site_folder(tmp_path: Path) -> Path:
    """Dovecot and PostgreSQL read there as other users."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path


def _kept(folder: Path | None, test: str) -> Path:
    """Where the logs of a test are now: pytest's own folders go when others of its runs begin."""
    place = Path(tempfile.gettempdir()) / "reply24-faults-kept" / f"seed{SEED}-{test}"
    for installation in folder.iterdir() if folder else ():
        keep(installation, place)
    return place


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """What failed says how to do it again, and where its logs are."""
    report: pytest.TestReport = yield  # type: ignore[misc]  # pytest's form
    if report.failed:
        again = f"REPLY24_FAULTS_SEED={SEED} ./reply24 test -n0 '{item.nodeid}'"
        kept = _kept(getattr(item, "funcargs", {}).get("tmp_path"), item.name)
        report.sections.append(("how to do it again", f"seed {SEED}: {again}\nlogs and database: {kept}"))
    return report
