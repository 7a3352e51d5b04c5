"""config/reconcile.yaml: what it may say, and what is told about mistakes in it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import load_settings, shipped
from bot.settings.reconcile import ReconcileSettings
from tests.unit.test_settings import config  # noqa: F401 - a fixture


@pytest.fixture
def folder(config: Path) -> Path:  # noqa: F811 - the fixture of that name
    return config


def faults(folder: Path, text: str) -> list[str]:
    (folder / "reconcile.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, {})
    return [fault.replace(str(folder), "config") for fault in caught.value.faults]


def test_the_values_in_the_example_are_the_defaults(folder: Path) -> None:
    written = load_settings(shipped("config"), {}).reconcile
    (folder / "reconcile.yaml").unlink(missing_ok=True)
    assert written == load_settings(folder, {}).reconcile == ReconcileSettings()


def test_no_name_stands_for_two_columns_and_no_word_for_both_verdicts() -> None:
    layout = ReconcileSettings().layout()
    names = [name for one in layout.columns.values() for name in set(one)]
    assert len(names) == len(set(names))
    assert not layout.overdue & layout.in_time


def test_a_list_that_is_written_replaces_ours(folder: Path) -> None:
    text = """reconcile:
  columns:
    received_at: [Came in]
  zone: America/Los_Angeles
  offsets: {IST: "+05:30"}
"""
    (folder / "reconcile.yaml").write_text(text)
    found = load_settings(folder, {}).reconcile
    layout = found.layout()
    assert layout.columns["received_at"] == ("camein",)
    assert layout.columns["order_id"] == ReconcileSettings().layout().columns["order_id"]
    assert layout.offsets == {"IST": timedelta(hours=5, minutes=30)}
    assert (layout.zone, found.layout("Asia/Tokyo").zone) == ("America/Los_Angeles", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            "  column: {}",
            'config/reconcile.yaml:2:3: reconcile.column: unknown key. Did you mean "columns"? '
            "(expected: columns, zone, formats, offsets, overdue_words, in_time_words, tolerance_hours)",
        ),
        (
            "  zone: Beijing",
            'config/reconcile.yaml:2:3: reconcile.zone: unknown time zone "Beijing"; expected an IANA name such as '
            "Asia/Shanghai",
        ),
        ('  formats: ["%d.%m.%Y"]', '"%d.%m.%Y" does not say the whole of a time'),
        ('  formats: ["%m/%d/%Y %I:%M"]', '"%m/%d/%Y %I:%M" does not say the whole of a time'),
        ('  formats: ["%d.%m.%Y %H:%Q"]', '"%d.%m.%Y %H:%Q" is no format of a time'),
        ("  formats: []", "reconcile.formats: the list is empty"),
        ("  offsets: {PST: '-8'}", '"-8" is no offset from UTC; expected such as -08:00'),
        ("  offsets: {pst: -08:00}", '"pst" is no word for a zone; expected up to 5 capitals'),
        ('  columns: {buyer: ["-"]}', '"-" has no letter; expected the name of a column'),
        ("  tolerance_hours: 100", "reconcile.tolerance_hours"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, lines: str, fault: str) -> None:
    (told,) = faults(folder, f"reconcile:\n{lines}\n")
    assert told.startswith("config/reconcile.yaml:2:")
    assert fault in told
