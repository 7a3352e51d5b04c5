"""Runs the program as people and other programs do: a process of its own, with a folder and an environment."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.world import ROOT


@dataclass(frozen=True)
class Done:
    """How a run ended, and what it said."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """The one object that it printed."""
        (only,) = self.json_lines()
        return only

    def json_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def reply24(*arguments: object, folder: Path, stdin: str | bytes = b"", **environ: str) -> Done:
    """`reply24 ARGUMENTS` in `folder`; nothing of our own environment reaches it but where programs are."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environ},
        input=given,
        capture_output=True,
        timeout=100,
        check=False,
    )
    run = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in run.err, run.err
    return run


def write_settings(folder: Path, **sections: dict[str, Any]) -> None:
    """The files of the settings, in `folder`/config. JSON is YAML as well."""
    config = folder / "config"
    config.mkdir(exist_ok=True)
    files = {"mailboxes.yaml": ("mailboxes", "outgoing")}
    for name in ("stores", "agents", "slack"):
        files[f"{name}.yaml"] = (name,)
    for file, names in files.items():
        tree = {name: sections[name] for name in names}
        (config / file).write_text(json.dumps(tree), encoding="utf-8")


def small_team(**changes: Any) -> dict[str, Any]:
    """Sections of settings for a team with one store and a mail folder, changed as told."""
    return {
        "mailboxes": {"nordlicht": {"kind": "folder", "path": "mail"}},
        "outgoing": {"relay": {"host": "127.0.0.1", "port": 9, "tls": "none"}},
        "stores": {
            "nordlicht": {
                "name": "Nordlicht",
                "marketplaces": ["DE", "FR", "UK", "US"],
                "mailbox": "nordlicht",
                "sender": "support@nordlicht.example",
                "outgoing": "relay",
                "channel": "amz-nordlicht",
                "zone": "Europe/Berlin",
            }
        },
        "agents": {"anna": {"name": "Anna Kowalski", "slack": "U0ANNA", "zone": "America/New_York"}},
        "slack": {"team_id": "T0DEMO", "review_channel": "amz-review", "escalation_channel": "amz-leads"},
        **changes,
    }
