"""Every named step once on each database, and a few faults of every kind. `python -m tests.faults` goes on for longer."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rounds import Figures, Kind, Peers, installation
from tests.faults.rounds import peers as running_peers
from tests.faults.strikes import FAULTS, IN_BULK, NAMED_STEPS, WITH_ROTA

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(600)]

ROUNDS = 5
SLOW = ("socket-silent", "relay-hang")
"""These wait for time-outs of half a minute."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def peers(request: pytest.FixtureRequest) -> Iterator[Peers]:
    kind: Kind = request.param
    with running_peers(kind) as servers:
        yield servers


def folder_for(tmp_path: Path) -> Path:
    """Dovecot and PostgreSQL read there as other users."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path


def test_a_program_dies_at_every_named_step(tmp_path: Path, peers: Peers) -> None:
    figures, seed = Figures(), str(random.randrange(10_000))
    steps = NAMED_STEPS | WITH_ROTA | IN_BULK
    with installation(tmp_path, "steps", peers, figures, seed, has_rota=True) as rounds:
        for line in rounds.run_until_struck(steps):
            print(line)  # noqa: T201 - pytest shows it when the test fails
    assert figures.deaths >= len(steps)


def test_faults_of_every_kind(tmp_path: Path, peers: Peers) -> None:
    figures, seed = Figures(), str(random.randrange(10_000))
    rng = random.Random(seed)
    with installation(tmp_path, "kinds", peers, figures, seed, has_rota=False) as rounds:
        fitting = [one for one in FAULTS if one.fits(rounds.site) and one.name not in SLOW]
        for fault in rng.sample(fitting, ROUNDS):
            print(rounds.run(fault))  # noqa: T201 - pytest shows it when the test fails
    assert figures.rounds == ROUNDS
