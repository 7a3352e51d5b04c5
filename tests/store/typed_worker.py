"""A worker that sends one typed message, in a process of its own, so that it can be killed while it does.

python -m tests.store.typed_worker DATABASE_URL ENDPOINT TOKEN_URL NOW
"""

import os
import sys
from datetime import datetime

from bot.amazon.access import ApiAccess
from bot.amazon.client import AmazonApi
from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.desk import Desk
from bot.settings.data_keys import data_keys
from bot.work.typed import TypedLane
from tests.dispatch.amazon_shop import REFRESH, SECRET
from tests.store.test_orders import with_api
from tests.world import knowledge, settings


def main(database_url: str, endpoint: str, token_url: str, now: str) -> None:
    """Send what Nordlicht has to send now; ends when Amazon has answered."""
    clock = FixedClock(datetime.fromisoformat(now))
    database = open_database(database_url, data_keys(os.environ))
    desk = with_api(Desk(database, settings(), clock, knowledge()), "nordlicht")
    access = ApiAccess(
        store="nordlicht",
        endpoint=endpoint,
        refresh_token=REFRESH["acme-eu"],
        client_id="app",
        client_secret=SECRET,
        token_url=token_url,
        timeout_s=60,
    )
    TypedLane(desk, AmazonApi({"nordlicht": access}, clock)).send_next("nordlicht")


if __name__ == "__main__":
    main(*sys.argv[1:])
