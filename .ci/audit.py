"""Holds requirements.lock against the published weaknesses of its packages, with pip-audit (PyPA).

Exit 1: a pinned version has a known weakness. Exit 0: none has, or nobody could be asked; then it says so in capitals,
because a build must not fail for want of a network. pip-audit is fetched for the moment (uvx), and is no dependency.
"""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

COMMAND = ("uvx", "pip-audit", "--no-deps", "--disable-pip", "--format", "json", "-r", "requirements.lock")
SECONDS = 180


def verdict(report: dict[str, Any] | None, why: str = "") -> tuple[int, str]:
    """(exit code, what to print) for pip-audit's report; None if there is none, because of `why`."""
    known = (report or {}).get("dependencies", [])
    asked = [one for one in known if "skip_reason" not in one]
    weak = [f"{one['name']} {one['version']}: {flaw['id']}" for one in asked for flaw in one.get("vulns", [])]
    if weak:
        return 1, "Known weaknesses; raise these pins:\n" + "\n".join(weak)
    if not asked:
        reason = why or "the registry here serves no advisories"
        return (
            0,
            f"NOT AUDITED: {reason}. Run where the network is: uvx pip-audit --no-deps -r requirements.lock",
        )
    left = len(known) - len(asked)
    return 0, f"{len(asked)} packages audited, no known weakness" + (
        f"; {left} COULD NOT BE ASKED ABOUT" if left else ""
    )


def main() -> int:
    """Ask, print, and say how to end."""
    if shutil.which(COMMAND[0]) is None:
        code, text = verdict(None, "uv is not installed")
    else:
        try:
            done = subprocess.run(  # noqa: S603 - a command of our own
                COMMAND, capture_output=True, text=True, timeout=SECONDS, check=False, env=dict(os.environ)
            )
            code, text = verdict(json.loads(done.stdout))
        except (subprocess.TimeoutExpired, ValueError, OSError) as error:
            code, text = verdict(None, f"pip-audit gave no report ({type(error).__name__})")
    sys.stdout.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
