"""The client for Amazon's API, over real HTTP: each trap of the library is closed, and each ending is one of ours."""

import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot.amazon.access import ApiAccess, check_access
from bot.amazon.client import AmazonApi, StoreApi
from bot.amazon.library import MessageCalls, OrderCalls, SolicitationCalls
from bot.amazon.rates import PLANS
from bot.errors import (
    ConfigError,
    NeedsAuthorisation,
    NotFound,
    Outside,
    Refused,
    Throttled,
    Unreachable,
    Unsure,
)
from bot.sandbox.amazon.model import operations
from bot.sandbox.amazon.server import AmazonSandbox
from tests.dispatch.amazon_clients import HurriedClock, access_of, clients
from tests.dispatch.amazon_shop import BOTTLE, LAMP, REFRESH, SECRET, US, open_shop

PROBLEM = "createUnexpectedProblem"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


def look_up(api: StoreApi, order_id: str = BOTTLE) -> dict[str, Any]:
    return api.read("getOrder", lambda ask: OrderCalls(ask).get_order(order_id, includedData=["PACKAGES"]))


def tell(api: StoreApi, text: str = "Sold out", **more) -> None:
    def call(ask):
        return MessageCalls(ask, US).create_unexpected_problem(BOTTLE, body={"text": text})

    api.send(PROBLEM, call, **more)


def test_what_leaves_is_what_the_model_asks_for_and_nothing_else(amazon) -> None:
    api = clients(amazon).of("acme-us")
    assert look_up(api)["order"]["orderId"] == BOTTLE
    tell(api)
    actions = api.read(
        "getMessagingActionsForOrder",
        lambda ask: MessageCalls(ask, US).get_messaging_actions_for_order(BOTTLE, marketplaceIds=[US]),
    )
    assert actions["_links"]["actions"]
    [order], [message], [listed] = (
        amazon.calls("getOrder"),
        amazon.calls(PROBLEM),
        amazon.calls("getMessagingActionsForOrder"),
    )
    assert (order.query, order.body) == ("includedData=PACKAGES", b"")
    assert (message.query, message.body) == (f"marketplaceIds={US}", b'{"text": "Sold out"}')
    assert listed.query == f"marketplaceIds={US}"
    assert message.headers["host"] == amazon.url.removeprefix("http://")
    assert message.headers["user-agent"].startswith("reply24")


def test_a_solicitation_names_the_marketplace_of_its_order(amazon) -> None:
    api = clients(amazon).of("acme-us")

    def call(ask):
        calls = SolicitationCalls(ask, US)
        return calls.create_product_review_and_seller_feedback_solicitation(BOTTLE, marketplaceIds=[US])

    api.send("createProductReviewAndSellerFeedbackSolicitation", call)
    assert [(one.kind, one.marketplace_id) for one in amazon.sent] == [("productReviewAndSellerFeedback", US)]


READS = [
    ("throttled", Throttled, "", 0.5),
    ("throttled_bare", Throttled, "", 2.0),
    ("forbidden_bare", Refused, "403", None),
    ("denied", Refused, "Unauthorized", None),
    ("html", Unreachable, "", None),
    ("gateway", Unreachable, "", None),
    ("internal", Unreachable, "", None),
    ("page", Unreachable, "", None),
    ("cut", Unreachable, "", None),
]


@pytest.mark.parametrize(("what", "kind", "code", "after"), READS, ids=[row[0] for row in READS])
def test_no_failure_of_a_read_passes_as_an_answer(amazon, what, kind, code, after) -> None:
    api = clients(amazon).of("acme-us")
    amazon.next_errors("getOrder", what, times=None)
    if what == "throttled":
        amazon.set_rate("getOrder", 2.0)
    with pytest.raises(Outside) as raised:
        look_up(api)
    assert type(raised.value) is kind
    assert getattr(raised.value, "code", "") == code
    if kind is Throttled:
        assert raised.value.retry_after == pytest.approx(after, abs=2)
    tries = 1 if kind is Refused else 3
    assert len(amazon.calls("getOrder")) <= tries


@pytest.mark.parametrize("what", ["throttled_bare", "html", "gateway", "page", "cut"])
def test_a_read_is_asked_again_and_then_answered(amazon, what) -> None:
    clock = HurriedClock()
    amazon.next_errors("getOrder", what)
    assert look_up(clients(amazon, clock).of("acme-us"))["order"]
    assert len(amazon.calls("getOrder")) == 2
    assert clock.waits == [2.0 if what == "throttled_bare" else 1.0]


def test_a_read_is_not_asked_again_when_the_program_ends(amazon) -> None:
    stop = threading.Event()
    stop.set()
    api = AmazonApi({"acme-us": access_of(amazon, "acme-us")}, HurriedClock(), stop=stop).of("acme-us")
    amazon.next_errors("getOrder", "html")
    with pytest.raises(Unreachable):
        look_up(api)
    assert len(amazon.calls("getOrder")) == 1


SENDS = [
    ("throttled", Throttled, ""),
    ("throttled_bare", Throttled, ""),
    ("forbidden_bare", Refused, "403"),
    ("denied", Refused, "Unauthorized"),
    ("html", Unsure, ""),
    ("gateway", Unsure, ""),
    ("internal", Unsure, ""),
    ("page", Unsure, ""),
    ("cut", Unsure, ""),
    ("hang", Unsure, ""),
]


@pytest.mark.parametrize(
    ("what", "kind", "code", "after"),
    # Whoever says no has not sent it; whoever breaks may have.
    [(*row, after) for row in SENDS for after in (False, True) if not after or row[1] is Unsure],
)
def test_a_message_leaves_once_and_no_failure_passes_as_success(amazon, what, kind, code, after) -> None:
    api = clients(amazon, timeout_s=0.5 if what == "hang" else 20).of("acme-us")
    amazon.next_errors(PROBLEM, what, times=None, after=after)
    with pytest.raises(Outside) as raised:
        tell(api)
    assert type(raised.value) is kind
    assert getattr(raised.value, "code", "") == code
    assert len(amazon.calls(PROBLEM)) <= 1
    assert "Sold out" not in str(raised.value)


def test_a_message_that_was_done_and_not_answered_is_unsure_and_not_repeated(amazon) -> None:
    api = clients(amazon, timeout_s=1).of("acme-us")
    amazon.next_errors(PROBLEM, "hang", after=True)
    with pytest.raises(Unsure, match="may or may not have sent"):
        tell(api)
    assert len(amazon.wait_for_sent(1)) == 1


def test_a_message_that_could_not_leave_is_not_unsure(amazon) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    api = clients(amazon, endpoint=f"http://127.0.0.1:{port}").of("acme-us")
    with pytest.raises(Unreachable):
        tell(api)


def test_what_the_last_look_raises_keeps_the_message_here(amazon) -> None:
    def no() -> None:
        raise NotFound("the case is gone")

    with pytest.raises(NotFound):
        tell(clients(amazon).of("acme-us"), last_look=no)
    assert amazon.calls(PROBLEM) == []


def test_what_amazon_refuses_is_told_with_its_code_and_key(amazon) -> None:
    with pytest.raises(Refused, match=r"InvalidInput Invalid Input\. body\.text: 0 characters") as raised:
        tell(clients(amazon).of("acme-us"), "")
    assert raised.value.code == "InvalidInput"


def test_each_store_asks_with_its_own_token_whatever_the_environment_says(amazon, monkeypatch) -> None:
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "JP")
    for name in ("SP_API_REFRESH_TOKEN", "LWA_APP_ID", "LWA_CLIENT_SECRET"):
        monkeypatch.setenv(name, "another-seller")
    api = clients(amazon)
    tell(api.of("acme-us"))
    look_up(api.of("acme-eu"), LAMP)
    assert [(one.account, one.marketplace_id) for one in amazon.sent] == [("acme-us", US)]
    assert not any(b"another-seller" in call.body for call in amazon.calls("token"))
    with pytest.raises(Refused, match="NotFound"):
        look_up(api.of("acme-eu"), BOTTLE)


def test_twenty_stores_keep_their_tokens(amazon) -> None:
    names = [f"store-{number}" for number in range(20)]
    for name in names:
        amazon.add_account(name, refresh_token=f"refresh.{name}", client_id="app", client_secret=SECRET)
    api = AmazonApi({name: access_of(amazon, name) for name in names}, HurriedClock())
    for name in names * 2:
        with pytest.raises(Refused):
            look_up(api.of(name))
    assert len(amazon.calls("token")) == 20


def test_many_threads_of_a_store_fetch_one_token_and_have_a_client_each(amazon) -> None:
    api, start = clients(amazon), threading.Barrier(6)

    def look() -> tuple[StoreApi, str]:
        start.wait(20)
        client = api.of("acme-us")
        assert api.of("acme-us") is client
        return client, look_up(client)["order"]["orderId"]

    with ThreadPoolExecutor(6) as pool:
        found = [one.result() for one in [pool.submit(look) for _ in range(6)]]
    assert len({id(client) for client, _order in found}) == 6
    assert {order for _client, order in found} == {BOTTLE}
    assert len(amazon.calls("token")) == 1


def test_a_store_whose_token_server_hangs_keeps_no_other_store_waiting() -> None:
    with open_shop() as amazon:
        api = clients(amazon, token_timeout_s=60)
        amazon.next_errors("token", "hang")
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(lambda: tell(api.of("acme-us")))
            amazon.wait_for_call("token")
            assert look_up(api.of("acme-eu"), LAMP)["order"]
            assert not slow.done()
            amazon.stop()
            with pytest.raises(Unreachable):
                slow.result(30)
        amazon.start()
    assert amazon.calls(PROBLEM) == []


def test_an_ended_token_is_renewed_for_a_read_and_costs_a_message_nothing_but_time(amazon) -> None:
    api = clients(amazon).of("acme-us")
    look_up(api)
    amazon.expire_tokens()
    assert look_up(api)["order"]
    amazon.expire_tokens()
    with pytest.raises(Unreachable, match="nothing was done"):
        tell(api)
    tell(api)
    assert len(amazon.sent) == 1
    assert len(amazon.calls("token")) == 3


def test_a_token_is_renewed_before_it_ends(amazon) -> None:
    clock = HurriedClock()
    api = clients(amazon, clock).of("acme-us")
    for seconds in (0, 3500, 60):
        clock.advance(timedelta(seconds=seconds))
        look_up(api)
    assert len(amazon.calls("token")) == 2


TOKEN_TROUBLES = [
    ("throttled_bare", Throttled),
    ("forbidden_bare", Unreachable),
    ("html", Unreachable),
    ("page", Unreachable),
    ("gateway", Unreachable),
    ("cut", Unreachable),
    ("hang", Unreachable),
]


@pytest.mark.parametrize(("what", "kind"), TOKEN_TROUBLES, ids=[row[0] for row in TOKEN_TROUBLES])
def test_whatever_the_token_server_does_a_message_stays_here_and_is_not_unsure(amazon, what, kind) -> None:
    amazon.next_errors("token", what, times=None)
    with pytest.raises(Outside) as raised:
        tell(clients(amazon, token_timeout_s=0.5 if what == "hang" else 10).of("acme-us"))
    assert type(raised.value) is kind
    assert amazon.calls(PROBLEM) == []


def test_a_seller_who_took_the_authorisation_back_must_give_it_again(amazon) -> None:
    api = clients(amazon)
    look_up(api.of("acme-us"))
    amazon.revoke("acme-us")
    with pytest.raises(NeedsAuthorisation, match="Authorise the application again") as raised:
        look_up(api.of("acme-us"))
    assert raised.value.code == "invalid_grant"
    with pytest.raises(NeedsAuthorisation):
        tell(api.of("acme-us"))
    assert look_up(api.of("acme-eu"), LAMP)["order"]


def test_a_secret_that_was_renewed_must_be_set_anew(amazon) -> None:
    amazon.change_secret("acme-us", "rotated")
    with pytest.raises(NeedsAuthorisation, match="180 days") as raised:
        look_up(clients(amazon).of("acme-us"))
    assert raised.value.code == "invalid_client"
    assert SECRET not in str(raised.value)
    assert len(amazon.calls("token")) == 1


def test_a_store_stays_within_its_plan_by_itself() -> None:
    clock = HurriedClock()
    with open_shop(rate_limits=True) as amazon:
        api = clients(amazon, clock)
        for _ in range(5):
            tell(api.of("acme-us"))
        with pytest.raises(Throttled) as raised:
            tell(api.of("acme-us"))
        assert raised.value.retry_after == pytest.approx(1.0)
        assert len(amazon.calls(PROBLEM)) == 5
        clock.advance(timedelta(seconds=1))
        amazon.skip(1)
        tell(api.of("acme-us"))


def test_a_rate_that_amazon_tells_counts_from_then_on(amazon) -> None:
    clock = HurriedClock()
    api = clients(amazon, clock).of("acme-us")
    amazon.set_rate(PROBLEM, 0.25)
    for _ in range(5):
        tell(api)
    with pytest.raises(Throttled) as raised:
        tell(api)
    assert raised.value.retry_after == pytest.approx(4.0)


def test_the_plans_are_those_of_the_models() -> None:
    stated = {name: (one.rate, one.burst) for name, one in operations().items() if one.rate is not None}
    del stated["searchOrders"]
    assert stated == PLANS


def test_no_log_has_a_token_or_a_buyers_word(amazon, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        for name in ("sp_api", "sp_api.base.client", "httpx", "httpcore"):
            caplog.set_level(logging.DEBUG, logger=name)
        api = clients(amazon).of("acme-us")
        look_up(api)
        tell(api, "Dear Ann")
        assert "httpcore" in caplog.text
    for secret in ("Atza|", SECRET, REFRESH["acme-us"], "Dear Ann", "Steel water bottle", BOTTLE):
        assert secret not in caplog.text
    assert "refresh." not in repr(access_of(amazon, "acme-us"))
    assert SECRET not in repr(access_of(amazon, "acme-us"))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"endpoint": "http://sellingpartnerapi-eu.amazon.com"}, "http is for this machine only"),
        ({"token_url": "http://api.amazon.com/auth/o2/token"}, "http is for this machine only"),
        ({"endpoint": "ftp://127.0.0.1/"}, "Use https"),
        ({"refresh_token": ""}, "has no refresh_token"),
        ({"client_secret": ""}, "has no client_secret"),
    ],
)
def test_a_door_that_is_not_safe_is_not_opened(other, told) -> None:
    given = {
        "store": "acme-us",
        "endpoint": "https://sellingpartnerapi-na.amazon.com",
        "refresh_token": "r",
        "client_id": "c",
        "client_secret": "s",
    }
    with pytest.raises(ConfigError, match=told):
        check_access(ApiAccess(**given | other))


def test_a_store_without_access_is_named(amazon) -> None:
    api = clients(amazon)
    assert api.stores == ("acme-us", "acme-eu")
    with pytest.raises(NotFound, match="acme-uk"):
        api.of("acme-uk")
