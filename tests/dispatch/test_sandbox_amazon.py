"""The stand-in for Amazon's API is as strict as its models: what it takes, refuses, counts and gets wrong on demand."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.errors import WrongInput
from bot.sandbox.amazon import model
from bot.sandbox.amazon.orders import invent
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.amazon.validation import faults_of
from tests.dispatch.amazon_shop import BOTTLE, BOUGHT, DE, LAMP, REFRESH, SECRET, US, open_shop

KNOWN = "123-1234567-1234567"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop(rate_limits=True) as found:
        yield found


class Seller:
    def __init__(self, amazon: AmazonSandbox, store: str = "acme-us") -> None:
        self.amazon, self.store = amazon, store
        self.token = self.login().json()["access_token"]

    def login(self, **other: str) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": REFRESH[self.store],
            "client_id": "app",
            "client_secret": SECRET,
        }
        return httpx.post(self.amazon.token_url, data=form | other)

    def ask(self, method: str, path: str, **more) -> httpx.Response:
        headers = {"x-amz-access-token": self.token}
        return httpx.request(method, self.amazon.url + path, headers=headers, **more)

    def order(self, order_id: str, sets: str = "FULFILLMENT,PACKAGES") -> httpx.Response:
        return self.ask("GET", f"/orders/2026-01-01/orders/{order_id}?includedData={sets}")

    def send(self, kind: str, body, order_id: str = BOTTLE, site: str = US) -> httpx.Response:
        path = f"/messaging/v1/orders/{order_id}/messages/{kind}?marketplaceIds={site}"
        return self.ask("POST", path, json=body)

    def place(self, content: bytes, kind: str = "invoice") -> dict:
        md5 = base64.b64encode(hashlib.md5(content).digest()).decode()
        path = f"/uploads/2020-11-01/uploadDestinations/messaging/v1/orders/{BOTTLE}/messages/{kind}"
        wanted = {"marketplaceIds": US, "contentMD5": md5, "contentType": "application/pdf"}
        return self.ask("POST", path, params=wanted).json()["payload"]


def test_each_operation_of_the_models_can_be_called_and_answers_its_own_examples(amazon) -> None:
    seller, tried = Seller(amazon), 0
    for operation in model.operations().values():
        for example in operation.examples:
            given = dict(example.parameters)
            body = given.pop("body", None)
            path = operation.path
            for name in [name for name in given if f"{{{name}}}" in path]:
                path = path.replace(f"{{{name}}}", given.pop(name))
            if operation.name not in ("getOrder", "searchOrders"):
                given.setdefault("marketplaceIds", US)
            query = {k: ",".join(v) if isinstance(v, list) else v for k, v in given.items()}
            if operation.body is not None and body is None:
                body = {}
            answer = seller.ask(
                operation.method, path, params=query, **({"json": body} if body is not None else {})
            )
            amazon.skip(60)
            assert answer.status_code == example.status, (operation.name, given, answer.text)
            assert answer.json() == example.answer
            tried += 1
    assert tried == 32


def test_examples_of_the_models_fit_their_own_schemas() -> None:
    faults = [
        (operation.name, fault)
        for operation in model.operations().values()
        for example in operation.examples
        for fault in faults_of(
            example.answer, operation.responses[example.status]["schema"], operation.definitions, ""
        )
    ]
    assert faults == []


def test_the_models_carry_their_licence() -> None:
    assert "Apache License" in (model.FOLDER / "LICENSE").read_text("utf-8")
    assert (Path(model.FOLDER) / "README.md").is_file()


def test_a_message_is_taken_and_remembered_once(amazon) -> None:
    answer = Seller(amazon).send("unexpectedProblem", {"text": "Sold out"})
    assert (answer.status_code, answer.json()) == (201, {})
    assert answer.headers["content-type"] == "application/hal+json"
    assert answer.headers["x-amzn-RateLimit-Limit"] == "1"
    assert answer.headers["x-amzn-RequestId"]
    [sent] = amazon.wait_for_sent(1)
    assert (sent.account, sent.order_id, sent.kind, sent.body) == (
        "acme-us",
        BOTTLE,
        "unexpectedProblem",
        {"text": "Sold out"},
    )


@pytest.mark.parametrize(
    ("kind", "body", "query", "key"),
    [
        ("unexpectedProblem", {"text": ""}, US, "body.text: 0 characters, at least 1"),
        ("unexpectedProblem", {"text": "x" * 2001}, US, "body.text: 2001 characters, at most 2000"),
        ("unexpectedProblem", {"text": 5}, US, "body.text: expected string, got int"),
        ("unexpectedProblem", {"txt": "x"}, US, "body.txt: is not known"),
        ("unexpectedProblem", {"text": "x", "marketplaceIds": [US]}, US, "body.marketplaceIds: is not known"),
        ("unexpectedProblem", {"text": "x"}, f"{US},{DE}", "marketplaceIds: 2 entries, at most 1"),
        (
            "unexpectedProblem",
            {"text": "x"},
            f"{US}&marketplaceIds={DE}",
            "marketplaceIds: is given more than once",
        ),
        ("unexpectedProblem", {"text": "x"}, f"{US}&MarketplaceId={US}", "MarketplaceId: is no parameter"),
        ("invoice", {"attachments": []}, US, "body.attachments: 0 entries, at least 1"),
        (
            "invoice",
            {"attachments": [{"fileName": "a"}]},
            US,
            "body.attachments.0.uploadDestinationId: is required",
        ),
        (
            "warranty",
            {"coverageStartDate": "2026-11-20T00:00:00"},
            US,
            "body.coverageStartDate: has no offset",
        ),
        ("digitalAccessKey", {"text": "x" * 401}, US, "body.text: 401 characters, at most 400"),
    ],
)
def test_what_does_not_fit_the_model_is_refused_with_the_key_that_is_wrong(
    amazon, kind, body, query, key
) -> None:
    answer = Seller(amazon).send(kind, body, site=query)
    assert answer.status_code == 400
    [told] = answer.json()["errors"]
    assert told["code"] == "InvalidInput"
    assert key in told["details"]
    assert amazon.sent == []


def test_a_required_parameter_is_required(amazon) -> None:
    answer = Seller(amazon).ask("GET", f"/messaging/v1/orders/{BOTTLE}")
    assert answer.json()["errors"][0]["details"] == "marketplaceIds: is required"


def test_an_order_shows_the_asked_data_sets_to_its_own_store_alone(amazon) -> None:
    own, other = Seller(amazon), Seller(amazon, "acme-eu")
    shown = own.order(BOTTLE).json()["order"]
    assert shown["packages"][0]["trackingNumber"] == "1Z999"
    assert "packages" not in own.order(BOTTLE, "FULFILLMENT").json()["order"]
    assert other.order(BOTTLE).status_code == 404
    assert own.order(BOTTLE, "BUYER").status_code == 403
    assert (
        own.order(BOTTLE, "PAKETE")
        .json()["errors"][0]["details"]
        .startswith("includedData.0: 'PAKETE' is none")
    )
    assert "packages" not in other.order(LAMP).json()["order"]


def test_an_order_that_the_model_does_not_allow_can_not_be_put_in(amazon) -> None:
    order = invent("1", "US", BOUGHT)
    del order["orderItems"][0]["product"]
    order["fulfillment"]["fulfillmentStatus"] = "LOST"
    with pytest.raises(
        WrongInput, match=r"fulfillmentStatus: 'LOST'[\s\S]*orderItems\.0\.product: is required"
    ):
        amazon.add_order(order)


def test_only_what_the_order_allows_can_be_sent(amazon) -> None:
    seller = Seller(amazon, "acme-eu")
    allowed = seller.ask("GET", f"/messaging/v1/orders/{LAMP}?marketplaceIds={DE}").json()["_links"][
        "actions"
    ]
    assert "warranty" not in [one["name"] for one in allowed]
    assert "invoice" in [one["name"] for one in allowed]
    refused = seller.send("warranty", {}, LAMP, DE)
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["message"] == "Invalid amazonOrderId and template combination."
    locale = seller.ask("GET", f"/messaging/v1/orders/{LAMP}/attributes?marketplaceIds={DE}").json()
    assert locale == {"buyer": {"locale": "de-DE"}}


def test_a_solicitation_goes_once_for_an_order(amazon) -> None:
    seller = Seller(amazon)
    path = (
        f"/solicitations/v1/orders/{BOTTLE}/solicitations/productReviewAndSellerFeedback?marketplaceIds={US}"
    )
    assert [seller.ask("POST", path).status_code for _ in range(2)] == [201, 403]


def test_a_removed_operation_is_not_there(amazon) -> None:
    assert Seller(amazon).send("negativeFeedbackRemoval", {}).status_code == 404


def test_a_well_known_order_takes_the_words_of_the_example_alone(amazon) -> None:
    seller = Seller(amazon)
    assert seller.send("unexpectedProblem", {"text": "My Message"}, KNOWN).status_code == 201
    assert seller.send("unexpectedProblem", {"text": "Another"}, KNOWN).status_code == 400


def test_a_file_is_taken_with_the_right_checksum_alone(amazon) -> None:
    seller, content = Seller(amazon), b"%PDF-1.4 invoice"
    place = seller.place(content)
    wrong = httpx.put(place["url"], content=b"another", headers=place["headers"])
    assert (wrong.status_code, "BadDigest" in wrong.text) == (400, True)
    assert httpx.put(place["url"], content=content).status_code == 403
    with_token = place["headers"] | {"x-amz-access-token": seller.token}
    assert httpx.put(place["url"], content=content, headers=with_token).status_code == 400
    body = {"attachments": [{"uploadDestinationId": place["uploadDestinationId"], "fileName": "i.pdf"}]}
    assert "nothing was uploaded" in seller.send("invoice", body).json()["errors"][0]["details"]
    assert httpx.put(place["url"], content=content, headers=place["headers"]).status_code == 200
    assert amazon.uploaded(place["uploadDestinationId"]) == content
    assert "is not for this message" in seller.send("warranty", body).json()["errors"][0]["details"]
    assert seller.send("invoice", body).status_code == 201


def test_a_checksum_that_was_encoded_twice_is_no_checksum(amazon) -> None:
    path = f"/uploads/2020-11-01/uploadDestinations/messaging/v1/orders/{BOTTLE}/messages/invoice"
    wanted = {"marketplaceIds": US, "contentMD5": "XUFAKrxLKna5cZ2REBfFkg%3D%3D"}
    told = Seller(amazon).ask("POST", path, params=wanted).json()["errors"][0]["details"]
    assert told == "contentMD5: is no MD5 in base64"


def test_tokens_are_for_valid_credentials_and_an_hour(amazon) -> None:
    seller = Seller(amazon)
    assert seller.login(refresh_token="x").json()["error"] == "invalid_grant"
    assert (seller.login(client_secret="x").status_code, seller.login(client_secret="x").json()["error"]) == (
        401,
        "invalid_client",
    )
    assert seller.order(BOTTLE).status_code == 200
    amazon.skip(3601)
    assert "expired" in seller.order(BOTTLE).json()["errors"][0]["details"]
    seller.token = seller.login().json()["access_token"]
    assert seller.order(BOTTLE).status_code == 200
    amazon.revoke("acme-us")
    assert seller.order(BOTTLE).status_code == 403
    assert seller.login().json()["error"] == "invalid_grant"
    assert Seller(amazon, "acme-eu").order(LAMP).status_code == 200


def test_who_calls_too_often_is_told_so_by_operation_and_account(amazon) -> None:
    seller = Seller(amazon)
    sent = [seller.send("unexpectedProblem", {"text": "x"}).status_code for _ in range(6)]
    assert sent == [201] * 5 + [429]
    refused = seller.send("unexpectedProblem", {"text": "x"})
    assert refused.json()["errors"][0]["code"] == "QuotaExceeded"
    assert "x-amzn-RateLimit-Limit" not in refused.headers
    assert seller.send("confirmOrderDetails", {"text": "x"}).status_code == 201
    amazon.skip(1)
    assert seller.send("unexpectedProblem", {"text": "x"}).status_code == 201


@pytest.mark.parametrize(
    ("what", "status", "text"),
    [
        ("throttled", 429, "QuotaExceeded"),
        ("throttled_bare", 429, ""),
        ("forbidden_bare", 403, ""),
        ("denied", 403, "Unauthorized"),
        ("html", 503, "<html>"),
        ("gateway", 502, '{"message":'),
        ("internal", 500, "InternalFailure"),
        ("page", 200, "<html>"),
    ],
)
def test_what_goes_wrong_on_demand_goes_wrong_once(amazon, what, status, text) -> None:
    seller = Seller(amazon)
    amazon.next_errors("createUnexpectedProblem", what)
    answer = seller.send("unexpectedProblem", {"text": "x"})
    assert answer.status_code == status
    assert text in answer.text
    assert (answer.headers.get("x-amzn-RateLimit-Limit") == "1") == (what == "throttled")
    assert amazon.sent == []
    assert seller.send("unexpectedProblem", {"text": "x"}).status_code == 201


def test_an_answer_can_be_lost_after_the_work_was_done(amazon) -> None:
    seller = Seller(amazon)
    amazon.next_errors("createUnexpectedProblem", "cut", after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        seller.send("unexpectedProblem", {"text": "x"})
    amazon.next_errors("createUnexpectedProblem", "hang", after=True)
    path = f"/messaging/v1/orders/{BOTTLE}/messages/unexpectedProblem?marketplaceIds={US}"
    with pytest.raises(httpx.ReadTimeout):
        seller.ask("POST", path, json={"text": "y"}, timeout=httpx.Timeout(20, read=0.3))
    assert [one.body["text"] for one in amazon.wait_for_sent(2)] == ["x", "y"]
    with pytest.raises(WrongInput):
        amazon.next_errors("getOrder", "explode")
