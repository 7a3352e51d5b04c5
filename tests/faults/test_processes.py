"""Two processes of each kind on PostgreSQL: one after the other is replaced, then killed, while people work."""

from pathlib import Path

import pytest

from tests.faults.rounds import Figures, Peers, installation
from tests.faults.strikes import FAULTS

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(600)]
NAMES = ("rolling-restart", "kill", "rolling-restart")


def test_a_rolling_restart_and_a_kill_lose_and_double_nothing(
    site_folder: Path, servers: Peers, seed: str
) -> None:
    figures = Figures()
    faults = {one.name: one for one in FAULTS}
    with installation(site_folder, "apart", servers, figures, seed, apart=True) as rounds:
        for name in NAMES:
            print(rounds.run(faults[name]))  # noqa: T201 - pytest shows it when the test fails
    assert figures.deaths > 2 * len(rounds.site.roles)
    assert figures.mails > 0
