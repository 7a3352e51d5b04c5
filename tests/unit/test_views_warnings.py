"""What people read of budgets, streaks and peak mode."""

from dataclasses import replace

import pytest

from bot.domain.budget import Budget
from bot.domain.shift_snapshots import OncallPage, StoreShifts
from bot.domain.streaks import Counts
from bot.slack.views import board, case_card, digest, home, lines, oncall, pings, warnings
from bot.slack.views.warnings import standing_lines
from tests.unit.view_samples import ANNA, HOUR, NOW, case, sla
from tests.unit.view_samples_digests import NOTHING, week
from tests.unit.view_samples_warnings import PEAK, in_peak, standing, standings, warned
from tests.unit.viewing import EN, ZH, words_of


def said(name, say=EN):
    return [lines.aloud([line], say) for line in standing_lines([standings()[name]], say)]


@pytest.mark.parametrize(
    ("name", "english"),
    [
        (
            "on its way",
            "🔴 Nordlicht: of 212 messages (150 so far, about 62 to come) this week, 4 may still be missed for the "
            "minimum (90 %), 7 more were missed than the target (95 %) allows.",
        ),
        (
            "without a forecast",
            "🔴 Nordlicht: of the 150 messages so far this week, 8 may still be missed for the minimum (90 %), none "
            "may be missed any more for the target (95 %).",
        ),
        ("at first", "⚪ Nordlicht: nothing came in yet this week."),
    ],
)
def test_the_budget_of_a_store(name, english):
    assert said(name) == [english]


@pytest.mark.parametrize(
    ("received", "lost", "english", "chinese"),
    [
        (
            1,
            1,
            "the 1 message so far this week, 1 more was missed than the minimum (90 %) allows, 1 more was missed",
            "本周目前的 1 条消息，比最低要求（90 %）允许的多错过 1 条、比目标（95 %）允许的多错过 1 条",
        ),
        (
            20,
            2,
            "the 20 messages so far this week, none may be missed any more for the minimum (90 %), 1 more was missed "
            "than the target (95 %) allows",
            "本周目前的 20 条消息，最低要求（90 %） 不能再错过、比目标（95 %）允许的多错过 1 条",
        ),
        (
            100,
            7,
            "3 may still be missed for the minimum (90 %), 2 more were missed than the target (95 %) allows",
            "最低要求（90 %）还可错过 3 条、比目标（95 %）允许的多错过 2 条",
        ),
    ],
)
def test_what_may_still_be_missed_is_said_plainly(received, lost, english, chinese):
    levels = (("minimum", 0.9), ("target", 0.95))
    week = Counts(in_time=received - lost, late=lost)
    one = standing(
        week=week, budgets=tuple(Budget(name, rate, received, lost, None) for name, rate in levels)
    )
    for say, text in ((EN, english), (ZH, chinese)):
        (line,) = standing_lines([one], say)
        assert text in lines.aloud([line], say)


def test_the_light_follows_the_rate_so_far():
    assert [said(name)[0][0] for name in ("on its way", "between", "with little missed", "waiting")] == [
        *"🔴🟡🟢⚪"
    ]


def test_what_burns_is_said_once_with_its_day_and_the_gravest_level():
    _budget, burning = said("burning")
    assert burning == (
        "🔥 At this pace the budget for the minimum of 90 % ends on Thu 26 Nov, before the week does: 3 missed in the "
        "last 6 h, 12 in the last 24 h."
    )
    assert said("over")[1].startswith("🔥 The budget for the minimum of 90 % is spent: 17 missed.")
    assert "11 月 26 日（周四）" in said("burning", ZH)[1]


def test_streaks_are_told_from_day_three_with_the_day_that_would_be_the_seventh():
    rate, average, closing = said("forecast")[1:]
    assert rate == (
        "⚠ Nordlicht: response rate below 90 % on 3 days in a row, since Tue 24 Nov. Day 7 would be Mon 30 Nov; "
        "managers are warned then."
    )
    assert "average response time above 6 h on 3 days" in average
    assert "closing rate below 85 % on 3 days" in closing
    assert said("warned")[1] == "🔴 Nordlicht: response rate below 90 % on 8 days in a row, since Thu 19 Nov."


def test_peak_mode_stands_first_and_names_its_stores():
    assert said("in peak mode")[0] == (
        "🎯 Peak mode until Thu 31 Dec (Nordlicht): internal target 12 h. Amazon's 24 h stay as they are."
    )


def test_a_board_without_standings_is_as_it_was_and_one_of_many_stores_says_how_many_more():
    assert "Error budget" not in words_of(board.sla_board(sla(), EN, (), board.Targets()))
    shown = warnings.on_board((standing(),) * 12, EN)
    assert "and 2 more" in str(shown)


def test_a_warning_says_what_since_when_and_by_which_rule():
    post = warnings.warning(warned()["streak response_rate"], EN)
    assert post.blocks[0]["text"]["text"] == "Nordlicht: 7 days in a row below a threshold"
    for words in (
        "response rate below 90 %",
        "*7 days*",
        "Fri 20 Nov to Thu 26 Nov",
        "78.9 %",
        "Europe/Berlin",
    ):
        assert words in words_of(post)
    assert "8 h 30 min" in words_of(warnings.warning(warned()["streak average_time"], EN))


def test_the_card_shows_the_target_beside_amazons_deadline():
    clock, plain = (case_card.card(one, EN).blocks[1]["text"]["text"] for one in (in_peak(), case()))
    amazon, target, *rest = clock.split("\n")
    assert [amazon, *rest] == plain.split("\n")
    assert lines.aloud([target], EN) == (
        "🎯 Peak mode, internal target 12 h: answer by 2026-11-24 03:20 UTC. Amazon's deadline stays as it is."
    )
    assert "it passed at" in words_of(case_card.card(in_peak(hours=-1), EN))
    answered = in_peak(state="closed", closed_by="reply", closed_at=NOW - HOUR)
    assert "internal target" not in words_of(case_card.card(answered, EN))


def test_a_ping_for_the_target_says_both_times():
    post = pings.ping(in_peak(), "peak_3h", EN, (ANNA,))
    assert post.blocks[0]["text"]["text"].startswith(f"<@{ANNA}> 🎯 *Internal target ")
    assert "Amazon's deadline: 6 h 20 min left" in words_of(post)
    assert "Internal target" not in words_of(pings.ping(in_peak(), "3h", EN, (ANNA,)))


def test_a_managers_home_and_the_weekly_digest_show_the_two_stores_that_need_one_most():
    calm, burning, empty, few = (
        replace(standings()[name], store_name=store)
        for store, name in (
            ("Calm", "with little missed"),
            ("Burning", "burning"),
            ("Empty", "at first"),
            ("Few", "on its way"),
        )
    )
    stores = (
        calm,
        empty,
        few,
        burning,
        replace(standings()["in peak mode"], store_name="Peak", budgets=calm.budgets),
    )
    page = home.HomeSnapshot(ANNA, "Anna", "manager", (), (), replace(sla(), standings=stores), NOW)
    shown = words_of(home.home(page, EN, board.Targets()))
    assert "*Peak mode* until Thu 31 Dec (Peak): internal target 12 h." in shown
    assert shown.index("*Burning:* of 212") < shown.index("🔥 At this pace") < shown.index("*Few:* of 212")
    assert "… and 3 more; the SLA status shows them." in shown
    assert "*Calm:*" not in shown
    told = words_of(digest.weekly(week(standings=stores), EN, board.Targets(), {}))
    assert shown[shown.index("🎯") : shown.index("… and 3 more")] in told
    agent = replace(page, role="agent", board=None)
    assert "this week" not in words_of(home.home(agent, EN, board.Targets()))


def test_the_weekly_digest_has_the_causes_beside_the_guides():
    told = words_of(digest.weekly(week(), EN, board.Targets(), {}))
    assert (
        "*Late or overdue: 10.* no answer in time 80 % (guide: 61 %), forbidden content 10 % (guide: 28 %)"
        in told
    )
    assert "Late or overdue" not in words_of(digest.weekly(NOTHING, EN, board.Targets(), {}))


def test_who_is_on_is_told_with_the_peak_mode_that_acts():
    stores = (StoreShifts("n", "Nordlicht", (), (), PEAK), StoreShifts("s", "Sunrise", (), ()))
    shown = words_of(oncall.oncall(OncallPage(NOW, stores), EN))
    assert "*Peak mode* until Thu 31 Dec (Nordlicht): internal target 12 h." in shown
    assert "Peak mode" not in words_of(oncall.oncall(OncallPage(NOW, stores[1:]), EN))
