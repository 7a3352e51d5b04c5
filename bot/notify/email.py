"""Notices by e-mail, over an SMTP server of the stores'.

Rules: RFC 3834 5 (`Auto-Submitted` keeps automatic answers away). The Message-ID comes from what the notice is
about and its reader, so a second try has the same one and mail programs can show it once.
"""

import hashlib
import re
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from bot.errors import ConfigError, Refused, Unreachable, Unsure
from bot.mail.smtp import Receipt, SmtpAccess
from bot.mail.smtp import send as hand_over
from bot.notify.notice import Notice, text, title

SENDER_NAME = "reply24"
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def compose(notice: Notice, sender: str, to: str, now: datetime) -> EmailMessage:
    """The notice as a plain-text mail; `now` is its Date. Raises ConfigError when an address is none."""
    for what, address in (("sender", sender), ("recipient", to)):
        if len(address) > 254 or not _ADDRESS.fullmatch(address):
            raise ConfigError(f"notify: the {what} of notices is no plain e-mail address. Mend it in config")
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = message_id(notice, sender, to)
    mail["Date"] = now
    mail["From"] = Address(SENDER_NAME, addr_spec=sender)
    mail["To"] = to
    mail["Subject"] = title(notice)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{text(notice)}\n", charset="utf-8", cte="quoted-printable")
    return mail


def message_id(notice: Notice, sender: str, to: str) -> str:
    """The same for each try to tell one reader of one stage of one case, though the words tell the time left.

    Notices of no case are told apart by their words.
    """
    about = [str(notice.case), notice.stage, notice.store, str(notice.due_at)]
    if notice.case is None:
        about += [notice.title, *notice.lines]
    fingerprint = hashlib.sha256("\0".join([*about, to.lower()]).encode("utf-8", "replace")).hexdigest()[:16]
    return f"<notice-{fingerprint}@{sender.rpartition('@')[2].lower()}>"


def send(access: SmtpAccess, notice: Notice, sender: str, to: str, now: datetime) -> Receipt:
    """Mail one notice. Raises ConfigError, Unreachable, Refused; their texts have no address of the reader."""
    mail = compose(notice, sender, to, now)
    try:
        return hand_over(access, mail, sender, to)
    except Unsure as why:
        raise Unreachable(
            f"{access.host}:{access.port} may or may not have taken a notice. It is sent again with the same Message-ID"
        ) from why
    except Refused as why:
        raise Refused(
            f"{access.host}:{access.port} did not take a notice, code {why.code or 'unknown'}. Check the person's "
            "e-mail address, and user and password of the SMTP server for notices",
            code=why.code,
        ) from why
