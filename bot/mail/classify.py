"""What a mail is: its kind, its notice, and why we think so.

Rules: labels.md "Mails", amazon.md 2.4 to 2.6. Order matters: what pretends to be Amazon's is a spoof
whatever else it says; Amazon's type header comes before wording, because subjects are translated and
sometimes broken. Nobody's X-headers count unless the From domain is Amazon's.
"""

import re
from dataclasses import dataclass

from bot.domain.mail import Kind, Notice
from bot.mail import answers, forms, identity, wording
from bot.mail.body import Body
from bot.mail.identity import Sender
from bot.mail.mime import Headers, Tree, headers_of
from bot.mail.undelivered import Undelivered, undelivered
from bot.mail.wants import wants_something

_TYPES = {
    "BBC_MESSAGE_SENT_TO_MERCHANT": (Kind.BUYER_MESSAGE, None),
    "BBC_MESSAGE_CONFIRMATION_TO_MERCHANT": (Kind.REPLY_COPY, None),
    "BUYER_OPTED_OUT_BSM_MESSAGES": (Kind.OPT_OUT_NOTICE, None),
    "BRC_SELLER_NOTIFICATION": (Kind.AMAZON_NOTICE, Notice.CANCEL_REQUEST),
    "RETURN_REQUEST": (Kind.AMAZON_NOTICE, Notice.RETURN_REQUEST),
    "REFUND_ISSUED": (Kind.AMAZON_NOTICE, Notice.REFUND),
}
_STATUS = re.compile(r"^Status:[ \t]*([245])\.\d{1,3}\.\d{1,3}", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(
    r"^Diagnostic-Code:[ \t]*+(?:[\w-]++;)?[ \t]*+(.+(?:\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE
)
_ACTION = re.compile(r"^Action:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_MESSAGE_ID_LINE = re.compile(r"^[> \t]*Message-ID:\s{0,5}(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"\b([45])\.\d{1,3}\.\d{1,3}\b|\b([45])[0-9]{2}[ -]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome. `text` replaces the body's text where it is set; the last three are for bounces."""

    kind: Kind
    why: str
    notice: Notice | None = None
    text: str | None = None
    failed_message_id: str | None = None
    is_final: bool = True
    failure: str = ""


def judge(tree: Tree, sender: Sender, subject: str, body: Body) -> Verdict:
    """What the mail is."""
    spoof = _spoof(tree.headers, sender)
    if spoof:
        return Verdict(Kind.SPAM_OR_SPOOF, spoof)
    report = _report(tree, sender, subject, body)
    if report:
        return report
    if sender.is_relay:
        return _from_relay(tree.headers, subject, body)
    if sender.is_amazon:
        return _from_amazon(tree.headers, sender, subject, body)
    automatic = _automatic(tree.headers, subject, body.text, is_relayed=False)
    if automatic:
        return Verdict(Kind.AUTO_REPLY, automatic)
    return Verdict(Kind.OTHER, "not from Amazon")


def _spoof(headers: Headers, sender: Sender) -> str:
    """Why the mail is not what it pretends to be; empty if it is."""
    if sender.is_amazon:
        if not sender.is_single:
            return "several authors on different hosts, one of them Amazon's"
        failed = identity.failed_authentication(headers)
        return f"Amazon's domain, but our server found {failed}" if failed else ""
    if sender.looks_like_amazon:
        return "the sender only looks like Amazon's"
    if headers.raw("x-space-notification-type"):
        return "Amazon's type header from a domain that is not Amazon's"
    is_flagged = headers.text("x-spam-flag").lower().startswith("yes")
    return "marked as spam by our server" if is_flagged else ""


def _from_relay(headers: Headers, subject: str, body: Body) -> Verdict:
    stated = _type(headers)
    automatic = _automatic(headers, subject, body.text, is_relayed=True)
    if automatic:
        return Verdict(Kind.AUTO_REPLY, f"relay address, but {automatic}")
    if stated and stated not in _TYPES and not body.has_markers:
        return Verdict(Kind.AMAZON_NOTICE, "relay address with an unknown type header", Notice.UNKNOWN)
    if stated and _TYPES.get(stated, (Kind.BUYER_MESSAGE, None))[0] is not Kind.BUYER_MESSAGE:
        return _of_type(stated, subject, body)
    relayed = forms.customer_service_details(body.full)
    if relayed is not None and not body.has_markers:
        return Verdict(Kind.BUYER_MESSAGE, "Amazon's customer service passes a buyer on", text=relayed)
    return Verdict(Kind.BUYER_MESSAGE, "relay address" + (" and type header" if stated else ""))


def _from_amazon(headers: Headers, sender: Sender, subject: str, body: Body) -> Verdict:
    stated = _type(headers)
    if stated in _TYPES or stated.startswith("A_Z_CLAIM"):
        return _of_type(stated, subject, body)
    relayed = forms.customer_service_details(body.full)
    failure = _undelivered(subject, _but(body.full, relayed))
    if failure:
        return failure
    if relayed is not None:
        return Verdict(Kind.BUYER_MESSAGE, "Amazon's customer service passes a buyer on", text=relayed)
    if stated:
        return Verdict(Kind.AMAZON_NOTICE, "Amazon's domain, unknown type header", Notice.UNKNOWN, text="")
    if sender.local.startswith(("atoz-guarantee", "a-to-z", "cb-seller-notification", "chargeback")):
        return Verdict(Kind.AMAZON_NOTICE, "Amazon's address for claims", Notice.A_TO_Z, text="")
    return _by_subject(subject, body)


def _of_type(stated: str, subject: str, body: Body) -> Verdict:
    kind, notice = _TYPES.get(stated, (Kind.AMAZON_NOTICE, Notice.A_TO_Z))
    why = f"Amazon's type header {stated[:60]}"
    if kind is Kind.OPT_OUT_NOTICE:
        return Verdict(kind, why, text="")
    if notice is Notice.RETURN_REQUEST:
        return _return_request(why, body)
    if kind is Kind.AMAZON_NOTICE:
        return Verdict(kind, why, notice, text="")
    return Verdict(kind, why)


def _return_request(why: str, body: Body) -> Verdict:
    comment = forms.return_comment(body.full)
    if forms.wants_an_answer(comment):
        return Verdict(
            Kind.BUYER_MESSAGE, f"{why}, with a question or demand", Notice.RETURN_REQUEST, comment
        )
    return Verdict(Kind.AMAZON_NOTICE, why, Notice.RETURN_REQUEST, comment)


def _by_subject(subject: str, body: Body) -> Verdict:
    """A notice without a type header: its subject in the languages that we know."""
    if wording.COPY_SUBJECT.search(subject):
        return Verdict(Kind.REPLY_COPY, "subject of a copy")
    for notice, pattern in wording.NOTICE_SUBJECTS:
        if not pattern.search(subject):
            continue
        why = f"Amazon's domain, subject of a {notice.value.replace('_', ' ')}"
        if notice is Notice.RETURN_REQUEST:
            return _return_request(why, body)
        return Verdict(Kind.AMAZON_NOTICE, why, notice, text="")
    return Verdict(Kind.AMAZON_NOTICE, "Amazon's domain, no type header", Notice.OTHER, text="")


def _but(full: str, relayed: str | None) -> str:
    """What Amazon says itself: a buyer may tell customer service that a message was not delivered, too."""
    return full.replace(relayed, " ") if relayed and relayed != full.strip() else full


def _undelivered(subject: str, words: str) -> Verdict | None:
    """Amazon saying that a message of ours did not arrive."""
    match undelivered(subject, words):
        case Undelivered.OPTED_OUT:
            return Verdict(Kind.OPT_OUT_NOTICE, "Amazon says that the buyer opted out", text="")
        case Undelivered.FAILED:
            return Verdict(Kind.BOUNCE, "Amazon says that it did not deliver our message", text="")
        case None:
            return None


def _type(headers: Headers) -> str:
    return headers.text("x-space-notification-type").strip().upper()


def _automatic(headers: Headers, subject: str, text: str, *, is_relayed: bool) -> str:
    """Why nobody wrote this by hand; empty if somebody did.

    Amazon generates relayed mails, so there the weak headers need words to go with them.
    """
    submitted = headers.text("auto-submitted").lower()
    precedence = headers.text("precedence").lower()
    if submitted.startswith("auto-replied") or precedence.startswith("auto"):
        return "it says that it is an automatic reply"
    stated = [headers.text(name).lower() for name in ("x-autoreply", "x-autorespond", "x-auto-reply-from")]
    if any(value and value != "no" for value in stated):
        return "it says that it is an automatic reply"
    if wording.AUTO_SUBJECT.search(subject) and not (is_relayed and wants_something(text[:6_000])):
        return "its subject is that of an automatic reply"
    is_weak = submitted.startswith("auto-") or precedence.startswith(("bulk", "junk"))
    if _is_vacation(text, hint=is_weak):
        return "its words are those of an automatic reply"
    return "it says that it was generated" if submitted.startswith("auto-") and not is_relayed else ""


def _report(tree: Tree, sender: Sender, subject: str, body: Body) -> Verdict | None:
    """A delivery report: standard (RFC 3464), or the free words of a mail server."""
    status = next((p for p in tree.leaves if p.content_type.endswith("/delivery-status")), None)
    if status is not None:
        return _standard_report(tree, status.text(20_000))
    if any(part.content_type == "message/disposition-notification" for part in tree.leaves):
        return Verdict(Kind.AUTO_REPLY, "a receipt", text="")
    is_daemon = bool(wording.DAEMON.match(sender.local)) or bool(tree.headers.raw("x-failed-recipients"))
    if not is_daemon or not (wording.BOUNCE_SUBJECT.search(subject) or _CODE.search(body.full[:20_000])):
        return None
    codes = [a or b for a, b in _CODE.findall(body.full[:20_000])]
    is_delayed = bool(wording.DELAY.search(subject)) or ("5" not in codes and "4" in codes)
    why = "a mail server says that our message " + ("is delayed" if is_delayed else "failed")
    return Verdict(Kind.BOUNCE, why, None, "", _returned_id(tree, body.full), not is_delayed)


def _standard_report(tree: Tree, fields: str) -> Verdict:
    actions = {action.lower() for action in _ACTION.findall(fields)}
    statuses = set(_STATUS.findall(fields))
    is_failure = "failed" in actions or (not actions and "5" in statuses) or not (actions or statuses)
    if not is_failure and "delayed" not in actions and "4" not in statuses:
        return Verdict(Kind.OTHER, "a delivery report without a failure", text="")
    why = "delivery report: " + ("failed" if is_failure else "delayed")
    said = _DIAGNOSTIC.search(fields)
    words = answers.plain(said[1]) if said else ""
    return Verdict(Kind.BOUNCE, why, None, "", _returned_id(tree, ""), is_failure, words)


def _returned_id(tree: Tree, full: str) -> str | None:
    """The Message-ID of the mail of ours that came back."""
    for part in tree.leaves:
        if part.content_type in {
            "message/rfc822",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global",
        }:
            returned = headers_of(part.content()[:100_000])
            found = identity.message_ids(returned.text("message-id"))
            if found:
                return found[0]
    quoted = _MESSAGE_ID_LINE.search(full)
    if quoted:
        return quoted[1]
    answered = identity.message_ids(
        " ".join(tree.headers.text(name) for name in ("x-original-message-id", "in-reply-to", "references"))
    )
    return answered[-1] if answered else None


def _is_vacation(text: str, *, hint: bool) -> bool:
    """Whether the words are those of a machine that answers while a person is away.

    A person also says "I am on holiday until Friday, can you deliver later?": who wants something is one. Else it
    takes two signs, of which `hint` (a header that alone proves nothing) is one.
    """
    start = text[:1_500]
    lower = start.lower()
    if not any(sign in lower for sign in wording.AUTO_SIGNS) or wants_something(text[:6_000]):
        return False
    if wording.SAYS_AUTOMATIC.search(start):
        return True
    is_away = bool(wording.AWAY.search(start))
    return is_away and (hint or bool(wording.WILL_ANSWER.search(start)))
