"""Notices to the robots of Feishu, DingTalk and WeCom groups, and to any program that takes JSON.

Sources: open.feishu.cn client-docs/bot-v3/add-custom-bot (signature, codes 19021, 19022, 19024, 11232),
open.dingtalk.com custom-robots-send-group-messages (signature, codes 310000, 410100; 130101 is the older code
of the same), developer.work.weixin.qq.com path 91770 and the list of global codes (-1, 45009, 93000).

These services answer 200 to what they did not take and say why in the body: only their own 0 is a yes.
An answer that does not come counts as Unreachable: the notice may come twice, never not at all.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

import httpx

from bot.clock import monotonic
from bot.domain.loopback import is_loopback
from bot.errors import ConfigError, Refused, Unreachable
from bot.mail.answers import plain
from bot.notify.notice import Notice, text, title

HookKind = Literal["feishu", "dingtalk", "wecom", "generic"]

ANSWER_BYTES = 16 * 1024
AGAIN_LATER = {
    "feishu": {11232},
    "dingtalk": {-1, 130101, 410100},
    "wecom": {-1, 45009},
}
"""Codes that say "busy" or "too fast"; every other one needs a person."""
_BUSY_STATUSES = {408, 425, 429}
_ADVICE = {
    ("feishu", 19021): "Check its secret, and this machine's clock",
    ("feishu", 19022): "Put this machine's address on the robot's list of addresses",
    ("feishu", 19024): "The robot wants a key word; use its signature check instead",
    ("dingtalk", 310000): "Check secret, key words and list of addresses in the robot's security settings, "
    "and this machine's clock",
    ("wecom", 93000): "Its address is not valid any more; copy it again from the group",
}


@dataclass(frozen=True, slots=True)
class Hook:
    """Where notices go. `url` is as secret as `secret`: whoever knows it can post.

    `mobiles`: telephone numbers of those to be mentioned, in DingTalk and WeCom.
    """

    kind: HookKind
    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    mobiles: tuple[str, ...] = field(default=(), repr=False)
    timeout_s: float = 10


@dataclass(frozen=True, slots=True)
class _Letter:
    url: httpx.URL
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    retry_after: float | None


def check_hook(hook: Hook) -> None:
    """Raises ConfigError when notices can't go there: no https (but to this machine), no host, unknown kind."""
    if hook.kind not in get_args(HookKind):
        raise ConfigError(
            f"notify: there is no hook of kind {hook.kind}; one of {', '.join(get_args(HookKind))}"
        )
    try:
        url = httpx.URL(hook.url)
    except httpx.InvalidURL as why:
        raise ConfigError(
            f"notify: the {hook.kind} hook's address is no URL. Copy it from the robot"
        ) from why
    if not url.host or url.scheme not in ("https", "http"):
        raise ConfigError(f"notify: the {hook.kind} hook's address must begin with https:// and name a host")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ConfigError(
            f"notify: http is for this machine only, not for {url.host}: everybody on the way could read "
            f"the {hook.kind} hook's address and post in your name. Use https"
        )


def send(hook: Hook, notice: Notice, client: httpx.Client, now: datetime) -> None:
    """Post one notice. Raises ConfigError, Unreachable, Refused; none of their texts has the hook's address."""
    check_hook(hook)
    # httpx writes every address that it calls into its log, and with a hook the address is the secret.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    _judge(hook, _post(hook, _letter(hook, notice, now), client))


def _letter(hook: Hook, notice: Notice, now: datetime) -> _Letter:
    words, url = text(notice), httpx.URL(hook.url)
    if hook.kind == "feishu":
        return _as_json(url, {**_feishu_signature(hook, now), "msg_type": "text", "content": {"text": words}})
    if hook.kind == "dingtalk":
        # A number is mentioned only if the text names it too.
        mentions = "".join(f"\n@{mobile}" for mobile in hook.mobiles)
        at = {"at": {"atMobiles": list(hook.mobiles), "isAtAll": False}} if hook.mobiles else {}
        body = {"msgtype": "text", "text": {"content": words + mentions}, **at}
        return _as_json(url.copy_merge_params(_dingtalk_signature(hook, now)), body)
    if hook.kind == "wecom":
        mentioned = {"mentioned_mobile_list": list(hook.mobiles)} if hook.mobiles else {}
        return _as_json(url, {"msgtype": "text", "text": {"content": words, **mentioned}})
    return _signed(hook, now, _as_json(url, _for_programs(notice, words)))


def _as_json(url: httpx.URL, body: Mapping[str, object]) -> _Letter:
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}
    return _Letter(url, json.dumps(body, ensure_ascii=False).encode(), headers)


def _for_programs(notice: Notice, words: str) -> dict[str, object]:
    return {
        "title": title(notice),
        "text": words,
        "stage": notice.stage,
        "case": notice.case,
        "store": notice.store,
        "due_at": notice.due_at.isoformat() if notice.due_at else None,
    }


def _feishu_signature(hook: Hook, now: datetime) -> dict[str, object]:
    """Feishu signs an empty message with timestamp and secret as the key; seconds."""
    if not hook.secret:
        return {}
    timestamp = str(int(now.timestamp()))
    return {"timestamp": timestamp, "sign": _hmac64(f"{timestamp}\n{hook.secret}", b"")}


def _dingtalk_signature(hook: Hook, now: datetime) -> dict[str, str]:
    """DingTalk signs timestamp and secret with the secret; milliseconds, in the query."""
    if not hook.secret:
        return {}
    timestamp = str(int(now.timestamp() * 1000))
    return {"timestamp": timestamp, "sign": _hmac64(hook.secret, f"{timestamp}\n{hook.secret}".encode())}


def _signed(hook: Hook, now: datetime, letter: _Letter) -> _Letter:
    """Our own: hex HMAC-SHA256 of "timestamp.body" with the secret; the timestamp keeps it from being replayed."""
    if not hook.secret:
        return letter
    timestamp = str(int(now.timestamp()))
    message = f"{timestamp}.".encode() + letter.body
    sign = hmac.new(hook.secret.encode(), message, hashlib.sha256).hexdigest()
    more = {"X-Reply24-Timestamp": timestamp, "X-Reply24-Signature": f"sha256={sign}"}
    return _Letter(letter.url, letter.body, letter.headers | more)


def _hmac64(key: str, message: bytes) -> str:
    return base64.b64encode(hmac.new(key.encode(), message, hashlib.sha256).digest()).decode()


def _post(hook: Hook, letter: _Letter, client: httpx.Client) -> _Answer:
    until = monotonic() + hook.timeout_s
    try:
        with client.stream(
            "POST",
            letter.url,
            content=letter.body,
            headers=letter.headers,
            follow_redirects=False,
            timeout=hook.timeout_s,
        ) as response:
            after = response.headers.get("retry-after", "")
            return _Answer(
                response.status_code,
                _first_bytes(response, until),
                float(after) if after.isdecimal() else None,
            )
    except httpx.HTTPError as why:
        raise Unreachable(
            f"{_where(hook)} could not be reached ({type(why).__name__}). It is tried again later"
        ) from why


def _first_bytes(response: httpx.Response, until: float) -> bytes:
    """At most ANSWER_BYTES as they came, not unpacked, and not after `until`: both can be without end."""
    body = b""
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > ANSWER_BYTES:
            break
        if monotonic() > until:
            raise httpx.ReadTimeout("the answer did not end", request=response.request)
    return body[:ANSWER_BYTES]


def _judge(hook: Hook, answer: _Answer) -> None:
    if answer.status in _BUSY_STATUSES or answer.status >= 500:
        raise Unreachable(
            f"{_where(hook)} answered {answer.status}: it can't take notices now. It is tried again later",
            retry_after=answer.retry_after,
        )
    code, words = _verdict(answer.body) if hook.kind != "generic" else (None, "")
    if code in AGAIN_LATER.get(hook.kind, ()):
        raise Unreachable(
            f"{_where(hook)} is busy (code {code}). It is tried again later", retry_after=answer.retry_after
        )
    if not 200 <= answer.status < 300:
        raise _refused(hook, answer, code, words)
    if hook.kind == "generic" or code == 0:
        return
    if code is None:
        raise Unreachable(
            f"{_where(hook)} answered something that is not {hook.kind}'s, as a proxy or a login page would. "
            "It is tried again later; if it stays so, copy the hook's address again from the robot"
        )
    raise _refused(hook, answer, code, words)


def _refused(hook: Hook, answer: _Answer, code: int | None, words: str) -> Refused:
    if 300 <= answer.status < 400:
        return Refused(
            f"{_where(hook)} answered {answer.status} and sent us elsewhere; notices follow no redirect. "
            "Give the final address",
            code=str(answer.status),
        )
    said = f"{code} {_without_secrets(hook, plain(words))}".strip() if code else str(answer.status)
    advice = _ADVICE.get((hook.kind, code or 0), "Look at the settings of the robot and of the hook")
    return Refused(f"{_where(hook)} did not take the notice: {said}. {advice}", code=said.partition(" ")[0])


def _verdict(body: bytes) -> tuple[int | None, str]:
    """The service's own code and words; no code if the answer is not of its form."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(answer, dict):
        return None, ""
    said = [answer[key] for key in ("code", "StatusCode", "errcode") if key in answer]
    codes = [code for code in said if type(code) is int]
    words = next((answer[key] for key in ("msg", "StatusMessage", "errmsg") if answer.get(key)), "")
    # Feishu gives two codes at once; a yes has 0 in both.
    return next((code for code in codes if code != 0), codes[0] if codes else None), str(words)


def _without_secrets(hook: Hook, words: str) -> str:
    url = httpx.URL(hook.url)
    secrets = [hook.secret or "", *url.params.values(), *url.path.split("/")[-1:], *hook.mobiles]
    for secret in secrets:
        if len(secret) >= 6:
            words = words.replace(secret, "…")
    return words


def _where(hook: Hook) -> str:
    return f"The {hook.kind} hook at {httpx.URL(hook.url).host}"
