"""A reply as a mail to Amazon's relay: recipients, headers, the exact text, attachments.

Rules: reference amazon.md 2.9 (answer the buyer's own mail, approved sender, one `Re:`, plain text,
attachments up to 10 MB) and libraries.md 2 (long ids need lines of 998, RFC 5322 2.1.1). Pure: the
same letter gives the same bytes, so a preview, a crash and a second try speak of one mail.
"""

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from textwrap import wrap
from typing import Any
from unicodedata import category

from bot.domain.mail import Attachment
from bot.domain.marketplaces import of_relay_host
from bot.domain.passed_on import CONTENT_TYPES, MOST_BYTES
from bot.errors import Refused

MAX_REFERENCES = 10
QUOTE_LINE = "----- Original Message -----"

_UNFOLDED = frozenset({"message-id", "in-reply-to", "references", "to"})
_LINE = 76
_SHORT_LINES = policy.SMTP.clone(max_line_length=_LINE)


class _Lines(policy.EmailPolicy):
    """Ids and the address on lines of 998 characters, all other headers on lines of 76.

    The default policies turn a message id of more than 76 characters, as Amazon's are, into an encoded word, and the
    thread is lost (python/cpython#79986); on long lines an encoded word gets longer than the 75 that RFC 2047 allows.
    On short ones they lose or double blanks between encoded words, so subject and name are folded here.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        kind = name.lower()
        if kind == "subject":
            return f"{_plain(name, str(value)) or _encoded(name, str(value))}\r\n".encode("ascii")
        if kind == "from":
            return f"{_from(name, value.addresses[0])}\r\n".encode("ascii")
        if kind in _UNFOLDED:
            return super().fold_binary(name, value)
        return _SHORT_LINES.fold_binary(name, value)


def _plain(name: str, text: str) -> str:
    """The header as it stands, folded between words; empty when it has to be encoded."""
    if not text.isascii() or "=?" in text:
        return ""
    first = f"{name}: "
    lines = wrap(
        text,
        _LINE,
        initial_indent=first,
        subsequent_indent=" ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\r\n".join(lines) if all(len(line) <= _LINE for line in lines) else ""


def _encoded(name: str, text: str) -> str:
    """The header in encoded words alone: a blank between two of them is none of the text's."""
    words = Header(text, "utf-8", header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")
    return f"{name}: {words}"


def _from(name: str, sender: Address) -> str:
    """One sender. The address stays whole and plain; a name that does not fit beside it is encoded."""
    line = f"{name}: {sender}"
    if not sender.display_name or (line.isascii() and "=?" not in line and len(line) <= _LINE):
        return line
    return f"{_encoded(name, sender.display_name)}\r\n <{sender.addr_spec}>"


_LINES = _Lines(linesep="\r\n", max_line_length=998)
_PREFIX = re.compile(
    r"^\s*+(?:re|res|aw|wg|fw|fwd|rv|tr|sv|vs|antw|antwort|odp|ynt|rif|r|回复|答复|回覆|答覆|转发|轉寄|返信|転送)"
    r"\s*+(?:[\[(（]\s*+\d++\s*+[\])）])?\s*+[:：]",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_ADDRESS = re.compile(r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,128})@(?P<host>[A-Za-z0-9.-]{1,253})")
_GAPS = frozenset({"Cc", "Cs", "Zl", "Zp", "Zs"})
_JOINERS = "\u200c\u200d"
_UNSAFE_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a reply's mail is made of. `to` is the buyer's relay address in full, `sent_at` aware UTC.

    `text` is what the agent saw in the preview. `quoted` is what the buyer wrote, if it shall stand below.
    """

    reply_id: int
    sender: str
    sender_name: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    in_reply_to: str | None
    references: tuple[str, ...]
    sent_at: datetime
    quoted: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()


def compose(letter: Letter, *, salt: str, extra_relay_hosts: Collection[str] = ()) -> EmailMessage:
    """The mail of a reply, ready for `smtp.send`; `bytes(mail)` are its bytes.

    The text that arrives is `letter.text` with every line end written as a newline, plus one at the
    end if there was none; a quotation follows after that. `extra_relay_hosts` are allowed as the
    recipient's host besides Amazon's. Raises Refused when the letter must not go out.
    """
    _check(letter, extra_relay_hosts)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = message_id(letter.reply_id, letter.sender, salt)
    mail["Date"] = letter.sent_at
    mail["From"] = Address(_one_line(letter.sender_name), addr_spec=letter.sender)
    mail["To"] = letter.to
    mail["Subject"] = reply_subject(letter.subject)
    thread = _thread(letter)
    if thread:
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(thread)
    mail.set_content(_body(letter), charset="utf-8", cte="quoted-printable")
    for attachment in letter.attachments:
        maintype, subtype = CONTENT_TYPES[_extension(attachment.name)].split("/")
        mail.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
    if letter.attachments:
        # The library's own boundary is random; "=_" can't stand in quoted-printable or base64.
        mail.set_boundary(f"=_{_fingerprint(letter.reply_id, letter.sender, salt)}")
    # Only now: bodies were written with lines of 76, as RFC 2045 wants them.
    mail.policy = _LINES
    return mail


def message_id(reply_id: int, sender: str, salt: str) -> str:
    """The Message-ID of a reply, always the same one: it finds bounces, and shows whether a mail went out."""
    host = sender.rpartition("@")[2].lower()
    return f"<reply-{reply_id}.{_fingerprint(reply_id, sender, salt)}@{host}>"


def reply_subject(subject: str) -> str:
    """`subject` on one line with exactly one `Re: ` before it, whatever mail programs put there."""
    rest = _one_line(subject)
    while found := _PREFIX.match(rest):
        rest = rest[found.end() :]
    return f"Re: {rest.strip()}".strip()


def _check(letter: Letter, extra_relay_hosts: Collection[str]) -> None:
    what = f"The mail of reply {letter.reply_id} can't be written"
    if letter.sent_at.tzinfo is None:
        raise ValueError("sent_at has no time zone; give an aware UTC datetime")
    if not _is_address(letter.sender):
        raise Refused(f"{what}: the store's sender is no plain address. Mend it in config", code="sender")
    if not _is_address(letter.to):
        raise Refused(f"{what}: the recipient is not one plain address. Look at the buyer's mail", code="to")
    host = letter.to.rpartition("@")[2].lower()
    if of_relay_host(host) is None and host not in {extra.lower() for extra in extra_relay_hosts}:
        raise Refused(
            f"{what}: {host} is not a host of Amazon's relay, and replies go there only. "
            "Expected marketplace.amazon.<country>, or a host from the setting of extra relay hosts",
            code="not_a_relay",
        )
    try:
        letter.text.encode()
        (letter.quoted or "").encode()
    except UnicodeEncodeError as why:
        raise Refused(f"{what}: character {why.start + 1} is broken. Type it again", code="text") from why
    _check_attachments(what, letter.attachments)


def _check_attachments(what: str, attachments: tuple[Attachment, ...]) -> None:
    for attachment in attachments:
        name = attachment.name
        if _UNSAFE_NAME.search(name) or name.startswith(".") or name != name.strip() or len(name) > 100:
            raise Refused(
                f"{what}: an attachment's name is unsafe. Use letters, digits, spaces, dots and dashes, "
                "at most 100 characters",
                code="attachment_name",
            )
        if _extension(name) not in CONTENT_TYPES:
            raise Refused(
                f"{what}: Amazon does not pass on files like {name}. Allowed: {', '.join(CONTENT_TYPES)}",
                code="attachment_kind",
            )
        if not attachment.content:
            raise Refused(f"{what}: {name} is empty here. Attach the file again", code="attachment_empty")
    size = sum(len(attachment.content) for attachment in attachments)
    if size > MOST_BYTES:
        raise Refused(
            f"{what}: its attachments have {size:,} bytes together, Amazon passes on 10 MB. Attach less",
            code="attachment_size",
        )


def _is_address(text: str) -> bool:
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return False
    local, host = found["local"], found["host"]
    return not any(part == "" for part in (*local.split("."), *host.split(".")))


def _extension(name: str) -> str:
    stem, _dot, extension = name.rpartition(".")
    return extension.lower() if stem else ""


def _thread(letter: Letter) -> list[str]:
    """The ids to answer, oldest first, the answered one last; what is no message id is left out."""
    ids = [*letter.references, letter.in_reply_to or ""]
    newest_first = dict.fromkeys(one for one in reversed(ids) if _MESSAGE_ID.fullmatch(one))
    return list(newest_first)[:MAX_REFERENCES][::-1]


def _body(letter: Letter) -> str:
    text = _newlines(letter.text)
    if letter.quoted is None:
        return text
    quotation = "".join(f"> {line}\n" for line in _newlines(letter.quoted).split("\n"))
    gap = "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{QUOTE_LINE}\n{quotation}"


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _one_line(text: str) -> str:
    """Without line ends and control characters: no header can be smuggled in, folded subjects become one.

    Of signs that nobody sees only those stay that join others; the rest goes without leaving a gap.
    """
    kinds = ((char, category(char)) for char in text)
    visible = (" " if kind in _GAPS else char for char, kind in kinds if kind != "Cf" or char in _JOINERS)
    return " ".join("".join(visible).split())


def _fingerprint(reply_id: int, sender: str, salt: str) -> str:
    text = f"{reply_id}|{sender.lower()}"
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()[:16]
