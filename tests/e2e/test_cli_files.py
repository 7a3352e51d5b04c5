"""Files that commands write: whole or as they were, with the rights they had; streams and pipes stay what they are."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli.files import write_whole
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.world import ROOT

NOBODY = 65534
only_for_root = pytest.mark.skipif(os.geteuid() != 0, reason="only the system's manager may give files away")


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_file_is_whole_or_as_it_was(tmp_path):
    file, link = tmp_path / "rows.csv", tmp_path / "link.csv"
    write_whole(file, [b"all ", b"of it"])
    link.symlink_to(file)

    def breaks():
        yield b"half"
        raise OSError(28, "No space left on device")

    for place in (file, link, tmp_path / "new.csv"):
        with pytest.raises(OSError, match="No space"):
            write_whole(place, breaks())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.csv", "rows.csv"]
    write_whole(link, [b"anew"])
    assert (file.read_bytes(), link.is_symlink()) == (b"anew", True)


def test_a_pipe_is_written_to_and_not_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, [b"rows"])
    assert (os.read(reader, 100), stat.S_ISFIFO(pipe.stat().st_mode)) == (b"rows", True)
    os.close(reader)


WRITE = "import sys; from pathlib import Path; from bot.cli.files import write_whole; "
WRITE += "write_whole(Path(sys.argv[1]), [b'rows'])"


def in_a_shell(tmp_path: Path, script: str) -> None:
    """Run it in bash; `write PLACE` writes there as commands do."""
    write = f'write() {{ {sys.executable} -c "{WRITE}" "$1"; }}; '
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    subprocess.run(["bash", "-ec", write + script], cwd=tmp_path, env=environ, check=True, timeout=100)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("write /dev/stdout | cat > out", "rows", id="a pipe"),
        pytest.param("write /dev/fd/1 | cat > out", "rows", id="a pipe by its number"),
        pytest.param("write /proc/self/fd/1 | cat > out", "rows", id="a pipe of the process"),
        pytest.param(
            "echo before > out; write /dev/stdout >> out", "before\nrows", id="behind what is there"
        ),
        pytest.param(
            "{ echo before; write /dev/stdout; echo after; } > out", "before\nrowsafter\n", id="between"
        ),
        pytest.param("write /dev/fd/7 7> out", "rows", id="another stream"),
        pytest.param("mkfifo p; cat p > out & write >(cat > p); wait", "rows", id="a process"),
    ],
)
def test_a_stream_is_written_to_where_it_stands(tmp_path, script, expected):
    in_a_shell(tmp_path, script)
    assert (tmp_path / "out").read_text() == expected


def test_a_stream_that_is_not_open_is_an_error_of_the_system():
    with pytest.raises(OSError, match="Bad file descriptor"):
        write_whole(Path("/dev/fd/999999"), [b"rows"])


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_was_there_keeps_its_rights(tmp_path, mode):
    file = tmp_path / "rows.csv"
    file.touch()
    file.chmod(mode)
    write_whole(file, [b"anew"])
    assert (file.read_bytes(), mode_of(file)) == (b"anew", mode)


def test_a_new_file_has_the_rights_of_any_new_file_or_is_its_owners_alone(tmp_path):
    file, private, usual = tmp_path / "rows.csv", tmp_path / "people.csv", tmp_path / "usual"
    write_whole(file, [b"rows"])
    write_whole(private, [b"rows"], is_private=True)
    usual.touch()
    assert (mode_of(file), mode_of(private)) == (mode_of(usual), 0o600)


def test_who_writes_the_same_file_at_once_and_what_others_called_part_stay_apart(tmp_path):
    file, theirs = tmp_path / "rows.csv", tmp_path / "rows.csv.part"
    theirs.write_bytes(b"theirs")

    def first():
        yield b"the first "
        write_whole(file, [b"the second"])
        assert file.read_bytes() == b"the second"
        yield b"in one piece"

    write_whole(file, first())
    assert (file.read_bytes(), theirs.read_bytes()) == (b"the first in one piece", b"theirs")
    assert len(list(tmp_path.iterdir())) == 2


@only_for_root
def test_anothers_file_stays_theirs(tmp_path):
    file = tmp_path / "rows.csv"
    file.touch(mode=0o600)
    os.chown(file, NOBODY, NOBODY)
    write_whole(file, [b"anew"])
    assert (file.read_bytes(), file.stat().st_uid, mode_of(file)) == (b"anew", NOBODY, 0o600)


@contextmanager
def denied_folder(mode: int) -> Iterator[Path]:
    """A folder with these rights in which we are nobody special; `rows.csv` in it anybody may write."""
    was = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rows.csv").touch()
        (folder / "rows.csv").chmod(0o666)
        folder.chmod(mode)
        try:
            if was == 0:
                os.seteuid(NOBODY)
            yield folder
        finally:
            os.seteuid(was)
            folder.chmod(0o700)


def test_a_file_in_a_folder_that_is_not_ours_is_written_where_it_stands():
    with denied_folder(0o555) as folder:
        write_whole(folder / "rows.csv", [b"anew"])
        assert (folder / "rows.csv").read_bytes() == b"anew"
        with pytest.raises(PermissionError):
            write_whole(folder / "new.csv", [b"rows"])


@only_for_root
def test_anothers_file_that_we_may_write_is_written_where_it_stands():
    with denied_folder(0o777) as folder:
        write_whole(folder / "rows.csv", [b"anew"])
        file = folder / "rows.csv"
        assert (file.read_bytes(), file.stat().st_uid, mode_of(file)) == (b"anew", 0, 0o666)
        assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(("options", "mode"), [((), 0o644), (("--people",), 0o600)])
def test_an_export_that_names_people_is_its_owners_alone(tmp_path, options, mode):
    write_settings(tmp_path, **small_team())
    assert reply24("sla", "export", *options, "-o", "rows.csv", folder=tmp_path).code == 0
    mask = os.umask(0o022)
    os.umask(mask)
    assert mode_of(tmp_path / "rows.csv") == mode & ~mask
