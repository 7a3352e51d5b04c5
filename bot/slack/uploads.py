"""Files that a person chose in a modal, fetched from Slack: from Slack's own host, within bounds of size and time.

Never called before an ack. The bot's token travels to no other host, not even where Slack's answer leads.
"""

from collections.abc import Sequence
from typing import Any

import httpx
from slack_sdk import WebClient

from bot.clock import monotonic
from bot.domain.files import danger_of
from bot.domain.passed_on import MOST_BYTES
from bot.domain.typed_messages import MessageFile
from bot.errors import Refused, Unreachable, WrongInput
from bot.slack.post import call

PATIENCE_SECONDS = 25.0
"""For all files of one modal together."""
_TIMEOUT = httpx.Timeout(8.0)
_REFUSED_DANGERS = frozenset({"program", "macros", "archive", "disguised"})
_NO_RIGHT = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})


def fetch(
    client: WebClient, ids: Sequence[str], patience_s: float = PATIENCE_SECONDS
) -> tuple[MessageFile, ...]:
    """The files with these ids. Raises WrongInput, whose text says what is wrong with which; Unreachable."""
    until, left, found = monotonic() + patience_s, MOST_BYTES, []
    for id_ in ids:
        found.append(_fetch_one(client, id_, left, until))
        left -= len(found[-1].content)
    return tuple(found)


def _fetch_one(client: WebClient, id_: str, most: int, until: float) -> MessageFile:
    about = _about(client, id_)
    name = str(about.get("name") or id_)
    if int(about.get("size") or 0) > most:
        raise _too_large()
    content = _download(client, about, name, most, until)
    kind = str(about.get("mimetype") or "application/octet-stream")
    if (danger := danger_of(name, kind, content)) in _REFUSED_DANGERS:
        raise WrongInput(
            f"{name!r} is not sent: it is dangerous or not what its name says ({danger}).",
            key="file_dangerous",
            file=name,
        )
    return MessageFile(name, kind, content)


def _about(client: WebClient, id_: str) -> dict[str, Any]:
    """What Slack says of a file now: in a modal's state it may say nothing but the id."""
    try:
        return dict(call(client.files_info, file=id_)["file"])
    except Refused as why:
        if why.code in _NO_RIGHT:
            raise _not_readable() from why
        raise WrongInput("A file is not in Slack any more. Choose it again.", key="file_gone") from why


def _download(client: WebClient, about: dict[str, Any], name: str, most: int, until: float) -> bytes:
    url = str(about.get("url_private_download") or about.get("url_private") or "")
    if about.get("is_external") or not is_slacks(url, client.base_url):
        raise WrongInput(
            f"{name!r} does not lie in Slack. Choose it from your own machine.",
            key="file_elsewhere",
            file=name,
        )
    headers = {"authorization": f"Bearer {client.token}"}
    try:
        with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=False) as answer:
            if answer.status_code in (301, 302, 303, 307, 401, 403):
                raise _not_readable()
            answer.raise_for_status()
            return _bounded(answer, most, until)
    except httpx.HTTPError as why:
        raise Unreachable(f"A file could not be fetched from Slack ({type(why).__name__}).") from why


def _bounded(answer: httpx.Response, most: int, until: float) -> bytes:
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > most:
            raise _too_large()
        if monotonic() > until:
            raise httpx.ReadTimeout("the file did not end", request=answer.request)
    return bytes(content)


def is_slacks(url: str, api_url: str) -> bool:
    """Whether an address is at the host of Slack's API or below its name, in the same way of talking."""
    try:
        there, api = httpx.URL(url), httpx.URL(api_url)
    except httpx.InvalidURL:
        return False
    if (there.scheme, there.port) != (api.scheme, api.port) or there.userinfo:
        return False
    home = api.host.removeprefix("www.")
    return there.host == home or ("." in home and not _is_address(home) and there.host.endswith(f".{home}"))


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdecimal()


def _too_large() -> WrongInput:
    most = MOST_BYTES // (1024 * 1024)
    return WrongInput(
        f"The files are larger than {most} MB together.", key="files_too_large", most=f"{most} MB"
    )


def _not_readable() -> WrongInput:
    return WrongInput(
        "The app may not read files in Slack: it lacks the scope files:read.", key="files_not_readable"
    )
