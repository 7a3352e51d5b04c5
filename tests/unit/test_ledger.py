"""The chain: any record that is changed, dropped, moved or added later is found."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import START, Anchor, Checked, Fault, Record, anchor_in, chain_hash, first_fault
from bot.domain.ledger_tree import Prover, Tree, climbed, leaf, node

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


def anchors_of(records: list[tuple[Record, str]], *seqs: int) -> list[Anchor]:
    tree, found = Tree(), []
    for record, stored in records:
        tree.add(stored)
        if record.seq in seqs:
            found.append(Anchor(record.seq, stored, tree.root()))
    return found


def faults(records: list[tuple[Record, str]], head: Anchor | None, *anchors: Anchor) -> list[Fault]:
    found = Checked(anchors)
    for record, stored in records:
        found.take(record, stored)
    return found.faults(head)


def written_anew(records: list[tuple[Record, str]], who: str) -> list[tuple[Record, str]]:
    """The same records by another person, each hash made fit again."""
    found, before = [], START
    for record, _stored in records:
        other = replace(record, who=who)
        before = chain_hash(before, other)
        found.append((other, before))
    return found


def test_what_a_chain_can_not_show_its_head_and_an_anchor_do() -> None:
    records = chain(20)
    (head,) = anchors_of(records, 20)
    (old,) = anchors_of(records, 12)
    assert faults(records, head, old) == faults(records, None) == []
    assert faults(records[:15], head, old) == [Fault("cut", 16)]
    assert faults(records[:15], None, old) == []
    assert faults(records[:11], None, old) == [Fault("cut", 12)]
    anew = written_anew(records, "U2")
    assert first_fault(anew) is None
    assert faults(anew, head) == [Fault("other", 20)]
    assert faults(anew, None, old) == [Fault("other", 12)]
    assert faults(records, head, replace(old, root="0" * 64)) == [Fault("other", 12)]


def test_an_anchor_is_read_as_it_was_posted() -> None:
    one = Anchor(12, "a" * 64, "b" * 64)
    assert anchor_in(f" `{one}` ") == one
    assert anchor_in(f"12:{'A' * 64}") == Anchor(12, "a" * 64)
    for wrong in ("", "12", f"x:{'a' * 64}", f"12:{'a' * 63}", f"12:{'a' * 64}:b"):
        with pytest.raises(ValueError, match="SEQ:HASH"):
            anchor_in(wrong)


def rfc_6962(hashes: list[str]) -> str:
    """The root, as section 2.1 of RFC 6962 writes it down."""
    if not hashes:
        return hashlib.sha256(b"").hexdigest()
    if len(hashes) == 1:
        return leaf(hashes[0])
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node(rfc_6962(hashes[:half]), rfc_6962(hashes[half:]))


@given(st.integers(0, 70), st.integers(0, 70))
def test_the_tree_is_that_of_the_standard_also_when_it_grows_on(first: int, more: int) -> None:
    hashes = [stored for _record, stored in chain(first + more)]
    tree = Tree()
    for one in hashes[:first]:
        tree.add(one)
    grown = Tree([list(one) for one in tree.peaks])
    for one in hashes[first:]:
        grown.add(one)
    assert tree.root() == rfc_6962(hashes[:first])
    assert grown.root() == rfc_6962(hashes)


@given(st.integers(1, 70), st.sets(st.integers(1, 80), max_size=6))
def test_a_proof_leads_from_its_record_to_the_root_and_from_no_other(count: int, wanted: set[int]) -> None:
    hashes = [stored for _record, stored in chain(count)]
    prover = Prover(wanted)
    for one in hashes:
        prover.add(one)
    root, paths = prover.proofs()
    assert root == rfc_6962(hashes)
    assert set(paths) == {place for place in wanted if place <= count}
    for place, steps in paths.items():
        assert climbed(hashes[place - 1], steps) == root
        assert len(steps) <= 7
        others = [one for one in hashes if one != hashes[place - 1]]
        assert not any(climbed(one, steps) == root for one in others)
