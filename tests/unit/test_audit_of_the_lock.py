"""The step of CI that asks about published weaknesses: it fails for one, and is loud when nobody could be asked."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("audit_of_the_lock", ROOT / ".ci" / "audit.py")
assert _spec
assert _spec.loader
audit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(audit)

SOUND = {"name": "jinja2", "version": "3.1.6", "vulns": []}
WEAK = {"name": "urllib3", "version": "1.0", "vulns": [{"id": "PYSEC-2021-108", "fix_versions": ["1.26.5"]}]}
UNASKED = {"name": "numpy", "skip_reason": "Dependency not found on PyPI and could not be audited"}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ([SOUND, SOUND], 0, "2 packages audited, no known weakness"),
        ([SOUND, WEAK], 1, "urllib3 1.0: PYSEC-2021-108"),
        ([WEAK, UNASKED], 1, "urllib3 1.0: PYSEC-2021-108"),
        ([SOUND, UNASKED], 0, "1 COULD NOT BE ASKED ABOUT"),
        ([UNASKED, UNASKED], 0, "NOT AUDITED: the registry here serves no advisories"),
        ([], 0, "NOT AUDITED"),
    ],
)
def test_what_a_report_means(found: list[dict[str, object]], code: int, said: str) -> None:
    ended, text = audit.verdict({"dependencies": found})
    assert ended == code
    assert said in text


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        (
            'echo \'{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}]}\'; exit 1',
            1,
            "a 1: X-1",
        ),
        ("echo no network >&2; exit 2", 0, "NOT AUDITED: pip-audit gave no report"),
    ],
)
def test_the_step_ends_as_the_report_says(tmp_path: Path, script: str, code: int, said: str) -> None:
    (tmp_path / "uvx").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "uvx").chmod(0o755)
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout
