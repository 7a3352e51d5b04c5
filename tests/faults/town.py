"""What people do while faults strike: buyers and Amazon write mails, agents work on cards, and all is written down.

Agents see what a person sees in Slack: cards, buttons, windows. What they were told is kept as a promise: a window
that closes after Send says that the reply will leave.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any, Literal

from imapclient.exceptions import IMAPClientError

from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.slack.driver import Modal, Person, Post
from bot.sandbox.slack.driver_base import find_field, pressable
from bot.sandbox.slack.wire import Refusal
from tests.e2e.rig import CHANNEL, NORDLICHT
from tests.faults.site import Site

AGENTS = ("anna", "li.wei")
MANAGER = "wang.fang"
REVIEW = "amz-review"
_PATIENCE_SECONDS = 4.0
_GIVES_UP = (AssertionError, TimeoutError, KeyError, IndexError, Refusal)

WORDS = (
    "Hello, thank you for your message. I am sorry about the delay of your parcel.\n"
    ".A line that begins with a dot, and one that is only a dot:\n.\n"
    "It arrives on Friday – we look after it. Our word for this is {word}."
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that somebody wrote: what kind, and the word by which it can be recognised."""

    kind: str
    message_id: str
    word: str = ""
    buyer: str = ""


@dataclass
class Sent:
    """A reply that an agent sent. `shown` is the preview's text; `promised`: the window closed."""

    word: str
    by: str
    shown: str
    promised: bool = False


@dataclass
class Town:
    """Everybody but the program, and what they remember."""

    site: Site
    mails: list[Mail] = field(default_factory=list)
    replies: list[Sent] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    in_bulk: set[str] = field(default_factory=set)
    excused: Counter[tuple[int, str]] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)
    prefers_bulk: bool = False
    """Every second thing that agents do is a bulk reply, else it is one of a dozen."""
    _buyers: list[BuyerMail] = field(default_factory=list)
    _in_bag: list[bytes] = field(default_factory=list)
    _words: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def word(self, kind: str) -> str:
        """A word that nobody else uses, of letters only: digits look like telephone numbers."""
        with self._lock:
            self._words += 1
            number = self._words
        letters = ""
        for _ in range(4):
            number, letter = divmod(number, 20)
            letters = "bcdfghjklmnpqrstvwxz"[letter] + "aeiou"[(letter + len(letters)) % 5] + letters
        return f"{kind}{letters}"

    # Mail

    def write(self, rng: random.Random) -> bool:
        """Somebody writes; False if the mail server does not take it now: then it stays in the bag."""
        kinds = [self._new] * 10 + [self._follow_up] * 4 if self._buyers else [self._new]
        if self._buyers:
            kinds += [self._copy, self._notice, self._spoof, self._junk, self._bounce, self._opt_out]
        rng.choice(kinds)(rng)
        return self.carry()

    def carry(self) -> bool:
        """Put what was written into the mailbox; False if the mail server does not take it now."""
        rig = self.site.rig
        with self._lock:
            for file in sorted((rig.relay.folder_of(NORDLICHT) / "new").iterdir()):
                self._in_bag.append(file.read_bytes())
                file.unlink()
            try:
                while self._in_bag:
                    self._append(self._in_bag[0])
                    self._in_bag.pop(0)
            except (OSError, IMAPClientError):
                return False
        return True

    def _append(self, raw: bytes) -> None:
        """Once, also when the server's answer to an earlier try was lost."""
        client = self.site.rig.dovecot.client()
        try:
            name = str(message_from_bytes(raw)["Message-ID"])
            if not client.search(["HEADER", "Message-ID", name]):
                client.append("INBOX", raw, msg_time=self.site.clock.now())
        finally:
            client.shutdown()

    def _keep(self, kind: str, message_id: str, **about: str) -> None:
        self.mails.append(Mail(kind, message_id, **about))

    def _new(self, rng: random.Random) -> None:
        word = self.word("Buyer")
        site = rng.choice(("UK", "UK", "DE"))
        buyer = self.site.rig.relay.write_as_buyer(
            f"Where is my parcel? {word}", marketplace=site, lang="en", photo=rng.random() < 0.1
        )
        self._buyers = [*self._buyers[-40:], buyer]
        self._keep("buyer", buyer.message_id, word=word, buyer=buyer.alias)

    def _follow_up(self, rng: random.Random) -> None:
        word = self.word("Again")
        buyer = self.site.rig.relay.follow_up(rng.choice(self._buyers), f"Hello? I still wait. {word}")
        self._keep("buyer", buyer.message_id, word=word, buyer=buyer.alias)

    def _copy(self, rng: random.Random) -> None:
        buyer = rng.choice(self._buyers)
        words = f"We have looked into it. {self.word('Copy')}"
        self._keep("copy", self.site.rig.relay.copy_of_reply(buyer, words), buyer=buyer.alias)

    def _notice(self, rng: random.Random) -> None:
        buyer, kind = rng.choice(self._buyers), rng.choice(("a_to_z", "return_request"))
        self._keep("notice", self.site.rig.relay.notice(kind, buyer), buyer=buyer.alias)

    def _spoof(self, rng: random.Random) -> None:
        how: Literal["host", "dkim"] = "host" if rng.random() < 0.5 else "dkim"
        self._keep("review", self.site.rig.relay.spoof(rng.choice(self._buyers), how))

    def _junk(self, rng: random.Random) -> None:
        word = self.word("Junk")
        message_id = f"<{word}@odd.example>"
        body = rng.choice(("\xff\xfe broken", "=?utf-8?B?///?= " * 30, "\0\0\0", "A" * 3000))
        raw = f"From: x\nMessage-ID: {message_id}\nSubject: {word}\nDate: 2050\n\n{body}\n"
        self.site.rig.relay.deliver_raw(NORDLICHT, raw.encode("latin-1"))
        self._keep("review", message_id, word=word)

    def _bounce(self, rng: random.Random) -> None:
        sent = self.site.rig.relay.sent
        if sent:
            self._keep("bounce", self.site.rig.relay.bounce(rng.choice(sent[-5:])))

    def _opt_out(self, rng: random.Random) -> None:
        buyer = rng.choice(self._buyers)
        self._keep("opt_out", self.site.rig.relay.opt_out(buyer), buyer=buyer.alias)

    # Agents

    def work(self, rng: random.Random, who: str) -> bool:
        """An agent does one thing; False if it can't be done now and is given up, as people do."""
        acts: list[Callable[[random.Random, str], None]] = [self._reply] * 6
        acts += [self._excuse, self._note, self._release, self._undo, self._delete, self._home, self._bulk]
        act = self._bulk if self.prefers_bulk and rng.random() < 0.5 else rng.choice(acts)
        try:
            act(rng, who)
        except _GIVES_UP as why:
            if not isinstance(why, IndexError):  # there was nothing to press
                self.given_up[f"{act.__name__} {type(why).__name__}"] += 1
            return False
        else:
            self.did[act.__name__] += 1
            return True
        finally:
            self._clear_screen(who)

    def end_manual_mode(self) -> None:
        """The breaker trips when much goes wrong, and that is what faults do: a manager has looked, and ends it."""
        for (scope,) in self.site.sql.rows("SELECT scope FROM manual_modes WHERE ended_at IS NULL"):
            with suppress(*_GIVES_UP):
                self.site.rig.ws.user(MANAGER).command(f"/manual-mode off {scope} I have looked", CHANNEL)

    def _clear_screen(self, who: str) -> None:
        def clear(core: Any) -> None:
            core.store.stacks[core.store.user(who).id].clear()

        self.site.rig.sandbox.call(clear)

    def _card(self, rng: random.Random, action: str, *channels: str) -> Post:
        """A card with this button; IndexError if there is none."""
        cards = [
            post for post in self.site.rig.cards(*(channels or (CHANNEL,))) if action in buttons_of(post)
        ]
        return rng.choice(cards[-12:])

    def _press(self, post: Post, action: str, who: str, field: str = "") -> Modal:
        """Press a button and wait for the window with this field."""
        assert post.click(action, by=who).ok
        return self._window(self.site.rig.ws.user(who), field)

    def _window(self, person: Person, field: str) -> Modal:
        """The window with this field, as soon as it is there."""

        def ready() -> bool:
            return person.has_modal and bool(
                find_field(Modal(self.site.rig.sandbox, person.id).view["blocks"], field)
            )

        self.site.rig.sandbox.wait_for(ready, _PATIENCE_SECONDS)
        return Modal(self.site.rig.sandbox, person.id)

    def _reply(self, rng: random.Random, who: str) -> None:
        card = self._card(rng, "case.reply")
        if "case.claim" in buttons_of(card) and rng.random() < 0.5:
            card.click("case.claim", by=who)
        word = self.word("Reply")
        form = self._press(card, "case.reply", who, "form.text")
        preview = form.fill("form.text", WORDS.format(word=word)).submit().modal
        assert preview is not None
        assert preview.view["callback_id"] == "modal.preview", preview.plain
        kept = Sent(word, who, exact_texts(preview.view["blocks"])[0])
        self.replies.append(kept)
        kept.promised = preview.submit().closed

    def _excuse(self, rng: random.Random, who: str) -> None:
        card = self._card(rng, "case.no_response", CHANNEL, REVIEW)
        form = self._press(card, "case.no_response", who, "form.reason")
        form.fill("form.reason", "They only say thank you.")
        if form.submit().closed:
            self.excused[case_of(card), self.site.rig.ws.user(who).id] += 1

    def _note(self, rng: random.Random, who: str) -> None:
        card = self._card(rng, "case.note")
        words = f"Remember {self.word('Note')}"
        said = self.site.rig.ws.user(who).say(words, CHANNEL, thread=card)
        if said.message.is_reply:  # else somebody has just deleted the card
            self.notes.append(words)

    def _release(self, rng: random.Random, who: str) -> None:
        self._card(rng, "case.release").click("case.release", by=who)

    def _undo(self, rng: random.Random, who: str) -> None:
        found = [
            post
            for card in self.site.rig.cards()[-6:]
            for post in card.thread()
            if "reply.undo" in buttons_of(post)
        ]
        rng.choice(found).click("reply.undo", by=who)

    def _delete(self, rng: random.Random, who: str) -> None:
        if rng.random() < 0.4:
            self.site.rig.ws.delete(self._card(rng, "case.reply"))

    def _home(self, rng: random.Random, who: str) -> None:
        self.site.rig.ws.user(who).home(_PATIENCE_SECONDS)

    def _bulk(self, rng: random.Random, who: str) -> None:
        """One template to many buyers at once; what the preview shows is kept."""
        person = self.site.rig.ws.user(who)
        assert person.command("/bulk nordlicht", CHANNEL).ok
        form = self._window(person, "bulk.template")
        form.select("bulk.template", "holding_reply")
        form = self._window(person, "bulk.value.due_date")
        preview = form.fill("bulk.value.due_date", "2026-11-27").submit().modal
        while preview is not None and preview.view["callback_id"] == "modal.bulk_preview":
            self.in_bulk |= set(exact_texts(preview.view["blocks"]))
            if not preview.view.get("submit"):
                break
            preview = preview.submit().modal

    def decide(self) -> int:
        """Agents look for each reply that may have left or not, and say what they find; returns how many."""
        decided = 0
        arrived = {mail.message_id for mail in self.site.rig.relay.sent}
        for card in self.site.rig.cards():
            for post in card.thread():
                if "reply.arrived" not in buttons_of(post):
                    continue
                reply = int((post.message.metadata or {})["event_payload"]["id"].split(":")[2])
                name = self.site.sql.one("SELECT message_id FROM replies WHERE id = ?", reply)
                with suppress(*_GIVES_UP):
                    post.click("reply.arrived" if name in arrived else "reply.lost", by="anna")
                    decided += 1
        return decided


def buttons_of(post: Post) -> set[str]:
    """The action ids of what can be pressed."""
    return {str(control["action_id"]) for _block, control, _entry in pressable(post.blocks)}


def case_of(card: Post) -> int:
    """The case that a card's buttons belong to; 0 if it has none."""
    for _block, control, _entry in pressable(card.blocks):
        number = str(control.get("value", "")).partition(":")[0]
        if number.isdigit():
            return int(number)
    return 0


def exact_texts(blocks: list[dict[str, Any]]) -> list[str]:
    """The words in each frame that shows a text letter by letter."""
    elements = [element for block in blocks for element in block.get("elements", [])]
    frames = [one for one in elements if one.get("type") == "rich_text_preformatted"]
    return ["".join(str(part.get("text", "")) for part in frame["elements"]) for frame in frames]
