"""A test mail of our own to one of our mailboxes (domain/canary.py). Pure."""

from datetime import datetime
from email import policy
from email.message import EmailMessage

from bot.domain.canary import HEADER

_TEXT = (
    "reply24 sent this mail to itself to see whether mail still arrives in this mailbox.\n"
    "Nothing is to be done. It can be deleted.\n"
)


def compose(token: str, sender: str, to: str, sent_at: datetime) -> EmailMessage:
    """The mail; the Message-ID comes from the token. `sent_at` is aware UTC."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = f"<canary-{token}@{sender.rpartition('@')[2].lower()}>"
    mail["Date"] = sent_at
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = "reply24 test mail"
    mail["Auto-Submitted"] = "auto-generated"
    mail[HEADER] = token
    mail.set_content(_TEXT, charset="utf-8", cte="7bit")
    return mail
