"""`reply24 run` on the rig's clock, with its steps listened to; all else is the real program."""

import os
from pathlib import Path

from bot.cli.running import open_desk
from bot.log import set_up
from bot.work.run import Bot, run_until_signal
from tests.faults.shared import Shared, SharedClock
from tests.faults.steps import Steps

GAP_SECONDS = 0.02


def run(shared_file: str, role: str) -> None:
    """Run until SIGTERM, or until the rig's order is carried out."""
    shared = Shared(Path(shared_file))
    Steps(shared, role).install()
    set_up("info")
    desk, secrets = open_desk(SharedClock(shared))
    run_until_signal(Bot(desk, secrets, tuple(role.split(",")), gap_s=GAP_SECONDS))
    os._exit(0)
