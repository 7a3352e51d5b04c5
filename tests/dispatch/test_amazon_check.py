"""What `reply24 check` says about a store's access to Amazon's API."""

from collections.abc import Iterator

import pytest

from bot.sandbox.amazon.server import AmazonSandbox
from bot.settings import Secrets
from bot.work.check_amazon import amazon_api
from tests import world
from tests.dispatch.amazon_shop import SECRET, open_shop

ENVIRON = {"US_REFRESH": "refresh.acme-us", "APP_ID": "app", "APP_SECRET": SECRET}


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


def looked(amazon: AmazonSandbox, environ: dict[str, str]):
    stores = world.settings().model_dump()["stores"]
    stores["sunrise"]["api"] = {
        "refresh_token_env": "US_REFRESH",
        "client_id_env": "APP_ID",
        "client_secret_env": "APP_SECRET",
    }
    where = {"endpoint": amazon.url, "token_url": amazon.token_url}
    settings = world.settings(stores=stores, amazon=where)
    [found] = amazon_api("sunrise", settings, Secrets(settings, environ))
    return found


def test_credentials_that_open_the_door_are_fine(amazon) -> None:
    found = looked(amazon, ENVIRON)
    assert (found.name, found.state) == ("amazon api sunrise", "ok")
    assert amazon.url in found.found
    assert [one.operation for one in amazon.calls()] == ["token"]


def test_an_authorisation_that_ended_says_what_to_do(amazon) -> None:
    amazon.revoke("acme-us")
    found = looked(amazon, ENVIRON)
    assert found.state == "wrong"
    assert "Authorise the application again" in found.found
    assert "stores.sunrise.api in stores.yaml" in found.mend


def test_a_token_server_that_is_not_well_is_wrong_too(amazon) -> None:
    amazon.next_errors("token", "html")
    found = looked(amazon, ENVIRON)
    assert (found.state, "503" in found.found) == ("wrong", True)


def test_without_its_secrets_it_is_not_looked_at(amazon) -> None:
    assert looked(amazon, {}).state == "skipped"
    assert amazon.calls() == []


def subscribed(amazon: AmazonSandbox, *subscriptions: str) -> list[tuple[str, str]]:
    """(state, what was found) of the check of a store whose notifications are read."""
    stores = world.settings().model_dump()["stores"]
    names = {"refresh_token_env": "US_REFRESH", "client_id_env": "APP_ID", "client_secret_env": "APP_SECRET"}
    stores["sunrise"]["api"] = {**names, "seller_id": "A1SELLERUS", "subscriptions": subscriptions}
    url = "https://sqs.us-east-1.amazonaws.com/1/reply24"
    queues = {"main": {"url": url, "key_id_env": "KEY_ID", "secret_env": "KEY_SECRET"}}
    where = {"endpoint": amazon.url, "token_url": amazon.token_url, "queues": queues}
    settings = world.settings(stores=stores, amazon=where)
    [door, *found] = amazon_api("sunrise", settings, Secrets(settings, ENVIRON))
    assert door.state == "ok"
    return [(one.state, one.found) for one in found]


def test_a_store_that_is_subscribed_and_known_by_it_is_fine(amazon) -> None:
    amazon.subscribe("acme-us", "ACCOUNT_STATUS_CHANGED", "sub-1")
    amazon.subscribe("acme-us", "ORDER_CHANGE", "sub-2")
    [(state, found)] = subscribed(amazon, "sub-1")
    assert (state, found) == ("ok", "is subscribed to ACCOUNT_STATUS_CHANGED, ORDER_CHANGE")
    asked = [one.path for one in amazon.calls("getSubscription")]
    assert asked[0] == "/notifications/v1/subscriptions/ACCOUNT_STATUS_CHANGED"


def test_a_subscription_that_nobody_would_know_is_named(amazon) -> None:
    amazon.subscribe("acme-us", "ACCOUNT_STATUS_CHANGED", "sub-1")
    amazon.subscribe("acme-us", "ORDER_CHANGE", "sub-2")
    [(state, found)] = subscribed(amazon, "sub-old")
    assert (state, "is sub-1" in found) == ("warn", True)


def test_what_a_store_is_not_subscribed_to_is_named(amazon) -> None:
    amazon.subscribe("acme-us", "ORDER_CHANGE", "sub-2")
    assert subscribed(amazon) == [("warn", "is not subscribed to ACCOUNT_STATUS_CHANGED")]


def test_subscriptions_that_cant_be_looked_at_are_no_wrong_settings(amazon) -> None:
    amazon.next_errors("getSubscription", "denied")
    [(state, found)] = subscribed(amazon, "sub-1")
    assert (state, "can't be looked at" in found) == ("warn", True)
