"""One mail's bytes -> what it says (`bot.domain.mail.Mail`). Pure; no bytes make it fail.

The steps: take the mail apart (mime), find the writer's own words (body), say what it is (classify),
then whose it is (identity). Rules: amazon.md 2 and labels.md. Whoever is not who he claims to be
gets no identity; what can't be read becomes OTHER, which a person sees.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Any

from bot.domain.mail import Kind, Mail
from bot.domain.marketplaces import MARKETPLACES
from bot.mail import attachments, body, classify, identity, language, mime, wording
from bot.mail.body import Body
from bot.mail.classify import Verdict
from bot.mail.identity import Sender
from bot.mail.mime import Headers, Tree

_FIRST_YEAR = 2000
_TOO_LATE = timedelta(days=366)
_BARE_ID = re.compile(r"[^<>\s]{3,900}")


def read(raw: bytes, arrived: datetime) -> Mail:
    """What the mail says.

    `arrived` is when our mailbox got it, aware UTC; it counts when the mail has no believable time.
    """
    try:
        return interpret(raw, arrived)
    except Exception as error:  # noqa: BLE001 - one bad mail must not stop the mailbox
        why = f"this mail could not be read ({type(error).__name__}): open it in the mailbox"
        return Mail(kind=Kind.OTHER, why=why, message_id=_hash_id(raw), received_at=arrived)


def interpret(raw: bytes, arrived: datetime) -> Mail:
    """As `read`, without its safety net."""
    tree = mime.split(raw)
    headers = tree.headers
    from_ = identity.sender(headers)
    subject = headers.text("subject")
    said = body.read(tree.leaves, bool(wording.ANSWER_SUBJECT.match(subject)))
    verdict = classify.judge(tree, from_, subject, said)
    text = said.text if verdict.text is None else verdict.text
    stated, received = _times(headers, arrived)
    common: dict[str, Any] = {
        "kind": verdict.kind,
        "why": "; ".join(filter(None, (verdict.why, said.how, tree.limited, said.limited))),
        "message_id": _message_id(headers, raw),
        "subject": subject,
        "text": text,
        "full_text": said.full,
        "is_framed": said.has_markers,
        "stated_at": stated,
        "received_at": received,
        "notice": verdict.notice,
        "references": identity.message_ids(f"{headers.text('references')} {headers.text('in-reply-to')}"),
        "recipients": identity.recipients(headers),
        "failed_message_id": verdict.failed_message_id or _answered(headers, verdict.kind),
        "failure_is_final": verdict.is_final,
        "failure": verdict.failure,
        "claims_amazon": from_.is_amazon,
        "vouchers": identity.vouchers(headers),
    }
    if verdict.kind is not Kind.BOUNCE:
        common["attachments"] = attachments.of(tree.leaves)
    whose = _identity(tree, from_, subject, said, verdict)
    site = MARKETPLACES.get(whose.get("marketplace") or "")
    if text and verdict.kind is not Kind.SPAM_OR_SPOOF:
        common["lang"] = language.of(text, site.language if site else None)
    return Mail(**common, **whose)


def as_json(mail: Mail) -> dict[str, Any]:
    """The object that `reply24 mail parse --json` prints (design.md 7); times are ISO 8601, UTC, with Z."""
    return {
        "kind": mail.kind.value,
        "notice": mail.notice.value if mail.notice else None,
        "marketplace": mail.marketplace,
        "order_id": mail.order_id,
        "asin": mail.asins[0] if mail.asins else None,
        "buyer_alias": mail.buyer_alias,
        "buyer_name": mail.buyer_name,
        "amazon_case_id": mail.amazon_case_id,
        "subject": mail.subject,
        "text": mail.text,
        "received_at": _iso(mail.received_at),
        "lang": mail.lang,
        "attachments": [
            {"name": one.name, "content_type": one.content_type, "size": one.size_bytes}
            for one in mail.attachments
            if one.is_named
        ],
        "message_id": mail.message_id,
        "why": mail.why,
    }


def _identity(tree: Tree, from_: Sender, subject: str, said: Body, verdict: Verdict) -> dict[str, Any]:
    """Whose mail it is: only for what comes from Amazon, and never from the buyer's own words."""
    if not from_.is_amazon or verdict.kind is Kind.SPAM_OR_SPOOF:
        return {"order_id": identity.order_id(subject)} if verdict.kind is Kind.OTHER else {}
    headers = tree.headers
    # A notice is all frame; in a buyer's message only what stands around the words is Amazon's.
    is_from_buyer = from_.is_relay and verdict.kind in {Kind.BUYER_MESSAGE, Kind.AUTO_REPLY}
    is_framed = is_from_buyer or verdict.kind is Kind.REPLY_COPY
    frame = said.frame if is_framed else _frame_of_notice(said, verdict)
    asins = identity.asins(frame) if is_framed else identity.asins_of_notice(frame)
    url = identity.no_response_url(frame)
    if is_from_buyer and (not asins or not url) and said.markup:
        more = said.frame_of_markup()
        asins, url = asins or identity.asins(more), url or identity.no_response_url(more)
    whose: dict[str, Any] = {
        "marketplace": identity.marketplace(headers, from_, frame),
        "order_id": identity.order_id(subject, frame),
        "asins": asins,
        "no_response_url": url,
    }
    if verdict.kind is Kind.REPLY_COPY:
        named = wording.COPY_SUBJECT.match(subject)
        return whose | {"buyer_name": next((n.strip() for n in named.groups() if n), None) if named else None}
    if verdict.kind in {Kind.BUYER_MESSAGE, Kind.AUTO_REPLY}:
        whose |= _buyer(headers, from_, frame)
    return whose


def _frame_of_notice(said: Body, verdict: Verdict) -> str:
    comment = verdict.text or ""
    return said.full.replace(comment, " ") if comment else said.full


def _buyer(headers: Headers, from_: Sender, frame: str) -> dict[str, Any]:
    if from_.is_relay:
        alias: str | None = from_.address
        name = identity.buyer_name(from_.name, from_.address)
    else:
        alias, name = identity.relay_address(headers.all("reply-to")), None
    return {
        "buyer_alias": alias,
        "buyer_base": identity.base_of(alias) if alias else None,
        "buyer_name": name,
        "amazon_case_id": identity.case_id(alias, headers, frame),
    }


def _times(headers: Headers, arrived: datetime) -> tuple[datetime | None, datetime]:
    """The Date header as it is, and when Amazon had the mail: Date, unless our server got the mail earlier."""
    stated = _instant(headers.text("date"))
    hops = (_instant(value.decode("latin-1").rpartition(";")[2]) for value in headers.all("received")[:20])
    hop = next((instant for instant in hops if instant), None)
    latest = hop if hop and hop <= arrived + _TOO_LATE else arrived
    believed = stated if stated and stated.year >= _FIRST_YEAR and stated <= latest else latest
    return stated, believed


def _instant(value: str) -> datetime | None:
    """A date of RFC 5322, in UTC; without a zone it counts as UTC. None if it is none.

    A leap second (RFC 5322 3.3: second 60) is the one before it: Python knows no such instant.
    """
    try:
        parts = parsedate_tz(" ".join(value[:200].split()))
        if parts is None:
            return None
        zone = timezone(timedelta(seconds=parts[9] or 0))
        return datetime(*parts[:5], 59 if parts[5] == 60 else parts[5], tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _message_id(headers: Headers, raw: bytes) -> str:
    value = headers.text("message-id")
    found = identity.message_ids(value)
    if found:
        return found[0]
    bare = _BARE_ID.search(value)
    return f"<{bare[0]}>" if bare and "@" in bare[0] else _hash_id(raw)


def _hash_id(raw: bytes) -> str:
    return f"<{hashlib.sha256(raw).hexdigest()[:32]}@no-message-id.reply24.invalid>"


def _answered(headers: Headers, kind: Kind) -> str | None:
    """The mail of ours that one of Amazon's own failure notices is about, if it says so."""
    if kind not in {Kind.BOUNCE, Kind.OPT_OUT_NOTICE}:
        return None
    found = identity.message_ids(f"{headers.text('in-reply-to')} {headers.text('references')}")
    return found[0] if found else None


def _iso(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None
