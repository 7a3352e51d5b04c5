"""`reply24 keys`: from plain text to an encrypted database, and on to another key. No key is ever printed again."""

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk
from bot.settings.data_keys import new_key
from tests import world
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.store.lived import Inbox


def test_data_are_encrypted_moved_to_another_key_and_useless_without_it(tmp_path):
    write_settings(tmp_path, **small_team())
    file = tmp_path / "data" / "reply24.db"
    file.parent.mkdir()
    database = open_database(f"sqlite:///{file}")
    upgrade(database)
    clock = FixedClock(world.START)
    Inbox(Desk(database, world.settings(), clock, world.knowledge()), clock).case()
    database.close()

    first = reply24("keys", "new", "--id", "first", folder=tmp_path).out.strip()
    second = reply24("keys", "new", "--id", "second", folder=tmp_path).out.strip()
    none = reply24("keys", "rotate", folder=tmp_path)
    assert (none.code, "there is no key" in none.err) == (2, True)
    (plain,) = reply24("keys", "status", "--json", folder=tmp_path).json_lines()
    assert plain["tables"]["cases"] == {"keys": {}, "unencrypted": 1}

    done = reply24("keys", "rotate", folder=tmp_path, REPLY24_DATA_KEYS=first)
    assert (done.code, done.out.splitlines()[-1].endswith("Under it now: everything is.")) == (0, True)
    assert b"Katrin" not in file.read_bytes()
    both = reply24("keys", "rotate", "--json", folder=tmp_path, REPLY24_DATA_KEYS=f"{second} {first}")
    assert both.json_lines()[0]["left"] == 0
    shown = reply24("keys", "status", "--read", folder=tmp_path, REPLY24_DATA_KEYS=second)
    assert (shown.code, "cases             second 1" in shown.out) == (0, True)

    lacking = reply24("sla", "causes", folder=tmp_path)
    assert (
        lacking.code,
        "the key second is missing; values under it are in cases, mails, messages" in lacking.err,
    ) == (2, True)
    without = reply24("keys", "status", "--read", folder=tmp_path)
    assert (without.code, "Missing in REPLY24_DATA_KEYS: second." in without.out) == (1, True)
    assert "can't be decrypted: cases.buyer_name, row 1001" in without.out
    back = reply24("keys", "rotate", folder=tmp_path, REPLY24_DATA_KEYS=f"plain {second}")
    assert (back.code, back.out.splitlines()[-1].endswith("Unencrypted now: everything is.")) == (0, True)
    plain = reply24("keys", "status", folder=tmp_path, REPLY24_DATA_KEYS=f"plain {second}")
    assert (plain.code, "Keys: second; none encrypts." in plain.out) == (0, True)
    assert reply24("keys", "status", "--json", folder=tmp_path).json_lines()[0]["tables"]["cases"] == {
        "keys": {},
        "unencrypted": 1,
    }
    said = "".join(one.out + one.err for one in (none, done, both, shown, lacking, without, back, plain))
    assert not [key for key in (first, second) if key.partition(":")[2] in said]


def test_what_is_no_key_is_refused_without_being_repeated(tmp_path):
    write_settings(tmp_path, **small_team())
    wrong = reply24("keys", "status", folder=tmp_path, REPLY24_DATA_KEYS="first:c2VjcmV0")
    assert wrong.code in (1, 2)
    checked = reply24("check", folder=tmp_path, REPLY24_DATA_KEYS="first:c2VjcmV0")
    assert "data keys" in checked.out
    assert "c2VjcmV0" not in wrong.out + wrong.err + checked.out + checked.err
    assert "a key is 32 bytes in base64" in checked.out
    warned = reply24("check", folder=tmp_path, REPLY24_DATA_KEYS=f"plain {new_key('first')}")
    assert "begins with plain: new data are stored unencrypted; first still decrypt" in " ".join(
        warned.out.split()
    )
