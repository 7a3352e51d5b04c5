"""How long `reply24 --help` takes, and how much memory the bot holds after ten thousand cases."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def seconds_of(*command: str, best_of: int = 5) -> float:
    """Wall seconds of the fastest of a few runs of a Python command."""
    times = []
    for _ in range(best_of):
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return min(times)


def measure_help() -> tuple[float, float]:
    """(`reply24 --help`, a Python that does nothing) in seconds."""
    return seconds_of("-m", "bot.cli", "--help"), seconds_of("-c", "pass")


def measure_memory(cases: int = 10_000) -> float:
    """Resident MiB of a process that runs the whole bot and has taken in `cases` cases."""
    from tests.benchmarks.intake import new_desk

    with tempfile.TemporaryDirectory() as name:
        # A bot that runs found its tables: only its first start made them.
        new_desk(Path(name)).database.close()
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.size", name, str(cases)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
    return float(done.stdout.split()[-1])


def _grow(folder: Path, cases: int) -> None:
    """The bot's own process: everything that `reply24 run` imports and starts, short of the network."""
    from tests.benchmarks.intake import new_desk, sample_mails, take_all

    desk = new_desk(folder)
    import bot.slack.app
    import bot.work.run  # noqa: F401 - for its size

    for start in range(0, cases, 1000):
        take_all(desk, sample_mails(1000, seed=start), first_uid=start + 1)
    sys.stdout.write(f"{_resident_mib():.0f}\n")


def _resident_mib() -> float:
    """Resident now (Linux), or the most there ever was (elsewhere)."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _grow(Path(sys.argv[1]), int(sys.argv[2]))
