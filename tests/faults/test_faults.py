"""Every named step on each database, and faults of some other kinds. `python -m tests.faults` goes on for longer."""

import random
from pathlib import Path

import pytest

from tests.faults.rounds import Figures, Peers, installation
from tests.faults.strikes import FAULTS, IN_BULK, NAMED_STEPS, WITH_ROTA

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(600)]

ROUNDS = 4
STEP_ROUNDS, ENOUGH = 6, 0.8
SLOW = ("socket-silent", "relay-hang")
"""These wait for time-outs of half a minute."""


def test_programs_die_at_named_steps(site_folder: Path, peers: Peers, seed: str) -> None:
    """Half of them on each database: they share no step, and together have all. The command does all on both.

    In so few rounds people need not come to every step; what happens at those they come to is judged all the same.
    """
    figures = Figures()
    names = sorted(NAMED_STEPS | WITH_ROTA | IN_BULK)
    steps = {name: (NAMED_STEPS | WITH_ROTA | IN_BULK)[name] for name in names[bool(peers.database) :: 2]}
    with installation(site_folder, "steps", peers, figures, seed, has_rota=True) as rounds:
        for line in rounds.run_until_struck(steps, STEP_ROUNDS, ENOUGH):
            print(line)  # noqa: T201 - pytest shows it when the test fails
    assert sum(figures.struck.values()) >= ENOUGH * len(steps)


def test_faults_of_other_kinds(site_folder: Path, peers: Peers, seed: str) -> None:
    figures, rng = Figures(), random.Random(seed)
    with installation(site_folder, "kinds", peers, figures, seed, has_rota=False) as rounds:
        fitting = [one for one in FAULTS if one.fits(rounds.site) and one.name not in SLOW]
        for fault in rng.sample(fitting, ROUNDS):
            print(rounds.run(fault))  # noqa: T201 - pytest shows it when the test fails
    assert figures.rounds == ROUNDS
