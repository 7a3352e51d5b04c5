"""What `reply24 check` says about a queue of notifications; it takes nothing out."""

import pytest

from bot.sandbox.amazon.queue_server import KEY_ID, REGION, SECRET, QueueSandbox
from bot.settings import Secrets
from bot.work.check_amazon import notifications
from bot.work.finding_out import Check
from tests import world

ENVIRON = {"KEY_ID": KEY_ID, "SECRET": SECRET}


def looked(there: QueueSandbox, environ: dict[str, str]) -> list[Check]:
    stores = world.settings().model_dump()["stores"]
    names = {"refresh_token_env": "A_TOKEN", "client_id_env": "AN_ID", "client_secret_env": "A_SECRET"}
    stores["sunrise"]["api"] = {**names, "seller_id": "A1SELLERUS", "subscriptions": ("sub-us",)}
    stores["nordlicht"]["api"] = names
    queue = {"url": there.url, "region": REGION, "key_id_env": "KEY_ID", "secret_env": "SECRET"}
    settings = world.settings(stores=stores, amazon={"queues": {"main": queue}})
    return list(notifications("main", settings, Secrets(settings, environ)))


def test_a_queue_that_its_key_opens_is_fine_and_nothing_is_taken_out() -> None:
    with QueueSandbox(tries=5) as there:
        there.put("one")
        [found] = looked(there, ENVIRON)
        assert (found.name, found.state) == ("notifications main", "ok")
        assert "about 1 messages wait" in found.found
        assert "nordlicht: no subscriptions, sunrise: A1SELLERUS and 1 subscriptions" in found.found
        assert there.calls == ["GetQueueAttributes"]


def test_without_dead_letters_it_says_what_becomes_of_what_nobody_can_read() -> None:
    with QueueSandbox() as there:
        [_fine, warned] = looked(there, ENVIRON)
    assert (warned.state, "deleted after 10 tries" in warned.found) == ("warn", True)
    assert "dead-letter queue" in warned.mend


@pytest.mark.parametrize("wrong", [{"SECRET": "another"}, {"KEY_ID": "AKIDOTHER"}])
def test_a_key_that_does_not_open_it_is_wrong_and_says_which_rights_it_needs(wrong: dict[str, str]) -> None:
    with QueueSandbox() as there:
        [found] = looked(there, ENVIRON | wrong)
    assert (found.state, "GetQueueAttributes" in found.mend) == ("wrong", True)
    assert "amazon.queues.main in amazon.yaml" in found.mend


def test_a_queue_that_nobody_reaches_is_wrong_and_one_without_secrets_is_not_looked_at() -> None:
    there = QueueSandbox()
    there.start()
    there.stop()
    assert [one.state for one in looked(there, ENVIRON)] == ["wrong"]
    assert [one.state for one in looked(there, {})] == ["skipped"]
