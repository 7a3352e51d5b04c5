"""Warnings and peak mode through real bolt: told once, in the channel and to the manager; board and card show them.

It is Wednesday 2026-11-25, 09:00 UTC. The demo's office works without a rota; Wang Fang, the manager, reads Chinese.
"""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import update

from bot.db.tables import DeadlineRow
from bot.desk import streaks
from bot.desk.knowledge import Knowledge
from bot.domain.deadlines import LIMIT
from bot.settings.peak import PeakSettings
from bot.settings.shape import ThresholdSettings
from bot.slack import ids
from tests.office import Office
from tests.office import office as running_office

PEAK = PeakSettings.model_validate({"first_day": "2026-11-20", "last_day": "2026-12-31"})


@pytest.fixture
def peak(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(
        tmp_path_factory.mktemp("peak"),
        knowledge,
        thresholds=ThresholdSettings(peak=(PEAK,), warning_days=2),
    ) as running:
        yield running


def came_earlier(office: Office, case: int, days: int) -> None:
    """As if the message had come so many days ago, and nobody had answered it."""
    with office.desk.database.writing() as tx:
        at = office.clock.now() - timedelta(days=days)
        tx.execute(update(DeadlineRow).where(DeadlineRow.case == case).values(anchor=at, due_at=at + LIMIT))


def test_a_streak_is_told_once_in_the_channel_and_to_the_manager_and_stands_on_the_board(
    peak: Office,
) -> None:
    for number in (1, 2, 3):
        came_earlier(peak, peak.new_case(f"Where is parcel {number}?").number, number + 1)
    start = Barrier(2)

    def tick() -> None:
        start.wait()
        streaks.warn(peak.desk)

    clocks = [Thread(target=tick) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    peak.quiet()
    peak.tick(minutes=10)
    streaks.warn(peak.desk)
    peak.quiet()
    leads = [post for post in peak.ws.channel("amz-leads").messages() if "below a threshold" in post.plain]
    assert sorted("response rate below 90 %" in post.plain for post in leads) == [False, True]
    assert sum("closing rate below 85 %" in post.plain for post in leads) == 1
    for post in leads:
        assert "3 days" in post.plain
        assert "<@" not in post.plain, "the manager was told directly"
    direct = [one.text for one in peak.ws.user("wang.fang").notifications() if "连续 3 天" in one.text]
    assert len(direct) == 2
    assert not [one for one in peak.ws.user("anna").notifications() if "threshold" in one.text]
    leads[0].click(ids.HOME_BOARD, by="wang.fang")
    board = peak.ws.user("wang.fang").expect_dm("错过额度")
    assert "连续 *3 天*" in board.plain
    assert "高峰模式" in board.plain


def test_the_card_and_its_thread_show_the_target_beside_amazons_deadline(peak: Office) -> None:
    case = peak.new_case()
    assert "internal target 12 h: answer by" in case.card.plain
    case.claim("li.wei")
    peak.tick(hours=9)
    reply = case.card.expect_reply("Internal target")
    assert "Amazon's deadline: 15 h left" in reply.plain
    case.answer(by="li.wei")
    assert "internal target" not in case.card.plain
