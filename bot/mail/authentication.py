"""What mail servers found out about where a mail came from (RFC 8601, Authentication-Results).

Anybody can write such a header; only those of our own mailbox's server count. It puts them on top, so without
a name the topmost is taken; with one (mailboxes.yaml: authserv_id), the topmost of that name. A result for a
domain that is not Amazon's says nothing about Amazon: everybody can sign with a domain of their own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.mail.mime import Headers

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\b(spf|dkim|dmarc|compauth)\s{0,3}=\s{0,3}([a-z]+)")
_DOMAIN = re.compile(r"\b(?:header\.(?:d|i|from)|smtp\.mailfrom)\s{0,3}=\s{0,3}\"?([^\s;\"]{1,255})")
_SERVER = re.compile(r"\s*\"?([a-z0-9][a-z0-9._-]{0,254})\"?(?:\s+[0-9]+)?\s*(?:;|$)")
_MOST = 20
_FAILED = frozenset({"fail", "hardfail", "reject"})


@dataclass(frozen=True, slots=True)
class Result:
    """One check: how it ended, and for which domain ("" if the server does not say)."""

    method: str
    outcome: str
    domain: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one server found; `server` is its name, "" if it gives none."""

    server: str
    results: tuple[Result, ...]


def stamps(headers: Headers) -> Iterator[Stamp]:
    """The results in a mail, topmost first, at most twenty."""
    for raw in headers.all("authentication-results")[:_MOST]:
        text = _COMMENT.sub("", " ".join(raw.decode("utf-8", "replace").split()).lower())
        server = _SERVER.match(text)
        name = server[1] if server and "=" not in server[1] else ""
        yield Stamp(name, tuple(_results(text)))


def _results(text: str) -> Iterator[Result]:
    for clause in text.split(";"):
        found = list(_RESULT.finditer(clause))
        for place, match in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(clause)
            domain = _DOMAIN.search(clause, match.end(), end)
            yield Result(match[1], match[2], domain[1].rpartition("@")[2].rstrip(".") if domain else "")


def failed(stamp: Stamp, is_amazon: Callable[[str], bool]) -> str:
    """Which check failed, as `dmarc=fail`, for a mail that says to be Amazon's; empty if none did.

    An spf failure with dkim and dmarc passed is a forwarded mail; a check that was not made is no failure.
    """

    def outcome(method: str) -> str:
        of_method = [one for one in stamp.results if one.method == method]
        if any(one.outcome == "pass" and (not one.domain or is_amazon(one.domain)) for one in of_method):
            return "pass"
        return "fail" if any(one.outcome in _FAILED for one in of_method) else ""

    if outcome("dmarc") == "fail":
        return "dmarc=fail"
    if outcome("dkim") == "fail":
        return "dkim=fail"
    is_forwarded = outcome("dkim") == outcome("dmarc") == "pass"
    if outcome("spf") == "fail" and not is_forwarded:
        return "spf=fail"
    return "compauth=fail" if outcome("compauth") == "fail" and outcome("dmarc") != "pass" else ""


def proves(stamp: Stamp, is_site: Callable[[str], bool]) -> bool:
    """Whether the server vouches for Amazon: a signature of a site's own domain, or dmarc passed for it.

    Amazon's mail service (amazonses.com) signs for all of its customers: its signature proves nothing.
    """
    return any(
        one.method in ("dkim", "dmarc")
        and one.outcome == "pass"
        and (is_site(one.domain) or (one.method == "dmarc" and not one.domain))
        for one in stamp.results
    )
