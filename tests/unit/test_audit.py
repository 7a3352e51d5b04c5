"""Server against store: the rule, against a naive twin; and what makes two copies of a mail the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import Numbering, compare, folder_of, mailbox_of, place_of
from bot.domain.fingerprint import fingerprint

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MAIL = b"Message-ID: <1@x>\r\nDate: Wed, 25 Nov 2026 12:00:00 +0000\r\nSubject: Where is\r\n it?\r\n\r\nHello\r\n"

uids = st.dictionaries(st.integers(1, 12), st.integers(-5, 5).map(lambda days: NOON + days * DAY), max_size=8)


@given(uids, uids, st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_server_and_store_are_compared_number_by_number(listed, stored, behind, low, length):
    numbering = Numbering(7, behind, NOON)
    have = {uid: [at] for uid, at in stored.items()}
    found = compare(listed, have, numbering, (low, low + length))
    span = range(low + 1, low + length + 1)
    there = [uid for uid in span if uid in listed]
    ours = [uid for uid in there if uid > behind or listed[uid] >= NOON or uid in stored]
    assert found.server == len(ours) == found.stored + len(found.missing)
    assert list(found.missing) == [uid for uid in ours if uid not in stored]
    assert list(found.doubtful) == [uid for uid in ours if uid in stored and stored[uid] != listed[uid]]
    assert found.gone == sum(uid in stored and uid not in listed for uid in span)
    assert found.gaps == sum(uid > behind and uid not in listed and uid not in stored for uid in span)


def test_what_was_there_before_the_first_look_is_ours_only_if_it_is_young():
    listed = {1: NOON - 9 * DAY, 2: NOON + DAY, 3: NOON - 900 * DAY}
    found = compare(listed, {}, Numbering(7, 2, NOON), (0, 3))
    assert found.missing == (2, 3), (
        "a mail that was moved in later keeps its old date, and is news all the same"
    )


def test_one_number_that_meant_two_mails_is_no_longer_doubtful():
    found = compare({4: NOON}, {4: [NOON - DAY, NOON]}, Numbering(7, 0, NOON), (0, 4))
    assert (found.missing, found.doubtful) == ((), ())


def test_numbers_of_files_mean_nothing():
    assert compare({900: NOON}, {900: [NOON]}, Numbering(1, 0, NOON), (0, 900), is_numbered=False).gaps == 0


def test_a_folder_is_named_after_its_mailbox():
    place = place_of("acme", "Mail: junk")
    assert (mailbox_of(place), folder_of(place)) == ("acme", "Mail: junk")
    assert (mailbox_of("acme"), folder_of("acme")) == ("acme", "")


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(MAIL.replace(b"\r\n", b"\n"), id="other line ends"),
        pytest.param(b"X-Moved-By: imapsync\r\nReceived: from a\r\n by b\r\n" + MAIL, id="headers added"),
        pytest.param(MAIL.replace(b"Where is\r\n it?", b"Where is it?"), id="unfolded"),
        pytest.param(MAIL + b"\r\n\r\n", id="an empty line more"),
        pytest.param(
            b"Subject: Where is it?\r\n" + MAIL.replace(b"Subject: Where is\r\n it?\r\n", b""), id="order"
        ),
    ],
)
def test_a_copy_is_the_same_mail(copy):
    assert fingerprint(copy) == fingerprint(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(MAIL.replace(b"Hello", b"Hello again"), id="other words"),
        pytest.param(MAIL.replace(b"12:00:00", b"12:00:01"), id="another time"),
        pytest.param(MAIL.replace(b"<1@x>", b"<2@x>"), id="another id"),
        pytest.param(MAIL.replace(b"it?", b"she?"), id="another subject"),
    ],
)
def test_another_mail_is_another(other):
    assert fingerprint(other) != fingerprint(MAIL)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_without_an_id_and_a_date_all_of_it_counts(one, other):
    def lines(raw: bytes) -> bytes:
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    if b":" not in one + other:
        assert (fingerprint(one) == fingerprint(other)) == (lines(one) == lines(other))
