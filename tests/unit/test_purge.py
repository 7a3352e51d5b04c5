"""When personal data are due, what holds them up, and that no column and no kind of post is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.db import (  # noqa: F401 - their tables are looked at
    tables,
    tables_bulk,
    tables_figures,
    tables_orders,
    tables_questions,
    tables_records,
    tables_shifts,
    tables_solutions,
    tables_templates,
    tables_typed,
    tables_warnings,
)
from bot.db.root import Base
from bot.domain.commitments import commitment, fits
from bot.domain.purge import BLANKS, KEPT, POSTS, Candidate, Hold, due_at, obstacle
from bot.slack.telling import _KINDS

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD = Candidate(1042, NOW - 31 * DAY, waits=False)


def hold(until: datetime) -> Hold:
    return Hold(1, 1042, "a_to_z", "U1", until, "U2", NOW - DAY)


def test_every_column_of_every_table_is_kept_or_blanked_and_only_the_marked_ones_are_blanked():
    wrong = []
    for table in Base.metadata.tables.values():
        kept, blanked = KEPT.get(table.name, "").split(), BLANKS.get(table.name, {})
        for column in table.columns:
            is_marked = bool(column.info.get("pii"))
            if (column.name in kept, column.name in blanked) != (not is_marked, is_marked):
                wrong.append(f"{table.name}.{column.name}")
        wrong += [f"{table.name}.{name}?" for name in (*kept, *blanked) if name not in table.columns]
    assert wrong == []
    assert set(KEPT) | set(BLANKS) == set(Base.metadata.tables)


def test_what_is_written_fits_the_columns():
    for table, values in BLANKS.items():
        for name, value in values.items():
            assert value is not None or Base.metadata.tables[table].columns[name].nullable, (table, name)


def test_every_kind_of_post_has_a_fate():
    assert set(POSTS) == (set(_KINDS) | {"gone"}) - {"erase"}


def test_data_go_after_the_last_message_or_after_delivery_where_it_is_known():
    keep = 30 * DAY
    assert due_at(OLD, keep) == NOW - DAY
    assert due_at(replace(OLD, delivered_by=NOW - 3 * DAY), keep) == NOW + 27 * DAY
    assert due_at(replace(OLD, delivered_by=NOW - 99 * DAY), keep) == NOW - 28 * DAY
    assert due_at(replace(OLD, delivered_by=NOW - 99 * DAY), DAY) == NOW - 30 * DAY


def test_a_hold_counts_until_its_date_and_a_buyer_who_waits_is_not_forgotten():
    assert obstacle(OLD, NOW) is None
    assert obstacle(replace(OLD, held=(hold(NOW + DAY),)), NOW) == "held"
    assert obstacle(replace(OLD, held=(hold(NOW),)), NOW) is None
    assert obstacle(replace(OLD, waits=True), NOW) == "waits"


@given(st.text(), st.text())
def test_a_commitment_fits_its_text_alone(text: str, other: str):
    salt = "ab" * 32
    made = commitment(salt, "text", text)
    assert fits(salt, "text", text, made) is True
    assert fits(salt, "text", other, made) is (other == text)
    assert fits(salt, "address", text, made) is False
    assert fits("cd" * 32, "text", text, made) is False
    assert fits(None, "text", text, made) is None
