"""`reply24 run` on a clock that runs fast, in a process of its own.

    python -m tests.e2e.fast_program SPEED BEGAN START ROLE

All but the clock is the real program. `BEGAN` is what the stop-watch of this machine, which all its processes
share, showed when the clock showed `START`: so they all tell the same time. Posts at one place keep a shorter
distance, since a second is half an hour here.
"""

import sys
from datetime import datetime, timedelta

from bot.cli.running import open_desk
from bot.clock import ScaledClock, monotonic
from bot.log import set_up
from bot.work.run import Bot, run_until_signal

GAP_SECONDS = 0.05


def shared_clock(speed: float, began: float, start: datetime) -> ScaledClock:
    """The clock that showed `start` when the stop-watch showed `began`."""
    return ScaledClock(speed, start + timedelta(seconds=(monotonic() - began) * speed))


def main(speed: str, began: str, start: str, role: str) -> None:
    """Run until SIGTERM."""
    set_up("info")
    desk, secrets = open_desk(shared_clock(float(speed), float(began), datetime.fromisoformat(start)))
    run_until_signal(Bot(desk, secrets, tuple(role.split(",")), gap_s=GAP_SECONDS))


if __name__ == "__main__":
    main(*sys.argv[1:])
