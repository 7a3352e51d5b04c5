"""The stored form of personal data: what comes out is what went in, or an error; no key is ever shown."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.db import keys
from bot.db.root import Base
from bot.db.sealing import (
    LOST,
    PREFIX,
    Lost,
    LostText,
    SealedText,
    Vault,
    give_keys,
    opened_bytes,
    opened_text,
    sealed_bytes,
    sealed_text,
)
from bot.db.tables import CaseRow, ReplyRow
from bot.domain.purge import GONE, OPTED_OUT
from bot.errors import ConfigError, Unreadable
from bot.settings.data_keys import DataKeys, data_keys, new_key

OLD, NEW = b"\x01" * 32, b"\x02" * 32
VAULT = Vault(DataKeys({"new": NEW, "old": OLD}))
BEFORE = Vault(DataKeys({"old": OLD}))
PLAIN = Vault(DataKeys())
PLACE = "messages.text"
texts = st.text(st.characters(exclude_categories=())) | st.text().map(lambda rest: PREFIX + rest)


@given(texts.filter(lambda text: text != LOST))
@example("~r24:1:new:AAAA")
@example("~r24:0:")
@example("")
@example(GONE)
def test_a_text_comes_out_as_it_went_in_with_keys_and_without(text: str) -> None:
    for vault in (VAULT, PLAIN):
        stored = sealed_text(vault, PLACE, text)
        assert opened_text(vault, PLACE, stored) == text
        assert stored.startswith(f"{PREFIX}1:new:") == (vault is VAULT and text not in ("", GONE))
    assert opened_text(VAULT, PLACE, sealed_text(PLAIN, PLACE, text)) == text
    assert opened_text(VAULT, PLACE, sealed_text(BEFORE, PLACE, text)) == text


@given(st.binary() | st.binary().map(lambda rest: b"~r24:1:" + rest))
def test_bytes_come_out_as_they_went_in_with_keys_and_without(value: bytes) -> None:
    for vault in (VAULT, PLAIN, BEFORE):
        assert opened_bytes(VAULT, PLACE, sealed_bytes(vault, PLACE, value)) == value


@given(st.binary(min_size=1), st.data())
def test_no_byte_of_a_stored_value_can_be_changed(value: bytes, data: st.DataObject) -> None:
    stored = sealed_bytes(VAULT, PLACE, value)
    at = data.draw(st.integers(len("~r24:1:new:"), len(stored) - 1))
    changed = data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable, match=PLACE):
        opened_bytes(VAULT, PLACE, stored[:at] + bytes([stored[at] ^ changed]) + stored[at + 1 :])
    with pytest.raises(Unreadable):
        opened_bytes(VAULT, PLACE, stored[:at])


@pytest.mark.parametrize(
    "stored", ["~r24:1:new:", "~r24:1:new:no base64!", "~r24:1:", "~r24:9:x", "~r24:", "~r24:1:new:AAAA"]
)
def test_what_is_no_stored_form_is_refused(stored: str) -> None:
    with pytest.raises(Unreadable, match=PLACE):
        opened_text(VAULT, PLACE, stored)


def test_a_value_opens_in_its_own_column_and_under_its_own_key_only() -> None:
    stored = sealed_text(VAULT, PLACE, "Katrin")
    with pytest.raises(Unreadable, match=r"cases\.subject"):
        opened_text(VAULT, "cases.subject", stored)
    with pytest.raises(Unreadable, match="changed, moved here, or written with another key"):
        opened_text(VAULT, PLACE, stored.replace(":new:", ":old:"))
    with pytest.raises(Unreadable, match="'new', which is not in REPLY24_DATA_KEYS"):
        opened_text(BEFORE, PLACE, stored)
    assert sealed_text(VAULT, PLACE, "Katrin") != stored


def test_a_mark_is_the_same_for_the_same_value_place_and_key() -> None:
    marks = VAULT.marks("cases.buyer_base", "k@marketplace.example")
    assert marks[1:] == BEFORE.marks("cases.buyer_base", "k@marketplace.example")
    assert (
        len({*marks, *VAULT.marks("cases.buyer_base", "l@marketplace.example"), *VAULT.marks("x.y", "k")})
        == 6
    )
    assert PLAIN.marks("cases.buyer_base", "k") == []


def test_what_could_not_be_read_is_shown_but_neither_stored_nor_equal_to_anything() -> None:
    kind, dialect = SealedText(PLACE), sqlite.dialect()
    give_keys(dialect, DataKeys({"old": OLD}))
    lost = kind.process_result_value(sealed_text(VAULT, PLACE, "Katrin"), dialect)
    assert isinstance(lost, LostText)
    assert f"{lost}" == LOST
    assert lost != kind.process_result_value(sealed_text(VAULT, PLACE, "Katrin"), dialect)
    for place, value in ((PLACE, lost), (PLACE, LOST), ("replies.text", f"Dear {lost},")):
        with pytest.raises(Unreadable, match=place):
            sealed_text(BEFORE, place, value)
    assert not isinstance(LOST, Lost)


def test_every_column_that_is_purged_is_encrypted_under_its_own_name() -> None:
    sealed = keys.sealed_columns()
    for table in Base.metadata.tables.values():
        marked = {column.name for column in table.columns if column.info.get("pii")} - {"buyer_mark"}
        assert marked == {column.name for column in sealed.get(table, [])}, table.name
        for column in sealed.get(table, []):
            assert column.type.place == f"{table.name}.{column.name}"  # type: ignore[attr-defined]  # all have it


def test_sql_compares_encrypted_columns_with_what_is_stored_plain_only() -> None:
    _ = ReplyRow.reason == OPTED_OUT, ReplyRow.text != GONE, CaseRow.buyer_name.is_(None)
    for wrong in (
        lambda: CaseRow.buyer_name == "Katrin",
        lambda: CaseRow.subject.like("%a%"),
        lambda: CaseRow.buyer_base.in_(["a"]),
        lambda: ReplyRow.reason == "The mailbox is full",
    ):
        with pytest.raises(TypeError, match="is encrypted"):
            wrong()


def test_keys_come_from_the_environment_the_first_first() -> None:
    one, two = new_key("k1"), new_key("k2")
    assert data_keys({"REPLY24_DATA_KEYS": f"{two}\n {one}\n"}).ids == ("k2", "k1")
    assert data_keys({}).ids == ()
    assert len(set(data_keys({"REPLY24_DATA_KEYS": f"{two} {one}"}).by_id.values())) == 2


def test_behind_the_word_plain_all_keys_decrypt_and_none_encrypts() -> None:
    one, two = new_key("k1"), new_key("k2")
    given = data_keys({"REPLY24_DATA_KEYS": f"plain {two} {one}"})
    assert (given.ids, given.first, given.is_plain) == (("k2", "k1"), None, True)
    before, vault = Vault(data_keys({"REPLY24_DATA_KEYS": one})), Vault(given)
    assert opened_text(vault, PLACE, sealed_text(before, PLACE, "Katrin")) == "Katrin"
    assert sealed_text(vault, PLACE, "Katrin") == "Katrin"
    assert data_keys({"REPLY24_DATA_KEYS": "plain"}).first is None
    for wrong in (f"{one} plain", "plain plain", "PLAIN"):
        with pytest.raises(ConfigError, match=f"key {len(wrong.split())}: expected id:key"):
            data_keys({"REPLY24_DATA_KEYS": wrong})


def test_neither_errors_nor_representations_show_a_key() -> None:
    key = new_key("k1").partition(":")[2]
    for wrong in (key, f"K1:{key}", f"k1:{key[:-4]}", f"k1:{key} k1:{key}", f"k1:{key}x", " "):
        with pytest.raises(ConfigError, match="REPLY24_DATA_KEYS") as refused:
            data_keys({"REPLY24_DATA_KEYS": wrong})
        assert key[:10] not in str(refused.value)
    found = data_keys({"REPLY24_DATA_KEYS": f"k1:{key}"})
    assert key[:10] not in f"{found!r} {Vault(found)!r}"
    assert str(found.by_id["k1"]) not in repr(found)


def test_who_changes_keys_knows_every_encrypted_column_without_the_rest_of_the_program() -> None:
    folder = Path(keys.__file__).parent
    modules = [f"bot.db.{path.stem}" for path in folder.glob("tables*.py")]
    known = "; print(sorted(table.name for table in keys.sealed_columns()))"
    script = f"from bot.db import keys{known}; import {', '.join(modules)}{known}"
    alone, whole = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=folder.parents[1]
    ).stdout.splitlines()
    assert alone == whole
