"""How Amazon's mails to a seller look in 2026: built from plain data, no sending here.

Layout, headers and types: reference amazon.md 2.3 to 2.10 and 7. Everything in them is invented.
"""

import html
import struct
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from bot.domain.mail import Notice
from bot.domain.marketplaces import MARKETPLACES
from bot.sandbox.relay_texts import COPY_SUBJECTS, NOTICES, OPT_OUT_SUBJECTS, TEMPLATES, Template

# Message ids in the shape of Amazon SES are longer than the default line, see mail/compose.py.
_LONG_LINES = policy.SMTP.clone(max_line_length=998)
_DASHES = "-" * 13


@dataclass(frozen=True, slots=True)
class BuyerMail:
    """One message of an invented buyer, as the relay wrote it. `alias` is the full address to answer.

    `lang` is the buyer's language, `amazon_lang` that of Amazon's words around it.
    """

    alias: str
    base: str
    amazon_case_id: str
    name: str
    store: str
    inbox: str
    marketplace: str
    order_id: str | None
    asin: str
    title: str
    lang: str
    amazon_lang: str
    message_id: str
    subject: str
    text: str
    at: datetime
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The headers that every mail has."""

    sender: str
    to: str
    subject: str
    at: datetime
    message_id: str
    sender_name: str = ""
    dkim: str = "pass"
    more: dict[str, str] = field(default_factory=dict)


def buyer_message(mail: BuyerMail) -> bytes:
    """A buyer's message: text and HTML with markers and footer, the buyer's words in one `<pre>`."""
    template = TEMPLATES[mail.amazon_lang]
    built = _start(
        Head(
            mail.alias,
            mail.inbox,
            mail.subject,
            mail.at,
            mail.message_id,
            sender_name=mail.name,
            more={
                "Reply-To": mail.alias,
                "X-Space-Notification-Type": "BBC_MESSAGE_SENT_TO_MERCHANT",
                "X-Marketplace-ID": MARKETPLACES[mail.marketplace].id,
            },
        )
    )
    built.set_content(_plain_body(mail, template), charset="utf-8", cte="quoted-printable")
    built.add_alternative(_html_body(mail, template), subtype="html", charset="utf-8", cte="quoted-printable")
    built.set_boundary(f"=_alt_{mail.message_id[1:20]}")
    if mail.photo:
        built.add_attachment(photo(), maintype="image", subtype="png", filename="photo.png")
        built.set_boundary(f"=_mix_{mail.message_id[1:20]}")
    return _bytes(built)


def reply_copy(mail: BuyerMail, text: str, at: datetime, message_id: str) -> bytes:
    """The copy that Amazon sends of a reply typed in Seller Central: HTML only, names the buyer, no alias."""
    subject = _by_language(COPY_SUBJECTS, mail).format(name=mail.name)
    domain = MARKETPLACES[mail.marketplace].domain
    more = {
        "Reply-To": f"no-reply@amazon.{domain}",
        "X-Space-Notification-Type": "BBC_MESSAGE_CONFIRMATION_TO_MERCHANT",
        "X-Marketplace-ID": MARKETPLACES[mail.marketplace].id,
    }
    order = f"<p>{mail.order_id}</p>" if mail.order_id else ""
    template = TEMPLATES[mail.amazon_lang]
    head = Head("donotreply@amazon.com", mail.inbox, subject, at, message_id, f"Amazon.{domain}", more=more)
    return _html_only(
        head,
        f"<p>{html.escape(subject)}</p>{order}<p>{_DASHES} {template.start.strip()} {_DASHES}</p>"
        f"<p>{html.escape(text).replace(chr(10), '<br>')}</p><p>{_DASHES} {template.end} {_DASHES}</p>",
    )


def notice(kind: Notice, mail: BuyerMail, at: datetime, message_id: str) -> bytes:
    """One of Amazon's own notices about an order. Raises KeyError for a kind that has no form."""
    form = NOTICES[kind]
    marketplace = MARKETPLACES[mail.marketplace]
    words = {
        "order_id": mail.order_id or "",
        "title": mail.title,
        "asin": mail.asin,
        "domain": marketplace.domain,
    }
    more = {"X-Space-Notification-Type": form.type_header, "X-Marketplace-ID": marketplace.id}
    head = Head(
        form.sender.format(**words),
        mail.inbox,
        _by_language(form.subjects, mail).format(**words),
        at,
        message_id,
        f"Amazon.{marketplace.domain}",
        more=more,
    )
    return _html_only(head, f"<p>{html.escape(form.text.format(**words))}</p>")


def opt_out_notice(mail: BuyerMail, at: datetime, message_id: str) -> bytes:
    """Amazon's word that our reply did not reach the buyer: it names the order only, in square brackets."""
    marketplace = MARKETPLACES[mail.marketplace]
    head = Head(
        "auto-communication@amazon.com",
        mail.inbox,
        _by_language(OPT_OUT_SUBJECTS, mail),
        at,
        message_id,
        "Amazon",
        more={
            "X-Space-Notification-Type": "BUYER_OPTED_OUT_BSM_MESSAGES",
            "X-Marketplace-ID": marketplace.id,
        },
    )
    return _html_only(
        head,
        f"<p>{html.escape(head.subject)}</p><p>The buyer has chosen to opt out of messages. "
        f"Your message about order [{mail.order_id or ''}] was not delivered. Answer the original message, "
        "and make sure that the initial message is included in the reply.</p>",
    )


def spoof(mail: BuyerMail, how: str, at: datetime, message_id: str) -> bytes:
    """A forged mail: `host` writes from a look-alike of Amazon's, `dkim` from a relay address unsigned."""
    sender = mail.alias if how == "dkim" else "amazon-support@amazon.com.account-check.example"
    head = Head(
        sender,
        mail.inbox,
        "Action required: verify your seller account",
        at,
        message_id,
        "Amazon Seller Support",
        dkim="fail",
        more={"X-Space-Notification-Type": "BBC_MESSAGE_SENT_TO_MERCHANT"},
    )
    return _html_only(
        head,
        "<p>Your account will be closed today. Sign in at "
        "https://sellercentral.account-check.example/verify to keep it.</p>",
    )


def delivery_failure(raw: bytes, to: str, at: datetime, message_id: str) -> bytes:
    """A mail server's report (RFC 3464) that the mail `raw` did not reach `to`, for good."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    sender = next((line for line in head.split("\n") if line.lower().startswith("from:")), "")
    host = to.rpartition("@")[2]
    lines = f"""\
Received: from {host} by mx.team.example; {format_datetime(at)}
From: Mail Delivery Subsystem <MAILER-DAEMON@{host}>
To: {parseaddr(sender[5:])[1]}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(at)}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"

--=_report
Content-Type: text/plain; charset=utf-8

Your message could not be delivered to <{to}>.

--=_report
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 550 5.7.1 Message rejected

--=_report
Content-Type: text/rfc822-headers

{head}

--=_report--
"""
    return lines.replace("\n", "\r\n").encode()


def amazon_lang(marketplace: str, account_lang: str) -> str:
    """Amazon's words follow the account or the marketplace, not the buyer (amazon.md 2.6)."""
    wanted = account_lang or MARKETPLACES[marketplace].language
    return wanted if wanted in TEMPLATES else "en"


def photo() -> bytes:
    """A small picture that every program can show: 48 x 48 pixels, PNG."""
    rows = b"".join(
        b"\0" + bytes(channel for x in range(48) for channel in (90 + 3 * y, 60 + 3 * x, 80))
        for y in range(48)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 48, 48, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _start(head: Head) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    domain = head.sender.rpartition("@")[2]
    host = head.to.rpartition("@")[2]
    mail["Received"] = (
        f"from a4-12.smtp-out.eu-west-1.amazonses.com by mx.{host} with ESMTPS; {format_datetime(head.at)}"
    )
    mail["Authentication-Results"] = (
        f"mx.{host}; spf={head.dkim} smtp.mailfrom={domain}; "
        f"dkim={head.dkim} header.d={domain}; dmarc={head.dkim}"
    )
    mail["Date"] = head.at
    mail["From"] = Address(head.sender_name, addr_spec=head.sender)
    mail["To"] = head.to
    mail["Message-ID"] = head.message_id
    mail["Subject"] = head.subject
    for name, text in head.more.items():
        mail[name] = text
    mail["MIME-Version"] = "1.0"
    return mail


def _html_only(head: Head, body: str) -> bytes:
    mail = _start(head)
    mail.make_alternative()
    mail.add_alternative(
        f"<html><body>{body}</body></html>", subtype="html", charset="utf-8", cte="quoted-printable"
    )
    mail.set_boundary(f"=_alt_{head.message_id[1:20]}")
    return _bytes(mail)


def _bytes(mail: EmailMessage) -> bytes:
    mail.policy = _LONG_LINES
    return bytes(mail)


def _by_language(texts: dict[str, str], mail: BuyerMail) -> str:
    return texts.get(mail.amazon_lang, texts["en"])


def _plain_body(mail: BuyerMail, template: Template) -> str:
    order = f"# {mail.order_id}:\n" if mail.order_id else ""
    footer = "\n".join(f"{label}\n{url}\n" for label, url in _links(mail, template))
    return (
        f"{template.greeting}\n\n{order}1 / {mail.title} [ASIN: {mail.asin}]\n\n"
        f"{_DASHES} {template.start} {_DASHES}\n\n{mail.text}\n\n{_DASHES} {template.end} {_DASHES}\n\n"
        f"{footer}\n{'-' * 26}\n{template.notice}\n{_footer_code(mail)}\n"
    )


def _html_body(mail: BuyerMail, template: Template) -> str:
    order = f"<p># {mail.order_id}:</p>" if mail.order_id else ""
    footer = "".join(
        f'<p><a href="{html.escape(url)}">{html.escape(label)}</a></p>'
        for label, url in _links(mail, template)
    )
    return (
        f"<html><body><p>{template.greeting}</p>{order}"
        f"<p>1 / {html.escape(mail.title)} [ASIN: {mail.asin}]</p>"
        f"<p>{_DASHES} {template.start} {_DASHES}</p>"
        f'<pre style="font-family:Arial;white-space:pre-wrap;">{html.escape(mail.text)}</pre>'
        f"<p>{_DASHES} {template.end} {_DASHES}</p>{footer}<hr>"
        f"<p>{template.notice}</p><p>{_footer_code(mail)}</p></body></html>"
    )


def _links(mail: BuyerMail, template: Template) -> tuple[tuple[str, str], ...]:
    marketplace = MARKETPLACES[mail.marketplace]
    central = f"https://sellercentral.amazon.{marketplace.domain}"
    signature = f"{zlib.crc32(mail.message_id.encode()):08x}" * 5
    return (
        (
            template.helpful,
            f"{central}/gp/satisfaction/survey-form.html?customAttribute1Value=BBC_MESSAGE_SENT_TO_MERCHANT",
        ),
        (
            template.resolve,
            f"{central}/messaging/no-response-needed?t=1&m=1&mp={marketplace.id}&c={mail.amazon_case_id}"
            f"&h={signature}&s=1",
        ),
        (
            template.report,
            f"{central}/messaging/inbox?fi=caseId&ss={mail.amazon_case_id}&cc={mail.amazon_case_id}"
            "&ref=bsm_email_report",
        ),
    )


def _footer_code(mail: BuyerMail) -> str:
    region = "US" if MARKETPLACES[mail.marketplace].region == "na" else "EU"
    return f"Copyright 2026 Amazon; SPC-{region}Amazon-{zlib.crc32(mail.base.encode())}"
