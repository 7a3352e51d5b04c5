"""`sla status --json` of a board that knows shifts: everything in it is JSON."""

import json
from dataclasses import replace

from bot.cli.figures import board_json
from tests.unit.view_samples import ANNA, LI_WEI, sla


def test_a_board_with_shifts_and_pings_is_json() -> None:
    shown = board_json(
        replace(sla(), off_shift=frozenset({LI_WEI, ANNA}), pings={LI_WEI: 3}, unstaffed=(("Acme", None),))
    )
    again = json.loads(json.dumps(shown))
    assert again["off_shift"] == sorted([ANNA, LI_WEI])
    assert {one["person"]: one["pings_7d"] for one in again["people"]} == {LI_WEI: 3, ANNA: 0}
    assert again["unstaffed"] == [["Acme", None]]


def test_a_breakdown_is_json_by_value_and_period() -> None:
    board = replace(
        sla(),
        by="topic",
        breakdown=(("refund", sla().periods),),
        medians={LI_WEI: 60.0},
        zones=(("Acme", "UTC"),),
    )
    again = json.loads(json.dumps(board_json(board)))
    assert again["breakdown"]["refund"]["7d"] == again["periods"]["7d"]
    assert (again["by"], again["zones"]) == ("topic", {"Acme": "UTC"})
    assert {one["person"]: one["median_seconds_today"] for one in again["people"]} == {
        LI_WEI: 60.0,
        ANNA: None,
    }
