"""`sla status --json` of a board that knows shifts: everything in it is JSON."""

import json
from dataclasses import replace

from bot.cli.records import board_json
from tests.unit.view_samples import ANNA, LI_WEI, sla


def test_a_board_with_shifts_and_pings_is_json() -> None:
    shown = board_json(
        replace(sla(), off_shift=frozenset({LI_WEI, ANNA}), pings={LI_WEI: 3}, unstaffed=(("Acme", None),))
    )
    again = json.loads(json.dumps(shown))
    assert again["off_shift"] == sorted([ANNA, LI_WEI])
    assert {one["person"]: one["pings_7d"] for one in again["people"]} == {LI_WEI: 3, ANNA: 0}
    assert again["unstaffed"] == [["Acme", None]]
