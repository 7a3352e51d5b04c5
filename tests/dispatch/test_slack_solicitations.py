"""A manager has Amazon ask for a review, from the details of a case, over real bolt and the stand-in for Amazon.

In the demo's team Wang Fang is the only manager, and reads Chinese; Anna reads English.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.desk import solicitations
from bot.desk.knowledge import Knowledge
from bot.sandbox.amazon.orders import invent
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.slack.driver import Post
from bot.sandbox.slack.driver_views import Modal
from bot.settings.api import ApiSettings
from bot.settings.shape import AmazonSettings, Settings
from bot.slack import ids
from tests.dispatch.amazon_shop import BOUGHT, REFRESH, SECRET, open_shop
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import WANG

KETTLE = "302-1112223-3334445"
ASK = "createProductReviewAndSellerFeedbackSolicitation"
CHANNEL, BUTTON = "amz-nordlicht", "请求评论"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        found.add_order(invent(KETTLE, "DE", BOUGHT, title="Wasserkocher"), account="acme-eu")
        yield found


@pytest.fixture
def office(
    tmp_path: Path,
    knowledge: Knowledge,
    demo_settings: Callable[..., Settings],
    amazon: AmazonSandbox,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Office]:
    """Nordlicht has access to Amazon's API; its managers may ask for reviews, unless a test says off."""
    for name, value in {"EU": REFRESH["acme-eu"], "APP": "app", "APP_SECRET": SECRET}.items():
        monkeypatch.setenv(name, value)
    names = {"refresh_token_env": "EU", "client_id_env": "APP", "client_secret_env": "APP_SECRET"}
    is_on = getattr(request, "param", True)
    api = ApiSettings(**names, endpoint=amazon.url, solicitations=is_on)
    stores = demo_settings().stores
    found = stores | {"nordlicht": stores["nordlicht"].model_copy(update={"api": api})}
    place = AmazonSettings(token_url=amazon.token_url)
    with running_office(tmp_path, knowledge, stores=found, amazon=place) as running:
        yield running


def details(office: Office, case: Case, who: str = "wang.fang") -> Modal:
    return office.opened(office.ws.user(who).command(f"/case {case.number}", CHANNEL))


def thanked(office: Office) -> Case:
    return office.new_case("Thank you, it works well!", marketplace="DE", order_id=KETTLE)


def test_a_manager_asks_from_the_details_and_is_told_how_it_ended(
    office: Office, amazon: AmazonSandbox
) -> None:
    case = thanked(office)
    form = office.opened(details(office, case).press(BUTTON))
    form.expect(KETTLE).expect("送达后 5 至 30 天内").expect("24 小时计时照常")
    assert amazon.calls(ASK) == []
    assert form.submit().closed
    office.until(lambda: amazon.calls(ASK))
    office.quiet()
    office.ws.user("wang.fang").expect_dm(f"亚马逊将请订单 {KETTLE} 的买家评价")
    seen = details(office, case, "anna")
    seen.expect("Review asked for").expect("Amazon asks the buyer")
    assert "Ask for a review" not in seen.plain
    assert [(one.order_id, one.kind) for one in amazon.sent] == [(KETTLE, "productReviewAndSellerFeedback")]


def test_a_form_that_was_open_twice_asks_once(office: Office, amazon: AmazonSandbox) -> None:
    case = thanked(office)
    first = office.opened(details(office, case).press(BUTTON))
    solicitations.ask(office.desk, case.number, by=WANG)
    refused = first.submit().modal
    assert refused is not None
    refused.expect("每个订单只能请求一次")
    office.until(lambda: amazon.calls(ASK))
    office.quiet()
    assert len(amazon.calls(ASK)) == 1
    office.close_modals()


def test_who_is_no_manager_has_no_button_and_no_way_around_it(office: Office, amazon: AmazonSandbox) -> None:
    case = thanked(office)
    assert "Ask for a review" not in details(office, case, "anna").plain
    office.close_modals()
    forged = {"type": "button", "action_id": ids.CASE_SOLICIT, "value": f"{case.number}:0"}
    forged["text"] = {"type": "plain_text", "text": "forged"}
    post = post_with(office, forged)
    post.click("forged", by="anna")
    office.ws.user("anna").modal().expect("<@U0WANG>")
    office.close_modals()
    assert amazon.calls(ASK) == []


def post_with(office: Office, button: dict[str, object]) -> Post:
    client = WebClient("xoxb-sandbox", base_url=office.sandbox.api_url)
    blocks = [{"type": "actions", "elements": [button]}]
    client.chat_postMessage(channel=CHANNEL, text="a forged button", blocks=blocks)
    return office.ws.channel(CHANNEL).expect("a forged button")


@pytest.mark.parametrize("office", [False], indirect=True)
def test_off_there_is_no_button(office: Office) -> None:
    case = thanked(office)
    shown = details(office, case)
    shown.expect("Thank you, it works well!")
    assert BUTTON not in shown.plain


def test_what_amazon_does_not_offer_is_said_with_the_reason(office: Office, amazon: AmazonSandbox) -> None:
    amazon.offer_reviews(KETTLE, offered=False)
    case = thanked(office)
    assert office.opened(details(office, case).press(BUTTON)).submit().closed
    office.ws.user("wang.fang").expect_dm("仅限送达后 5 至 30 天内")
    office.quiet()
    details(office, case).expect("亚马逊目前不允许此订单请求评论").expect(BUTTON)
    office.close_modals()


def test_without_an_answer_it_is_unsure_and_the_button_is_gone(office: Office, amazon: AmazonSandbox) -> None:
    amazon.next_errors(ASK, "cut", after=True)
    case = thanked(office)
    assert office.opened(details(office, case).press(BUTTON)).submit().closed
    office.ws.user("wang.fang").expect_dm("不会再次请求")
    office.quiet()
    shown = details(office, case)
    shown.expect("无法确认亚马逊是否收到")
    assert f"为订单 {KETTLE} 请求评论" not in shown.plain
    assert len(amazon.calls(ASK)) == 1


def test_a_risk_takes_the_button_away_and_a_form_that_is_open_is_refused(
    office: Office, amazon: AmazonSandbox
) -> None:
    case = thanked(office)
    form = office.opened(details(office, case).press(BUTTON))
    case.write_again("The kettle caught fire and burned my hand!")
    office.until(lambda: case.now.risk)
    refused = form.submit().modal
    assert refused is not None
    refused.expect("涉及风险")
    office.close_modals()
    assert "请求评论" not in details(office, case).plain
    office.close_modals()
    assert amazon.calls(ASK) == []
