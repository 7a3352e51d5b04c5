"""Runs a function in a process of its own that may use so much memory and processor time, and no more.

In place of a stop-watch: the kernel counts what the function itself uses, whoever else keeps the machine busy.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_START = "import importlib,sys; getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(*sys.argv[3:])"


def run_limited(module: str, function: str, *words: str, seconds: int, megabytes: int) -> str:
    """What `function` of `module`, called with these words, printed.

    Fails if it used more than `seconds` of processor time, or asked for more memory than `megabytes` (of which an
    interpreter with our libraries takes some 500, mostly addresses without memory), or raised.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    done = subprocess.run(
        [sys.executable, "-c", _START, module, function, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        # Pools of threads take addresses for stacks that nobody uses.
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
        preexec_fn=limit,
    )
    assert done.returncode == 0, f"{function}{words} ended with {done.returncode}:\n{done.stderr[-3_000:]}"
    return done.stdout
