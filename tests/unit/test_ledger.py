"""The chain: any record that is changed, dropped, moved or added later is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import START, Record, chain_hash, first_fault

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def chain(length: int) -> list[tuple[Record, str]]:
    found, before = [], START
    for seq in range(1, length + 1):
        record = Record(seq, AT + timedelta(seconds=seq), "U1", "claimed", "acme", 1000 + seq, {"reply": seq})
        before = chain_hash(before, record)
        found.append((record, before))
    return found


def test_an_untouched_chain_holds() -> None:
    assert first_fault(chain(20)) is None
    assert first_fault([]) is None


@given(st.integers(1, 20), st.sampled_from(["who", "what", "store", "at", "facts", "case"]))
def test_a_changed_record_is_named(place: int, part: str) -> None:
    records = chain(20)
    record, stored = records[place - 1]
    other = {"at": AT, "facts": {"reply": 99}, "case": 1}.get(part, "somebody else")
    records[place - 1] = (replace(record, **{part: other}), stored)
    assert first_fault(records) == place


@given(st.integers(1, 19))
def test_a_dropped_record_is_named(place: int) -> None:
    records = chain(20)
    del records[place - 1]
    assert first_fault(records) == place


@given(st.integers(1, 19))
def test_two_records_that_changed_places_are_named(place: int) -> None:
    records = chain(20)
    records[place - 1], records[place] = records[place], records[place - 1]
    assert first_fault(records) == place
