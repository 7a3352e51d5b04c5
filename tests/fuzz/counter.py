"""A place to type commands at: the real commands on a real database, without Slack behind them."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from slack_bolt import BoltContext

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk
from bot.desk.knowledge import Knowledge
from bot.errors import Reply24Error
from bot.slack import commands
from bot.slack.people import Directory
from bot.slack.surface import Surface
from bot.slack.texts import error_text
from tests import world

COMMANDS = (*commands._COMMANDS, "", "fnord")
"""Every command, nothing, and one that is none."""


class Slack:
    """Answers each call of the Web API as if all had gone well, and keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def __getattr__(self, method: str) -> Any:
        def answer(**given: Any) -> dict[str, Any]:
            self.sent.append(given)
            person = {
                "id": given.get("user", "U0"),
                "name": "x",
                "tz": "UTC",
                "locale": "zh-CN",
                "profile": {},
            }
            return {"ok": True, "view": {"id": "V1", "hash": "h"}, "user": person, "team_id": "T0"}

        return answer


class Counter:
    """Two cases lie here, one claimed, and a manager types."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._folder = tempfile.TemporaryDirectory()
        clock = FixedClock(world.START)
        database = open_database(f"sqlite:///{Path(self._folder.name) / 'counter.db'}")
        upgrade(database)
        desk = Desk(database, world.settings_with_rota(), clock, knowledge)
        world.Post(desk, clock).deliver(
            world.buyer_mail(), world.buyer_mail(amazon_case_id="c2", order_id=None)
        )
        clock.advance(timedelta(hours=1))
        self.slack: Any = Slack()
        self._surface = Surface(desk, Directory(desk, self.slack))

    def type(self, command: str, words: str) -> list[dict[str, Any]]:
        """What is answered. Raises what is neither an answer nor our own refusal."""
        answers: list[dict[str, Any]] = []
        body = {"text": words, "user_id": world.WANG, "channel_id": "C0NORD", "trigger_id": "t"}
        call = commands._call(
            self._surface, body, self.slack, BoltContext(), lambda **given: answers.append(given)
        )
        try:
            commands._run(call, command)
        except Reply24Error as why:
            answers.append({"text": error_text(why, self._surface.say(world.WANG))})
        return answers
