"""Strike the running bot again and again, and look each time whether everything still holds.

    python -m tests.faults --rounds 200 [--seed 7] [--database postgresql] [--faults kill,disk-full] [--keep FOLDER]

One line a round, figures at the end. At the first thing that does not hold it stops with exit code 1, and names the
seed and a folder with all logs and the database.
"""

import argparse
import random
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from tests.faults.rounds import ROUNDS_A_DATABASE, Figures, Rounds, Violation, installation, peers
from tests.faults.site import Stuck, keep
from tests.faults.strikes import FAULTS, IN_BULK, NAMED_STEPS, WITH_ROTA, Fault, die_at


def chosen(names: str) -> list[Fault]:
    """The faults of these names (with commas), named steps as `step:NAME or its pattern` among them; all if empty."""
    if not names:
        return list(FAULTS)
    known = {one.name: one for one in FAULTS}
    steps = NAMED_STEPS | WITH_ROTA | IN_BULK
    found = []
    for name in names.split(","):
        if name.startswith("step:"):
            step = name.removeprefix("step:")
            found.append(Fault(name, die_at(steps.get(step, step))))
        elif name == "steps":
            found += [Fault(f"step:{step}", die_at(pattern)) for step, pattern in steps.items()]
        elif name in known:
            found.append(known[name])
        else:
            raise SystemExit(f"no fault {name}; there are: {', '.join(known)}, step:PATTERN, steps")
    return found


def main() -> int:
    """Run; returns the exit code."""
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else servers would outlive us
    faults, figures = chosen(given.faults), Figures()
    code = 0
    with (
        tempfile.TemporaryDirectory(prefix="reply24-faults-", ignore_cleanup_errors=True) as made,
        peers(given.database) as servers,
    ):
        folder = Path(made)
        folder.chmod(0o755)
        for number in range(0, given.rounds, ROUNDS_A_DATABASE):
            name = f"faults_{number}"
            with installation(folder, name, servers, figures, str(given.seed)) as rounds:
                try:
                    for at in range(number, min(given.rounds, number + ROUNDS_A_DATABASE)):
                        _say(f"{at + 1:5d} {rounds.run(_next(rounds, faults, f'{given.seed} {at}'))}")
                except (Violation, Stuck, AssertionError) as why:
                    code = 1
                    _say(f"      {type(why).__name__} in round {at + 1}, seed {given.seed}:\n{why}")
                    if not isinstance(why, Violation):
                        traceback.print_exc()
                    keep(folder / name, Path(given.keep) / f"seed{given.seed}-round{at + 1}")
                    _say(f"      logs and database: {given.keep}/seed{given.seed}-round{at + 1}")
            if code:
                break
    _say(told(figures))
    return code


def _next(rounds: Rounds, faults: list[Fault], seed: str) -> Fault:
    fitting = [one for one in faults if one.fits(rounds.site)]
    return random.Random(seed).choices(fitting, [one.weight for one in fitting])[0]


def told(figures: Figures) -> str:
    """All figures, for people."""
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(figures.faults.items()))
    steps = {step.partition(" ")[2] for step in figures.struck}
    return (
        f"{figures.rounds} rounds in {figures.seconds:.0f} s: {figures.mails} mails, {figures.replies} replies, "
        f"{figures.pings} pings, {figures.deaths} deaths of a program, {figures.unsure} replies unsure and decided; "
        f"struck at {len(steps)} of {len(figures.steps)} steps\nfaults: {kinds}\n"
        f"given up by people: {dict(figures.given_up)}"
    )


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--faults", default="", help="names with commas; default: all")
    parser.add_argument("--keep", default=str(Path(tempfile.gettempdir()) / "reply24-faults-kept"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
