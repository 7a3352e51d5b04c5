"""A stand-in for Amazon's mail relay: takes replies by SMTP, puts buyers' mails into a Maildir.

The bot reaches it as it reaches the real one: SMTP on a port of this machine, mails in a mailbox.
Tests and the demo's page speak to it in words: `relay.write_as_buyer("Where is it?")`,
`relay.next("bounce")`, `relay.wait_for_sent(1)`. Like Amazon it takes mail from approved senders
to relay addresses only (amazon.md 2.2, 2.9).
"""

import os
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, Unpack

from bot.clock import Clock
from bot.domain.mail import Notice
from bot.domain.marketplaces import MARKETPLACES
from bot.errors import NotFound, WrongInput
from bot.sandbox import relay_mails, relay_page
from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.relay_smtp import RelayServer
from bot.sandbox.relay_texts import DEMO_STORES, NAMES, PRODUCTS, TEMPLATES, RelayStore

What = Literal["none", "bounce", "opt_out", "refuse", "defer", "drop_after_data", "hang"]
Status = Literal["delivered", "bounced", "opted_out"]
WHATS: tuple[What, ...] = ("none", "bounce", "opt_out", "refuse", "defer", "drop_after_data", "hang")
_STATUS: dict[What, Status] = {"bounce": "bounced", "opt_out": "opted_out"}
_Build = Callable[[datetime, str], bytes]


class About(TypedDict, total=False):
    """What may be said about a buyer; the rest is invented. `order_id=None` is a question before buying."""

    marketplace: str
    store: str
    name: str
    order_id: str | None
    lang: str
    subject: str
    photo: bool


@dataclass(frozen=True, slots=True)
class SentMail:
    """One reply that the relay took. `text` is its text part, `attachments` the names of its files."""

    id: int
    at: datetime
    to: str
    sender: str
    store: str
    subject: str
    text: str
    message_id: str
    in_reply_to: str | None
    status: Status
    raw: bytes = field(repr=False)
    attachments: tuple[str, ...] = ()


class MailRelay:
    """The relay; a context manager. `port` 0 takes a free one; `on_change` is called after every change.

    Each store's mailbox is a Maildir, `folder_of(store)`: at or below `maildir`, as its RelayStore says.
    """

    def __init__(
        self,
        maildir: Path,
        clock: Clock,
        port: int = 0,
        *,
        stores: tuple[RelayStore, ...] = DEMO_STORES,
        seed: int = 24,
    ) -> None:
        self.maildir = maildir
        self.stores = {store.name: store for store in stores}
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        # The start is in it too: a demo that is started again must not repeat its message ids.
        self._random = random.Random(f"{seed} {clock.now().isoformat()}")
        self._count = count(1)
        self._changed = threading.Condition(threading.RLock())
        self._next: What = "none"
        self._next_to = ""
        self._sent: list[SentMail] = []
        self._buyers: dict[str, BuyerMail] = {}
        self._server = RelayServer(self, port)
        for store in stores:
            for name in ("tmp", "new", "cur"):
                (self.folder_of(store.name) / name).mkdir(parents=True, exist_ok=True)

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def port(self) -> int:
        """Where the SMTP server listens, once started."""
        return self._server.port

    @property
    def password(self) -> str:
        """What a sender logs in with, user name is its address; login is possible, not demanded."""
        return "relay-demo"

    @property
    def sent(self) -> list[SentMail]:
        """The replies that were taken, oldest first."""
        with self._changed:
            return list(self._sent)

    def folder_of(self, store: str) -> Path:
        """The Maildir that is the mailbox of `store`."""
        return self.maildir / self.stores[store].folder

    def start(self) -> None:
        """Listen on 127.0.0.1."""
        self._server.start()

    def stop(self) -> None:
        """Close every connection and stop listening; can be called twice."""
        self._server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # What buyers and Amazon do

    def write_as_buyer(self, text: str, **about: Unpack[About]) -> BuyerMail:
        """A new buyer writes; the mail lies in the Maildir when this returns. Raises WrongInput, NotFound."""
        with self._changed:
            mail = self._invent(text, about)
        return self._deliver_message(mail)

    def follow_up(self, buyer: BuyerMail, text: str, *, photo: bool = False) -> BuyerMail:
        """The same buyer writes again about the same case: a new mail without references, as Amazon's are."""
        with self._changed:
            message_id = self._message_id()
        return self._deliver_message(
            replace(buyer, text=text, photo=photo, at=self._clock.now(), message_id=message_id)
        )

    def copy_of_reply(self, buyer: BuyerMail, text: str) -> str:
        """Amazon's copy of a reply that somebody typed in Seller Central; returns its Message-ID."""
        return self._deliver(buyer.store, lambda at, key: relay_mails.reply_copy(buyer, text, at, key))

    def notice(self, kind: Notice | str, buyer: BuyerMail) -> str:
        """One of Amazon's notices about the buyer's order; returns its Message-ID."""
        wanted = Notice(kind)
        return self._deliver(buyer.store, lambda at, key: relay_mails.notice(wanted, buyer, at, key))

    def spoof(self, buyer: BuyerMail, how: Literal["host", "dkim"] = "host") -> str:
        """A forged mail into the store's mailbox; returns its Message-ID."""
        return self._deliver(buyer.store, lambda at, key: relay_mails.spoof(buyer, how, at, key))

    def opt_out(self, buyer: BuyerMail) -> str:
        """Amazon says that the last reply was not delivered; returns the notice's Message-ID."""
        return self._deliver(buyer.store, lambda at, key: relay_mails.opt_out_notice(buyer, at, key))

    def bounce(self, sent: SentMail) -> str:
        """A report that this reply could not be delivered; returns its Message-ID."""
        return self._deliver(
            sent.store, lambda at, key: relay_mails.delivery_failure(sent.raw, sent.to, at, key)
        )

    def deliver_raw(self, store: str, raw: bytes) -> None:
        """Any mail, byte for byte, into the mailbox of `store`."""
        self._deliver(store, lambda _at, _key: raw)

    # What happens to replies

    def next(self, what: What, to: str = "") -> None:
        """What happens to the next reply (`to` an alias, if given), once: bounce and opt_out after it was taken,
        the rest instead.

        refuse: 554, defer: 451, drop_after_data: taken, but the connection dies without an answer,
        hang: taken, but never answered. Raises WrongInput for another word.
        """
        if what not in WHATS:
            raise WrongInput(f"The relay can't do {what!r} to a reply. It can do: {', '.join(WHATS)}")
        with self._changed:
            self._next, self._next_to = what, to
        self.on_change()

    def wait_for_sent(self, n: int, timeout_s: float = 10) -> list[SentMail]:
        """The replies, as soon as there are `n`. Raises TimeoutError, naming how many came."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._sent) >= n, timeout_s):
                raise TimeoutError(f"the relay took {len(self._sent)} replies in {timeout_s} s, expected {n}")
            return list(self._sent)

    def store_of_sender(self, sender: str) -> RelayStore | None:
        """The store whose approved sender this is."""
        return next((store for store in self.stores.values() if store.sender == sender.lower()), None)

    def take(self, sender: str, to: str, raw: bytes) -> What:
        """Keep a reply that came by SMTP, unless it shall be refused; says how to answer it."""
        with self._changed:
            what: What = "none"
            if self._next_to in ("", to):
                what, self._next, self._next_to = self._next, "none", ""
            if what not in ("refuse", "defer"):
                self._keep(sender, to, raw, what)
        self.on_change()
        return what

    def _keep(self, sender: str, to: str, raw: bytes, what: What) -> None:
        mail = message_from_bytes(raw, policy=policy.default)
        store = self.store_of_sender(sender)
        sent = SentMail(
            id=len(self._sent) + 1,
            at=self._clock.now(),
            to=to,
            sender=sender,
            store=store.name if store else "",
            subject=str(mail["Subject"] or ""),
            text=_text_of(mail),
            message_id=str(mail["Message-ID"] or ""),
            in_reply_to=str(mail["In-Reply-To"]) if mail["In-Reply-To"] else None,
            status=_STATUS.get(what, "delivered"),
            raw=raw,
            attachments=tuple(part.get_filename() or "" for part in mail.iter_attachments()),
        )
        self._sent.append(sent)
        if what == "bounce":
            self._put(sent.store, lambda at, key: relay_mails.delivery_failure(raw, to, at, key))
        buyer = self._buyers.get(to)
        if what == "opt_out" and buyer is not None:
            self._put(sent.store, lambda at, key: relay_mails.opt_out_notice(buyer, at, key))
        self._changed.notify_all()

    # What the page asks for

    @property
    def coming(self) -> What:
        """What will happen to the next reply."""
        with self._changed:
            return self._next

    @property
    def buyers(self) -> list[BuyerMail]:
        """The last mail of each buyer, first writer first."""
        with self._changed:
            return list(self._buyers.values())

    def page_relay(self) -> dict[str, Any]:
        """State of the relay as the sandbox page shows it; times are epoch seconds of the relay's clock."""
        return relay_page.state(self)

    def write(self, **fields: Any) -> dict[str, Any]:
        """The page writes as a buyer; with `alias` as one who wrote before. Answers {ok} or {ok, error}."""
        return relay_page.write(self, fields)

    def set_next(self, what: What) -> dict[str, Any]:
        """The page sets what happens to the next reply. Answers {ok} or {ok, error}."""
        return relay_page.set_next(self, what)

    def buyer(self, alias: str) -> BuyerMail:
        """The last mail of the buyer with this address. Raises NotFound."""
        with self._changed:
            if alias not in self._buyers:
                raise NotFound("No buyer with this address has written yet. Pick one from the list")
            return self._buyers[alias]

    def _invent(self, text: str, about: About) -> BuyerMail:
        store, code = self._place(about)
        marketplace = MARKETPLACES[code]
        prefix, asin, title = PRODUCTS.get(code, PRODUCTS["US"])
        lang = about.get("lang") or marketplace.language
        name = about.get("name") or self._random.choice(NAMES.get(lang, NAMES["en"]))
        order_id = about.get("order_id", f"{prefix}-{self._digits(7)}-{self._digits(7)}")
        case_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        local = "".join(self._random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=14))
        base = f"{local}@marketplace.amazon.{marketplace.domain}"
        amazon_lang = relay_mails.amazon_lang(code, store.account_lang)
        template = TEMPLATES[amazon_lang]
        form = template.subject if order_id else template.bare_subject
        return BuyerMail(
            alias=base.replace("@", f"+{case_id}@"),
            base=base,
            amazon_case_id=case_id,
            name=name,
            store=store.name,
            inbox=store.sender,
            marketplace=code,
            order_id=order_id or None,
            asin=asin,
            title=title,
            lang=lang,
            amazon_lang=amazon_lang,
            message_id=self._message_id(),
            subject=about.get("subject") or form.format(name=name, order_id=order_id),
            text=text,
            at=self._clock.now(),
            photo=about.get("photo", False),
        )

    def _place(self, about: About) -> tuple[RelayStore, str]:
        """Store and marketplace; one follows from the other when only one is said."""
        code = about.get("marketplace")
        name = about.get("store")
        for store in self.stores.values():
            if name in (None, "", store.name) and (not code or code in store.marketplaces):
                return store, code or store.marketplaces[0]
        raise WrongInput(f"No store of the relay sells there (store {name}, marketplace {code})")

    def _digits(self, length: int) -> str:
        return "".join(self._random.choices("0123456789", k=length))

    def _message_id(self) -> str:
        return (
            f"<0102018f{self._random.getrandbits(32):08x}-"
            f"{uuid.UUID(int=self._random.getrandbits(128), version=4)}-000000@eu-west-1.amazonses.com>"
        )

    def _deliver_message(self, mail: BuyerMail) -> BuyerMail:
        with self._changed:
            self._buyers[mail.alias] = mail
        self._deliver(mail.store, lambda _at, _key: relay_mails.buyer_message(mail))
        return mail

    def _deliver(self, store: str, build: _Build) -> str:
        message_id = self._put(store, build)
        self.on_change()
        return message_id

    def _put(self, store: str, build: _Build) -> str:
        """Into the Maildir as its rules say: written in tmp, moved to new; arrived when the clock says."""
        with self._changed:
            at, message_id = self._clock.now(), self._message_id()
            seconds = at.timestamp()
            name = f"{int(seconds)}.M{next(self._count):06d}P{os.getpid()}.relay"
            folder = self.folder_of(store)
            (folder / "tmp" / name).write_bytes(build(at, message_id))
            os.utime(folder / "tmp" / name, (seconds, seconds))
            (folder / "tmp" / name).rename(folder / "new" / name)
        return message_id


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n")
