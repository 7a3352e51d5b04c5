"""Commands on odd terminals, and where what they write does not fit: no traceback, and no half of a file."""

import json
import os
import subprocess
import sys
from contextlib import closing

import pytest

from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.world import ROOT


@pytest.mark.parametrize("charset", ["gbk", "ascii", "latin-1"])
def test_a_sign_that_the_terminal_lacks_ends_no_command_and_spoils_no_json(tmp_path, charset):
    text = "🎉 Please call me, José: +86 138 1234 5678"
    old = {"PYTHONUTF8": "0", "PYTHONIOENCODING": charset}
    shown = reply24("lint", folder=tmp_path, stdin=text, **old)
    assert (shown.code, shown.out.splitlines()[0]) == (1, "block")
    given = json.dumps({"id": "发票🎉", "text": text}) + "\n"
    linted = reply24("lint", "--json", folder=tmp_path, stdin=given, **old).json()
    assert (linted["id"], linted["verdict"]) == ("发票🎉", "block")


@pytest.mark.parametrize("strict", ["utf-8:strict", "utf-8:surrogateescape"])
def test_a_file_whose_name_is_no_utf8_is_told_as_json_all_the_same(tmp_path, strict):
    name = os.fsdecode(b"caf\xe9.eml")
    mail = ROOT / "tests" / "data" / "mails" / "apple_french.eml"
    (tmp_path / name).write_bytes(mail.read_bytes())
    said = reply24("mail", "parse", name, mail, "--json", folder=tmp_path, PYTHONIOENCODING=strict)
    assert [one["kind"] for one in said.json_lines()] == ["buyer_message", "buyer_message"]


@pytest.mark.parametrize("level", ["info", "INFO", "Warning"])
def test_a_level_of_the_log_may_be_in_capitals(tmp_path, level):
    write_settings(tmp_path, **small_team())
    told = reply24(
        "run", "--log", level, folder=tmp_path, REPLY24_DATABASE_URL="postgresql://127.0.0.1:1/none"
    )
    assert (told.code, "Connection refused" in told.err) == (1, True)


def test_an_unknown_level_of_the_log_is_wrong_usage(tmp_path):
    assert reply24("run", "--log", "loud", folder=tmp_path).code == 2


@pytest.mark.parametrize("command", [("run",), ("sla", "status"), ("db", "upgrade")])
def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path, command):
    write_settings(tmp_path, **small_team())
    told = reply24(*command, folder=tmp_path, REPLY24_DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert "Connection refused" in told.err


def run_with(tmp_path, stdout, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=100,
        check=False,
    )


ROTA = ("rota", "who", "--rota", ROOT / "config" / "rota.yaml", "--at", "2026-11-25T00:00Z")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
@pytest.mark.parametrize("command", [("manifest",), ("sla", "export"), ROTA])
def test_a_full_disk_behind_standard_output_is_said_in_a_sentence(tmp_path, command):
    write_settings(tmp_path, **small_team())
    with open("/dev/full", "wb") as full:
        done = run_with(tmp_path, full, *map(str, command))
    assert (done.returncode, done.stderr) == (1, "standard output: No space left on device\n")


def test_who_stops_reading_is_told_nothing(tmp_path):
    write_settings(tmp_path, **small_team())
    reading, writing = os.pipe()
    os.close(reading)
    with closing(os.fdopen(writing, "wb")) as pipe:
        done = run_with(tmp_path, pipe, "manifest")
    assert (done.returncode, done.stderr) == (1, "")


def test_closed_streams_end_no_command(tmp_path):
    closed = f"exec {sys.executable} -m bot.cli manifest >&- 2>&- <&-"
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    assert subprocess.run(["sh", "-c", closed], cwd=tmp_path, env=environ, check=False).returncode == 0
