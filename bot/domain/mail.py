"""What a mail says, after it was read (reference: Amazon's relay mails, X-Space-Notification-Type).

One flat record for every kind of mail. What a kind does not have is None or empty.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.triage import Triage


class Kind(StrEnum):
    """What a mail is. The words are those of `reply24 mail parse --json`."""

    BUYER_MESSAGE = "buyer_message"
    REPLY_COPY = "reply_copy"
    AMAZON_NOTICE = "amazon_notice"
    BOUNCE = "bounce"
    OPT_OUT_NOTICE = "opt_out_notice"
    AUTO_REPLY = "auto_reply"
    SPAM_OR_SPOOF = "spam_or_spoof"
    OTHER = "other"


class Notice(StrEnum):
    """What an Amazon notice is about."""

    CANCEL_REQUEST = "cancel_request"
    RETURN_REQUEST = "return_request"
    REFUND = "refund"
    A_TO_Z = "a_to_z"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `content` is empty when it was larger than the cap; `size_bytes` is the true size.

    `is_named`: the name is the sender's, not one that stands for none.
    """

    name: str
    content_type: str
    size_bytes: int
    content: bytes = field(default=b"", repr=False)
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, read. Instants are aware UTC; `None` means that the mail does not say.

    `buyer_alias` is the full relay address as in From, `buyer_base` the same without its `+` suffix;
    replies go to the first, identity is the second. `text` is the buyer's own new words only, `is_framed` if
    Amazon's markers stand around it; `full_text` everything readable. `message_id` is never empty: a mail
    without one gets a stable one from its bytes. `stated_at` is the Date header, which anybody can forge; `received_at`
    is Date, or the time of the topmost Received header when Date is missing or later than it.
    `failure` is a mail server's own words for why something of ours came back, without addresses.
    `claims_amazon`: From is Amazon's. `vouchers` are (server, proven, failed or silent) of the servers that say
    to have checked that, topmost first; which of them is ours the settings know. `seems`: what a buyer's words seem
    to be about, if somebody has looked.
    """

    kind: Kind
    why: str
    message_id: str
    subject: str = ""
    text: str = field(default="", repr=False)
    full_text: str = field(default="", repr=False)
    is_framed: bool = False
    stated_at: datetime | None = None
    received_at: datetime | None = None
    marketplace: str | None = None
    order_id: str | None = None
    asins: tuple[str, ...] = ()
    buyer_alias: str | None = field(default=None, repr=False)
    buyer_base: str | None = field(default=None, repr=False)
    buyer_name: str | None = field(default=None, repr=False)
    amazon_case_id: str | None = None
    lang: str | None = None
    attachments: tuple[Attachment, ...] = ()
    notice: Notice | None = None
    references: tuple[str, ...] = ()
    recipients: tuple[str, ...] = field(default=(), repr=False)
    failed_message_id: str | None = None
    failure_is_final: bool = True
    failure: str = ""
    no_response_url: str | None = field(default=None, repr=False)
    claims_amazon: bool = False
    vouchers: tuple[tuple[str, str], ...] = ()
    seems: Triage | None = field(default=None, repr=False)

    @property
    def words(self) -> str:
        """What the buyer says: all that is readable where the own words were not found.

        Nothing between Amazon's markers is nothing written if a file came along: a photo is sent alone, a blank is not.
        """
        return self.text if self.is_framed and self.attachments else self.text or self.full_text


def too_large(size: int, place: str) -> str:
    """Why a mail of `size` bytes is no more than its beginning to us. `place`: where its reader finds the rest."""
    return (
        f"this mail has {size:,} bytes, more than thresholds.max_mail_megabytes allows; only its beginning was read, "
        f"and no attachment. Open it in {place}"
    )


def beginning(mail: Mail, why: str) -> Mail:
    """What was read of a mail that is too large, for a person to look at: whatever it is, it does nothing by itself."""
    if mail.kind is Kind.SPAM_OR_SPOOF:
        return replace(mail, why=f"{mail.why}; {why}", attachments=())
    return replace(mail, kind=Kind.OTHER, why=why, notice=None, attachments=())


def proven(mail: Mail, server: str | None) -> Mail:
    """The mail, if `server`, our mailbox's own, vouches that it is Amazon's; else as a spoof without identity.

    With a `server` of None, or for a mail that does not say to be Amazon's, it stays as it is.
    """
    if server is None or not mail.claims_amazon or mail.kind is Kind.SPAM_OR_SPOOF:
        return mail
    found = next((how for name, how in mail.vouchers if name == server.lower()), None)
    if found == "proven":
        return mail
    what = (
        "found that its authentication failed"
        if found == "failed"
        else "did not find a signature of Amazon's"
    )
    why = f"{server} has not checked it" if found is None else f"our server {server} {what}"
    return replace(
        mail,
        kind=Kind.SPAM_OR_SPOOF,
        why=f"Amazon's domain, but {why}",
        marketplace=None,
        order_id=None,
        asins=(),
        buyer_alias=None,
        buyer_base=None,
        buyer_name=None,
        amazon_case_id=None,
        lang=None,
        notice=None,
        failed_message_id=None,
        no_response_url=None,
    )
