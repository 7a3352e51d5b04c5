"""What an answer of Amazon means: nothing, or one of our errors. Every status that is not 2xx is an error.

A read may be asked again, so whatever is no clear no is Unreachable. A message to a buyer may not: after a 5xx, or
an answer that is not Amazon's, nobody knows whether the buyer has it, so that is Unsure. Codes: amazon.md 1.4.
"""

from dataclasses import dataclass

from bot.amazon.line import Answer
from bot.amazon.words import one_line
from bot.errors import Outside, Refused, Throttled, Unreachable, Unsure

_LATER = frozenset((408, 425))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what. `rate` is how often a second it may be asked, as far as we know."""

    store: str
    operation: str
    rate: float | None = None

    def __str__(self) -> str:
        return f"Amazon's {self.operation} for the store {self.store}"


def fault_of_read(asking: Asking, answer: Answer) -> Outside | None:
    """What is wrong with the answer to a question that can be asked again; None for a good answer."""
    if answer.status == 429:
        return _throttled(asking, answer)
    if 400 <= answer.status < 500 and answer.status not in _LATER:
        return _refused(asking, answer)
    if not 200 <= answer.status < 300:
        return Unreachable(
            f"{asking} answered {answer.status}: it can't be asked now. It is asked again later"
        )
    if answer.json.get("errors"):
        return _refused(asking, answer)
    if answer.is_odd:
        return Unreachable(
            f"{asking} answered something that is not Amazon's, as a proxy or a login page would. "
            "It is asked again later"
        )
    return None


def fault_of_send(asking: Asking, answer: Answer) -> Outside | None:
    """What is wrong with the answer to a message; only 201 with an object and without errors is a yes."""
    if answer.status == 429:
        return _throttled(asking, answer)
    if 400 <= answer.status < 500 and answer.status not in _LATER:
        return _refused(asking, answer)
    if answer.status == 201 and not answer.is_odd and not answer.json.get("errors"):
        return None
    return unsure(asking, f"it answered {answer.status}, which says neither yes nor no")


def unsure(asking: Asking, what: str) -> Unsure:
    """A message may or may not be with the buyer."""
    return Unsure(
        f"{asking} may or may not have sent the message: {what}. It is not sent again by itself; "
        "look at the order's messages in Seller Central, then decide"
    )


def code_of(answer: Answer) -> str:
    """Amazon's own word for what is wrong; the status if it has none."""
    return _first_error(answer).get("code") or str(answer.status)


def says_token_ended(answer: Answer) -> bool:
    """Whether the access token was refused, not what it was shown for."""
    told = " ".join(_first_error(answer).values()).lower()
    return answer.status == 401 or (answer.status == 403 and "token" in told)


def _throttled(asking: Asking, answer: Answer) -> Throttled:
    after = _number(answer.headers.get("retry-after"))
    rate = _number(answer.headers.get("x-amzn-ratelimit-limit")) or asking.rate
    wait = after if after is not None else 1 / rate if rate else None
    return Throttled(f"{asking} was asked too often. It is asked again later", retry_after=wait)


def _refused(asking: Asking, answer: Answer) -> Refused:
    told = _first_error(answer)
    words = ". ".join(one.rstrip(".") for one in (told.get("message"), told.get("details")) if one)
    said = f"{code_of(answer)} {words}".strip()
    return Refused(f"{asking} was refused: {said}", code=code_of(answer))


def _first_error(answer: Answer) -> dict[str, str]:
    errors = answer.json.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return {}
    return {key: one_line(str(first[key]), 200) for key in ("code", "message", "details") if first.get(key)}


def _number(text: str | None) -> float | None:
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and 0 < found < 86_400 else None
