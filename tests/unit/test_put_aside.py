"""What was put aside, and until when: on the home page, in lists, in the form of *Snooze*; why a reply waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import zones
from bot.domain.departure import NOT_LOOKED_AT, STOPPED
from bot.slack import ids
from bot.slack.modals import _until
from bot.slack.views import home, lines, modals, thread
from bot.slack.views.board_cells import Targets
from tests.unit.view_samples import ANNA, NOW, case, queue, reply
from tests.unit.viewing import EN, ZH, controls, words_of

HOUR = timedelta(hours=1)
SHANGHAI = "Asia/Shanghai"


def page(*snoozed: timedelta | None) -> home.HomeSnapshot:
    free = tuple(
        replace(one, assignee=None, snoozed_until=until if until is None else NOW + until)
        for one, until in zip(queue(len(snoozed)), snoozed, strict=True)
    )
    return home.HomeSnapshot(ANNA, "Anna", "agent", (), free, None, NOW)


@pytest.mark.parametrize(
    ("snoozed", "is_offered"),
    [((HOUR, HOUR), False), ((HOUR, None), True), ((HOUR, timedelta(0)), True), ((), False)],
)
def test_claim_next_is_there_when_there_is_something_to_claim(snoozed, is_offered):
    shown = home.home(page(*snoozed), EN, Targets())
    assert ("Claim next" in controls(shown)) == is_offered
    assert words_of(shown).count("💤 until") == snoozed.count(HOUR)


def test_a_list_says_until_when_a_case_is_put_aside():
    line = replace(queue(1)[0], snoozed_until=NOW + HOUR)
    assert "💤 稍后提醒：" in lines.queue_line(line, NOW, ZH)
    assert "💤" not in lines.queue_line(line, NOW + HOUR, ZH)


def test_at_night_the_morning_is_that_of_today():
    night = zones.day_at(zones.local(NOW, SHANGHAI).date(), SHANGHAI, 3)
    shown = words_of(modals.snooze(case(as_of=night), ZH, SHANGHAI))
    assert "今天 09:00" in shown
    assert "明天 09:00" in shown
    assert "今天" not in words_of(modals.snooze(case(as_of=night + 6 * HOUR), ZH, SHANGHAI))
    assert _until({ids.SNOOZE_FOR: "today"}, night, SHANGHAI) == night + 6 * HOUR
    assert _until({ids.SNOOZE_FOR: "tomorrow"}, night, SHANGHAI) == night + 30 * HOUR


@pytest.mark.parametrize(
    ("reason", "said"),
    [(STOPPED, "程序在发送这条回复时停止了"), (NOT_LOOKED_AT, "程序出错，会自动重试"), ("550 no", "550 no")],
)
def test_our_own_reasons_are_told_in_the_reader_s_language(reason, said):
    assert f"原因：{said}" in words_of(thread.reply_state(case(), reply("failed", reason=reason), ZH))
