"""`reply24 run` on the rig's clock, with its steps listened to; all else is the real program."""

import faulthandler
import os
import signal
import tempfile
from functools import cache
from pathlib import Path

from bot.cli.running import phrases_folder
from bot.clock import RealClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk, library
from bot.desk.knowledge import Knowledge, load_knowledge
from bot.log import set_up
from bot.mail import language
from bot.settings import Secrets, config_folder, load_settings, shipped
from bot.settings.data_keys import data_keys
from bot.work.run import Bot, run_until_signal
from tests.faults.shared import Shared, SharedClock
from tests.faults.steps import Steps

GAP_SECONDS = 0.02


@cache
def knowledge() -> Knowledge:
    """The shipped templates, phrases and models: read once, before the first program is forked; nobody changes it."""
    return load_knowledge(shipped("templates"), phrases_folder(shipped("config")), language.of)


def warm_up() -> None:
    """What each program works out for itself at its start, and keeps: the check of the shipped templates."""
    with tempfile.TemporaryDirectory() as folder:
        places = {"SLACK_URL": "http://127.0.0.1:9/api/", "SMTP_PORT": "9", "DATA": folder}
        environ = {f"REPLY24_DEMO_{name}": value for name, value in places.items()}
        environ["REPLY24_DATABASE_URL"] = f"sqlite:///{folder}/warm.db"
        settings = load_settings(shipped("config") / "demo", environ)
        database = open_database(settings.database_url, data_keys(os.environ))
        upgrade(database)
        library.faults(Desk(database, settings, RealClock(), knowledge()))
        database.close()


def run(shared_file: str, role: str) -> None:
    """Run until SIGTERM, or until the rig's order is carried out."""
    shared = Shared(Path(shared_file))
    Steps(shared).install()
    faulthandler.register(signal.SIGUSR1)  # the rig asks what every thread does when nothing moves
    set_up("info")
    settings = load_settings(config_folder(os.environ), os.environ)
    database = open_database(settings.database_url, data_keys(os.environ))
    upgrade(database)
    desk = Desk(database, settings, SharedClock(shared), knowledge())
    gap_s = max(GAP_SECONDS, 1 / desk.clock.speed)  # a second, as Slack wants it
    run_until_signal(Bot(desk, Secrets(settings, os.environ), tuple(role.split(",")), gap_s=gap_s))
    os._exit(0)
