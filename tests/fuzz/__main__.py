"""Coverage-guided fuzzing: `uv run --with atheris python -m tests.fuzz TARGET --seconds N [--corpus FOLDER]`.

TARGET is one of tests/fuzz/targets.py: parse, lint, settings, template, sheet, commands. atheris (Apache-2.0, with
wheels for Python 3.11) is no dependency of the project: the suite tries the same targets with hypothesis. It starts
from good inputs, keeps in FOLDER what reached new lines, and ends after N seconds, or at the first input that breaks
the target, which it leaves there as `crash-...`. `python -m tests.fuzz TARGET --try FILE` runs the target on one such
file without atheris. What was found becomes a test in tests/unit/test_fuzz_found.py.
"""

import argparse
import sys
import tempfile
from pathlib import Path

NAMES = ("parse", "lint", "settings", "template", "sheet", "commands")


def main() -> None:
    """Fuzz one target, or try one file."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--try", dest="file", type=Path)
    given = parser.parse_args()
    if given.file:
        from tests.fuzz.targets import TARGETS

        TARGETS[given.target](given.file.read_bytes())
    else:
        _fuzz(given.target, given.seconds, given.corpus or Path(tempfile.mkdtemp(prefix="reply24-fuzz-")))


def _fuzz(target: str, seconds: int, corpus: Path) -> None:
    try:
        import atheris  # type: ignore[import-not-found]  # only here, and only on purpose
    except ImportError:
        sys.exit("atheris is not installed: uv run --with atheris python -m tests.fuzz ...")
    with atheris.instrument_imports(include=["bot"]):  # it follows only what is imported in here
        from tests.fuzz.targets import TARGETS, seeds
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={corpus}/",
        "-max_len=20000",
        "-timeout=60",
        "-rss_limit_mb=4096",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
