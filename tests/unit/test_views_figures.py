"""The board's figures in words: breakdowns, definitions, zones, medians, and the CSV file."""

import csv
import io
from dataclasses import replace

import pytest

from bot.domain.sla import DEFINITIONS, DIMENSIONS
from bot.slack.texts import TEXTS, Say, say_for
from bot.slack.views import board
from bot.slack.views.board_breakdown import csv_of
from tests.unit.view_samples import ANNA, LI_WEI, NOTHING, figures, sla
from tests.unit.viewing import parts, words_of

EN, ZH = say_for("en-US"), say_for("zh-CN")
STORES = [("nordlicht", "Nordlicht"), ("sunrise", "Sunrise")]


def drawn(**changes: object) -> str:
    return words_of(board.sla_board(replace(sla(), **changes), EN, STORES, board.Targets()))


def choices(action_id: str, **changes: object) -> list[str]:
    shown = board.sla_board(replace(sla(), **changes), EN, STORES, board.Targets())
    (found,) = [part for part in parts(shown.blocks) if part.get("action_id") == action_id]
    return [one["value"] for one in found["options"]]


def test_each_figure_is_printed_with_its_definition() -> None:
    text = drawn()
    assert [key for key in DEFINITIONS if EN(f"define.{key}") not in text] == []
    assert {f"define.{key}" for key in DEFINITIONS} == {key for key in TEXTS if key.startswith("define.")}


@pytest.mark.parametrize(
    ("by", "value", "line"),
    [
        ("marketplace", "DE", "• Amazon.de · 20 received · 🟢 100 % (18 of 18), on target · median 2 h"),
        ("topic", "refund", "• Refund · 20 received"),
        ("topic", "", "• no topic · 20 received"),
        ("agent", LI_WEI, f"• <@{LI_WEI}> · 20 received"),
        ("agent", "seller_central", "• in Seller Central · 20 received"),
        ("agent", "", "• answered by nobody · 20 received"),
        ("shift", "beijing", "• beijing · 20 received"),
        ("shift", "", "• off shift, or not recorded · 20 received"),
        ("marketplace", "", "• marketplace unknown · 20 received"),
        ("hour", "9", "• 9:00 · 20 received"),
        ("store", "nordlicht", "• nordlicht · 20 received"),
    ],
)
def test_a_breakdown_has_a_line_a_value(by: str, value: str, line: str) -> None:
    text = drawn(by=by, breakdown=((value, (("7d", figures()),)),))
    assert f"*{EN(f'dimension.{by}')}, 7 days*" in text
    assert line in text


def test_a_breakdown_without_messages_says_so_and_a_long_one_says_where_the_rest_is() -> None:
    assert "*By topic, 7 days*\nno messages yet" in drawn(by="topic", breakdown=())
    many = tuple((f"layer-{n}", (("7d", figures()),)) for n in range(30))
    assert "… and 6 more: press CSV." in drawn(by="shift", breakdown=many)


def test_the_zone_of_the_days_is_said_also_where_stores_differ() -> None:
    assert "Days begin at midnight in Berlin (Europe/Berlin)." in drawn()
    each = (("Nordlicht", "Europe/Berlin"), ("Sunrise", "America/New_York"))
    assert (
        "at its own midnight: Nordlicht: Berlin (Europe/Berlin), Sunrise: New York (America/New_York)."
        in drawn(zone="", zones=each)
    )


def test_periods_with_the_same_figures_share_a_line() -> None:
    same, other = figures(), figures(received=21)
    shown = drawn(periods=(("today", other), ("7d", same), ("30d", same), ("90d", same)))
    assert "*7, 30, 90 days:* response rate 100 %" in shown
    assert shown.count("response rate 100 %") == 2
    assert "*Today, 7 days:*" in drawn(periods=(("today", same), ("7d", same), ("30d", other)))
    apart = drawn(periods=(("7d", same), ("30d", other), ("90d", same)))
    assert [days in apart for days in ("*7 days:*", "*30 days:*", "*90 days:*")] == [True] * 3


def test_a_figure_that_there_is_not_yet_is_left_out_and_never_called_no_messages() -> None:
    waiting = replace(NOTHING, received=5, waiting=5, closing_rate=0.0)
    text = drawn(periods=(("today", waiting),))
    assert "*Today:* response rate nothing decided yet\n5 messages received · closing rate 0 %" in text
    assert "no messages yet" not in text
    by_hour = drawn(by="hour", breakdown=(("9", (("7d", waiting),)),))
    assert "• 9:00 · 5 received · nothing decided yet\n" in by_hour


def test_no_table_of_the_board_is_wider_than_a_phone() -> None:
    shown = board.sla_board(sla(), EN, STORES, board.Targets())
    assert [block for block in shown.blocks if block["type"] == "table" and len(block["rows"][0]) > 3] == []


def test_handle_time_late_arrivals_and_medians_stand_with_their_period() -> None:
    text = drawn(
        periods=(
            ("today", replace(NOTHING, late_on_arrival=2)),
            ("7d", figures(late_on_arrival=3, handle_seconds=3600.0)),
        ),
        medians={LI_WEI: 2700.0},
    )
    assert "*Today:* no messages yet\nlate on arrival: 2" in text
    assert "(9 of 12) · handle time 1 h · late on arrival: 3" in text
    assert "8 answered today (median 45 min)\n" in text, "who was never pinged has no word of it"


@pytest.mark.parametrize(
    ("pings", "say", "text"),
    [
        (1, EN, "8 answered today · pinged once"),
        (3, EN, "8 answered today · pinged 3 times"),
        (1, ZH, "今天已回复 8 条 · 被催办 1 次"),
    ],
)
def test_how_often_somebody_was_reminded_stands_with_them(pings: int, say: Say, text: str) -> None:
    shown = words_of(board.sla_board(replace(sla(), pings={LI_WEI: pings}), say, STORES, board.Targets()))
    assert text in shown


def test_by_agent_is_offered_to_those_who_see_the_agents_already() -> None:
    assert choices("board.by") == ["all", *(f"all:{by}" for by in ("store", *DIMENSIONS))]
    assert "all:agent" not in choices("board.by", people=())
    assert choices("board.store", by="topic") == ["all:topic", "nordlicht:topic", "sunrise:topic"]


def test_what_is_not_listed_of_the_risks_is_counted() -> None:
    many = sla(lines=60)
    text = words_of(
        board.sla_board(replace(many, by_time_left=(40, 30, 20, 0, 0, 0)), EN, [], board.Targets())
    )
    assert "… and 75 more, less urgent." in text


def test_the_file_has_every_figure_and_no_formula() -> None:
    values = ("=cmd()", "＝cmd()", "a;-1", ANNA)
    shown = replace(sla(), by="shift", breakdown=tuple((one, (("7d", figures()),)) for one in values))
    rows = list(csv.DictReader(io.StringIO(csv_of(shown, {ANNA: "Anna Kowalski"}))))
    assert [(row["by"], row["value"], row["period"]) for row in rows] == [
        *[("", "", period) for period in ("today", "7d", "30d", "90d")],
        ("shift", "'=cmd()", "7d"),
        ("shift", "'＝cmd()", "7d"),
        ("shift", "a;'-1", "7d"),
        ("shift", "Anna Kowalski", "7d"),
    ]
    assert (rows[1]["response_rate"], rows[1]["p90_seconds"], rows[0]["average_seconds"]) == (
        "1.0",
        "18300.0",
        "",
    )
