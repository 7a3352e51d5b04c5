"""What the form and the answer of `/sla-report whatif` say."""

from dataclasses import replace

import pytest

from bot.domain.rota_versions import Judges
from bot.slack.views import whatif
from bot.slack.views.whatif import Entered
from tests.unit.view_samples import NOW
from tests.unit.view_samples_whatif import choices, entered, every_view, replayed
from tests.unit.viewing import EN, ZH, cells, filled_in, words_of


def test_the_form_begins_with_nothing_changed():
    shown = filled_in(whatif.form(choices(), Entered(store="store-1"), EN))
    assert shown == {
        "whatif.period": "30d",
        "whatif.store": "store-1",
        "whatif.without": None,
        "whatif.layer": None,
        "whatif.moved": None,
        "whatif.agents": None,
        "whatif.on": "all",
        "whatif.hours": None,
        "whatif.target": None,
        "whatif.speakers": None,
    }


def test_the_answer_stands_side_by_side():
    view = dict(every_view(EN))["what-if result all"]
    assert cells(view) == [
        ["–", "As it was", "What if"],
        ["Messages received", "212", "212"],
        ["Response rate (24 h)", "90.4 %", "96.1 %"],
        ["Answered within 12 h", "90.4 %", "96.1 %"],
        ["Late", "12", "6"],
        ["Overdue", "8", "2"],
        ["Waiting", "2", "2"],
        ["Average response time", "2 h 30 min", "1 h 06 min"],
        ["Median response time", "1 h 06 min", "1 h 06 min"],
        ["Missed: nobody was on in all its time", "0", "8"],
        ["Missed: too few people for all of it", "0", "0"],
        ["Missed: somebody was on and free", "20", "0"],
        ["Late when it arrived (in no rate)", "3", "3"],
    ]
    assert view.text.endswith("response rate 90.4 % as it was, 96.1 % in the trial.")


def test_people_are_named_with_both_of_their_figures_and_never_called():
    words = words_of(whatif.result(replayed(), Entered(), choices(), EN))
    assert "0 Katrin Muster · answered 100 · pinged 0 · 160 h on shift · 0 h at night" in words
    assert "2 Katrin Muster · answered 98 → 0 · pinged 2 → 0 · 158 → 0 h on shift · 1 → 0 h at night" in words
    assert "<@" not in words


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("nothing", "nothing, the record itself"),
        ("without", "without 0 Katrin Muster"),
        ("moved later", "shifts of 0 Lieferung 1.5 h later"),
        ("moved earlier", "shifts of 0 Lieferung 2 h earlier"),
        ("added", "one more shift for 0 Katrin Muster, 1 Katrin Muster, Monday to Friday"),
    ],
)
def test_the_answer_says_what_was_tried(name, changes):
    assert f"*Tried:* {changes}" in words_of(whatif.result(replayed(), entered()[name], choices(), EN))


def test_the_answer_says_its_zones_and_how_it_was_found():
    for say, zones in (
        (EN, "Europe/Berlin, America/Los_Angeles"),
        (ZH, "Europe/Berlin、America/Los_Angeles"),
    ):
        words = words_of(whatif.result(replayed(), Entered(), choices(), say))
        assert zones in words
        assert "9 min" in words or "9 分钟" in words


def test_people_without_work_on_either_side_are_left_out():
    found = replayed(0)
    assert "Per person" not in words_of(whatif.result(found, Entered(), choices(), EN))
    assert replace(found).saved == 0


def test_the_answer_says_which_rota_was_and_names_who_left():
    found = replace(replayed(), judges=Judges((3,), NOW))
    left = replace(choices(), agents={}, names={"agent-1": "Wen <Left>"})
    words = words_of(whatif.result(found, Entered(), left, EN))
    assert "told by version 3 of the rota, in force since" in words
    assert "Wen &lt;Left&gt; · answered" in words
    assert "no earlier one is kept" in words_of(whatif.result(replayed(), Entered(), left, EN))
