"""Two processes of each kind on PostgreSQL: one after the other is replaced, then killed, while people work."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rounds import Figures, Peers, installation
from tests.faults.rounds import peers as running_peers
from tests.faults.strikes import FAULTS
from tests.faults.test_faults import folder_for

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(600)]
NAMES = ("rolling-restart", "kill", "rolling-restart")


@pytest.fixture(scope="module")
def peers() -> Iterator[Peers]:
    with running_peers("postgresql") as servers:
        yield servers


def test_a_rolling_restart_and_a_kill_lose_and_double_nothing(tmp_path: Path, peers: Peers) -> None:
    figures, seed = Figures(), str(random.randrange(10_000))
    faults = {one.name: one for one in FAULTS}
    with installation(folder_for(tmp_path), "apart", peers, figures, seed, apart=True) as rounds:
        for name in NAMES:
            print(rounds.run(faults[name]))  # noqa: T201 - pytest shows it when the test fails
    assert figures.deaths > 2 * len(rounds.site.roles)
    assert figures.mails > 0
