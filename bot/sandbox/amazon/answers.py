"""The door of the API, as Amazon keeps it: route, token, role, rate, form, well-known examples, the work itself."""

import json
import uuid
from dataclasses import dataclass
from typing import Any, Self

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.amazon import messaging, orders, uploads
from bot.sandbox.amazon.core import Core
from bot.sandbox.amazon.model import Json, Operation, find
from bot.sandbox.amazon.troubles import error, quota_exceeded
from bot.sandbox.amazon.validation import request_faults
from bot.sandbox.amazon.world import Account, Refusal


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `found` is the operation and what stands at the places of its path."""

    found: tuple[Operation, dict[str, str]] | None
    pairs: tuple[tuple[str, str], ...]
    token: str
    content_type: str
    url: str

    @classmethod
    def of(cls, request: Request, url: str) -> Self:
        """Read off a request; `url` is where this server is."""
        raw_path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        return cls(
            found=find(request.method, raw_path),
            pairs=tuple(request.query_params.multi_items()),
            token=request.headers.get("x-amz-access-token", ""),
            content_type=request.headers.get("content-type", ""),
            url=url,
        )

    @property
    def query(self) -> dict[str, str]:
        """Each parameter once, as `_check_form` has made sure."""
        return dict(self.pairs)


def answer(core: Core, asked: Asked, raw: bytes) -> Response:
    """One call, from route to answer."""
    try:
        response = _answered(core, asked, raw)
    except Refusal as why:
        response = error(why.status, why.code, why.message, why.details)
    if asked.found is not None:
        _add_rate(core, asked.found[0], response)
    response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    return response


def _answered(core: Core, asked: Asked, raw: bytes) -> Response:
    if asked.found is None:
        raise Refusal(404, "NotFound", "The requested resource doesn't exist.")
    operation, path = asked.found
    account = core.tokens.account_of(asked.token)
    role = operation.path.split("/")[1]
    if role not in account.roles:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", f"role: {role}")
    if not core.rates.may_pass(account.name, operation):
        return quota_exceeded(None)
    body = _parsed(asked, raw)
    known = _example(operation, {**asked.query, **path}, body)
    if known is None or known.status_code < 400:
        _check_form(operation, asked, body, has_body=bool(raw))
    if known is not None:
        return known
    _check_known(operation, path)
    done = _done(core, account, asked, body)
    return JSONResponse(done, 201 if operation.method == "POST" else 200, media_type=operation.produces)


def _parsed(asked: Asked, raw: bytes) -> Any:
    if raw and asked.content_type.partition(";")[0] != "application/json":
        raise Refusal(415, "UnsupportedMediaType", "Unsupported Media Type", asked.content_type)
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        raise Refusal(400, "InvalidInput", "Invalid Input", "body: is no JSON") from None


def _check_form(operation: Operation, asked: Asked, body: Any, *, has_body: bool) -> None:
    """Raises Refusal with the keys that don't fit the model."""
    faults = request_faults(operation, asked.pairs, body, has_body=has_body)
    if faults:
        raise Refusal(400, "InvalidInput", "Invalid Input", "; ".join(faults))


def _example(operation: Operation, given: dict[str, str], body: Any) -> Response | None:
    """The model's own answer, if it has one for this request; as in Amazon's static sandbox."""
    for one in operation.examples:
        if all(
            _fits(value, body if name == "body" else given.get(name))
            for name, value in one.parameters.items()
        ):
            return JSONResponse(one.answer, one.status, media_type=operation.produces)
    return None


def _check_known(operation: Operation, path: dict[str, str]) -> None:
    """About an order of the examples nothing else can be said; the orders themselves have all their data sets."""
    known = {one.parameters.get("amazonOrderId") for one in operation.examples}
    if path.get("amazonOrderId") in known - {None}:
        raise Refusal(400, "InvalidInput", "Could not match input arguments")


def _fits(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, list) and isinstance(got, str):
        return set(wanted) == set(got.split(","))
    return bool(wanted == got)


def _done(core: Core, account: Account, asked: Asked, body: Any) -> Json:
    if asked.found is None:
        raise Refusal(404, "NotFound", "The requested resource doesn't exist.")
    (operation, path), world, query = asked.found, core.world, asked.query
    site = query.get("marketplaceIds", "")
    match operation.name:
        case "getOrder":
            return orders.get_order(world, account, path, query)
        case "createUploadDestinationForResource":
            return uploads.create(world, account, path["resource"], query, asked.url)
        case "getMessagingActionsForOrder" | "GetAttributes" | "getSolicitationActionsForOrder":
            return messaging.looked(world, account, operation.name, path["amazonOrderId"], site)
        case "getSubscription":
            return world.subscription_of(account, path["notificationType"])
        case "searchOrders":
            raise Refusal(400, "InvalidInput", "Could not match input arguments")
    return messaging.send(world, account, operation, path, (site, body or {}, core.clock.now()))


def _add_rate(core: Core, operation: Operation, response: Response) -> None:
    rate = core.rates.rate_of(operation)
    if rate is not None and operation.says_rate(response.status_code):
        response.headers["x-amzn-RateLimit-Limit"] = f"{rate:g}"
