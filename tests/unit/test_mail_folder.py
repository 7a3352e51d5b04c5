"""A Maildir or a folder of .eml files as a mailbox: nothing is missed, nothing in it is touched."""

import mailbox
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Refused, WrongInput
from bot.mail.folder import FolderMailbox, read_paths
from bot.mail.mailbox import Position

NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)
OLD = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    return tmp_path / "box"


def put(folder: Path, name: str, raw: bytes = b"Subject: x\r\n\r\nx\n", at: datetime | None = None) -> Path:
    (folder / name).write_bytes(raw)
    if at is not None:
        os.utime(folder / name, (at.timestamp(), at.timestamp()))
    return folder / name


def take(box: FolderMailbox, position: Position | None) -> tuple[list[bytes], Position | None]:
    """What a reader does: store each batch, remember the largest uid."""
    found = []
    for batch in box.fetch_after(position):
        for mail in batch:
            found.append(mail.raw)
            if position is None or mail.uid > position.uid:
                position = Position(mail.uidvalidity, mail.uid)
    return found, position


def test_mails_come_byte_for_byte_with_the_time_they_arrived(maildir):
    put(maildir / "new", "1.a.host", b"\xff\x00\r\nraw\n", NINE)
    put(maildir / "cur", "2.b.host:2,S", b"seen elsewhere", OLD)
    (maildir / "tmp" / "3.c.host").write_bytes(b"not yet")
    put(maildir / "new", ".hidden", b"no")
    (batch,) = FolderMailbox(maildir).fetch_after(None)
    assert [(mail.raw, mail.arrived) for mail in batch] == [
        (b"seen elsewhere", OLD),
        (b"\xff\x00\r\nraw\n", NINE),
    ]


def test_each_mail_is_handed_out_once_however_old_its_date_is(maildir):
    box = FolderMailbox(maildir)
    put(maildir / "new", "1.a", b"1")
    found, position = take(box, None)
    assert found == [b"1"]
    assert take(box, position) == ([], position)
    put(maildir / "new", "2.b", b"2", OLD)
    put(maildir / "new", "3.c", b"3")
    found, position = take(box, position)
    assert sorted(found) == [b"2", b"3"]
    assert take(box, position) == ([], position)


def test_a_mail_keeps_its_uid_when_it_is_moved_and_flagged(maildir):
    first = put(maildir / "new", "1.a.host", b"1")
    before = next(FolderMailbox(maildir).fetch_after(None))[0].uid
    first.rename(maildir / "cur" / "1.a.host:2,RS")
    assert next(FolderMailbox(maildir).fetch_after(None))[0].uid == before
    assert before < 2**63


def test_after_a_restart_nothing_is_missing_and_what_comes_again_has_its_old_uid(maildir):
    put(maildir / "new", "1.a", b"1")
    first = next(FolderMailbox(maildir).fetch_after(None))[0]
    put(maildir / "new", "2.b", b"2", OLD)
    known = {first.uid}
    again = [
        mail
        for batch in FolderMailbox(maildir).fetch_after(Position(first.uidvalidity, first.uid))
        for mail in batch
    ]
    assert [mail.raw for mail in again if mail.uid not in known] == [b"2"]


def test_what_was_handed_out_but_not_stored_comes_again(maildir):
    box = FolderMailbox(maildir)
    put(maildir / "new", "1.a", b"1")
    _, position = take(box, None)
    put(maildir / "new", "2.b", b"2", OLD)
    batches = box.fetch_after(position)
    next(batches)
    batches.close()  # as an error in the reader does
    assert take(box, position)[0] == [b"2"]


def test_a_start_without_history_begins_behind_what_is_there(maildir):
    put(maildir / "new", "1.a", b"1")
    put(maildir / "cur", "2.b", b"2", OLD)
    box = FolderMailbox(maildir)
    position = box.position_at_end()
    assert take(box, position)[0] == []
    put(maildir / "new", "3.c", b"3")
    put(maildir / "new", "4.d", b"4", OLD)
    assert sorted(take(box, position)[0]) == [b"3", b"4"]


def test_batches_of_fifty_in_order(maildir):
    for number in range(120):
        put(
            maildir / "new",
            f"{number}.x",
            str(number).encode(),
            datetime.fromtimestamp(1_000_000 + number, UTC),
        )
    batches = list(FolderMailbox(maildir).fetch_after(None))
    assert [len(batch) for batch in batches] == [50, 50, 20]
    assert [int(mail.raw) for batch in batches for mail in batch] == list(range(120))


def test_status(maildir):
    box = FolderMailbox(maildir)
    assert box.status() == (1, 0, 1)
    put(maildir / "new", "1.a")
    uidvalidity, count, uidnext = box.status()
    assert (uidvalidity, count) == (1, 1)
    assert next(box.fetch_after(None))[0].uid == uidnext - 1


def test_a_plain_folder_has_its_eml_files_only(tmp_path):
    put(tmp_path, "a.eml", b"a")
    put(tmp_path, "B.EML", b"b")
    put(tmp_path, "c.txt", b"c")
    (tmp_path / "sub.eml").mkdir()
    assert sorted(take(FolderMailbox(tmp_path), None)[0]) == [b"a", b"b"]


def test_waiting_ends_at_new_mail_at_stop_and_at_the_end(maildir):
    box = FolderMailbox(maildir, poll_s=0.01)
    stop = threading.Event()
    take(box, None)
    box.wait(0.03, stop)
    writer = threading.Timer(0.05, lambda: put(maildir / "new", "1.a", b"1"))
    writer.start()
    box.wait(60, stop)
    writer.join()
    assert take(box, None)[0] == [b"1"]
    threading.Timer(0.05, stop.set).start()
    box.wait(60, stop)
    assert stop.is_set()


def test_a_mail_that_came_before_the_wait_is_not_waited_for(maildir):
    box = FolderMailbox(maildir)
    take(box, None)
    put(maildir / "new", "1.a", b"1")
    box.wait(60, threading.Event())


def test_a_missing_folder_is_said_where_it_matters(tmp_path):
    box = FolderMailbox(tmp_path / "nowhere")
    with pytest.raises(Refused, match="nowhere"):
        box.connect()
    with pytest.raises(Refused):
        box.wait(1, threading.Event())


def test_the_folder_is_left_as_it_was(maildir):
    put(maildir / "new", "1.a", b"1", OLD)
    before = [(path, path.stat().st_mtime_ns) for path in sorted(maildir.rglob("*"))]
    box = FolderMailbox(maildir)
    box.connect()
    take(box, None)
    box.status()
    box.close()
    assert [(path, path.stat().st_mtime_ns) for path in sorted(maildir.rglob("*"))] == before


# The import


def test_import_reads_files_maildirs_mboxes_and_folders_of_them(tmp_path, maildir):
    put(tmp_path, "one.eml", b"one", NINE)
    put(maildir / "new", "1.a", b"in maildir", OLD)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    put(tmp_path / "deep" / "er", "two.eml", b"two")
    put(tmp_path / "deep", "notes.txt", b"no mail")
    box = mailbox.mbox(tmp_path / "all.mbox")
    for number in (1, 2):
        message = mailbox.mboxMessage(f"Subject: {number}\n\nFrom here on\n".encode())
        message.set_from("buyer@x.example", datetime(2026, 11, 20 + number, 8, tzinfo=UTC).timetuple())
        box.add(message)
    box.close()
    found = {name.rpartition("/")[2]: (raw, at) for name, raw, at in read_paths([tmp_path], pytest.fail)}
    assert set(found) == {"one.eml", "1.a", "two.eml", "all.mbox#1", "all.mbox#2"}
    assert found["one.eml"] == (b"one", NINE)
    assert found["1.a"] == (b"in maildir", OLD)
    assert found["all.mbox#2"][0].startswith(b"Subject: 2\n\n")
    assert found["all.mbox#2"][1] == datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_import_takes_a_single_file_of_any_name(tmp_path):
    path = put(tmp_path, "mail.txt", b"Subject: x\n\nx", NINE)
    assert list(read_paths([path], pytest.fail)) == [(str(path), b"Subject: x\n\nx", NINE)]


def test_import_goes_on_behind_a_file_of_a_folder_that_cannot_be_read(tmp_path):
    for name in ("a.eml", "c.eml"):
        put(tmp_path, name)
    (tmp_path / "b.eml").symlink_to("nowhere")
    told = []
    found = [Path(name).name for name, _raw, _at in read_paths([tmp_path], lambda *one: told.append(one))]
    assert (found, told) == (["a.eml", "c.eml"], [(str(tmp_path / "b.eml"), "No such file or directory")])


@pytest.mark.parametrize("what", ["missing.eml", "empty.eml", "no_mails"])
def test_import_says_which_path_is_wrong_before_it_begins(tmp_path, what):
    put(tmp_path, "good.eml")
    put(tmp_path, "empty.eml", b"")
    (tmp_path / "no_mails").mkdir()
    with pytest.raises(WrongInput, match=what):
        next(read_paths([tmp_path / "good.eml", tmp_path / what], pytest.fail))
