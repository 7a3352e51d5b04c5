"""A small invented team for tests: two stores, four agents, one manager."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.clock import FixedClock
from bot.desk import Desk, receive
from bot.desk.knowledge import Knowledge, load_knowledge
from bot.domain.mail import Kind, Mail
from bot.domain.rota import Layer, Rota, RotaAgent, WeeklyShift
from bot.mail import language
from bot.settings.shape import AgentSettings, Settings

ROOT = Path(__file__).parent.parent
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

LI_WEI, CHEN, ANNA, BOB, WANG, GUEST = "U0LIWEI", "U0CHENYU", "U0ANNA", "U0BOB", "U0WANG", "U0GUEST"


def settings(**changes: Any) -> Settings:
    """Settings of the team; the mailbox is a folder, nothing is connected."""
    tree: dict[str, Any] = {
        "folder": ROOT / "config",
        "database_url": "sqlite://",
        "templates_folder": ROOT / "templates",
        "mailboxes": {
            "nordlicht": {"kind": "folder", "path": "mail/nordlicht"},
            "sunrise": {"kind": "folder", "path": "mail/sunrise"},
        },
        "outgoing": {"relay": {"host": "127.0.0.1", "port": 2525, "tls": "none"}},
        "stores": {
            "nordlicht": _store(
                "Nordlicht", ("DE", "FR", "UK"), "nordlicht", "amz-nordlicht", "Europe/Berlin"
            ),
            "sunrise": _store("Sunrise", ("US",), "sunrise", "amz-sunrise", "America/Los_Angeles"),
        },
        "agents": {
            "li-wei": _agent("Li Wei", LI_WEI, "Asia/Shanghai"),
            "chen-yu": _agent("Chen Yu", CHEN, "Asia/Shanghai", stores=("nordlicht",)),
            "anna": _agent("Anna Kowalski", ANNA, "America/New_York"),
            "bob": _agent("Bob Rivera", BOB, "America/Los_Angeles", stores=("sunrise",)),
            "wang-fang": _agent("Wang Fang", WANG, "Asia/Shanghai", role="manager"),
        },
        "slack": {"review_channel": "amz-review", "escalation_channel": "amz-leads"},
    }
    return Settings.model_validate(tree | changes)


def _store(name: str, places: tuple[str, ...], key: str, channel: str, zone: str) -> dict[str, Any]:
    return {
        "name": name,
        "marketplaces": places,
        "mailbox": key,
        "sender": f"support@{key}.example",
        "outgoing": "relay",
        "channel": channel,
        "zone": zone,
    }


def _agent(name: str, slack: str, zone: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "slack": slack, "zone": zone, **more}


def rota(agents: Mapping[str, AgentSettings] | None = None) -> Rota:
    """Beijing 09-18 (01:00-10:00 UTC) and, in winter, Los Angeles 09-17 (17:00-01:00 UTC), on all seven days."""
    every_day = frozenset(range(7))
    agents = agents or settings().agents
    return Rota(
        layers=(
            Layer(
                "beijing",
                "Asia/Shanghai",
                (WeeklyShift(every_day, 9 * 60, 18 * 60, ("li-wei", "chen-yu", "wang-fang")),),
            ),
            Layer("us", "America/Los_Angeles", (WeeklyShift(every_day, 9 * 60, 17 * 60, ("anna", "bob")),)),
        ),
        agents=tuple(
            RotaAgent(
                key=key,
                zone=one.zone,
                stores=None if one.stores == "all" else frozenset(one.stores),
                languages=frozenset(one.languages),
                skills=frozenset(one.skills),
                names=frozenset({key, one.name.casefold()}),
            )
            for key, one in agents.items()
        ),
    )


def settings_with_rota(**rules: Any) -> Settings:
    """The same team in shifts; `rules` are keys of config/rota.yaml such as claim_minutes."""
    found = settings()
    shifts = found.shifts.model_copy(update=rules)
    return found.model_copy(update={"rota": rota(), "shifts": shifts})


def knowledge() -> Knowledge:
    """The shipped templates, policy phrases and topic rules."""
    return load_knowledge(ROOT / "templates", ROOT / "config", language.of)


class Post:
    """Delivers mails to a desk as a mailbox would, already understood: the parser has tests of its own."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self._desk = desk
        self._clock = clock
        self._uids: Iterator[int] = count(1)
        self._mails: dict[bytes, Mail] = {}

    def deliver(self, *mails: Mail, mailbox: str = "nordlicht", late: timedelta = timedelta(0)) -> None:
        """Put mails into the mailbox and take them in. They arrived `late` before now."""
        arrived = self._clock.now() - late
        raws = []
        for mail in mails:
            uid = next(self._uids)
            raw = f"{uid}".encode()
            self._mails[raw] = mail
            raws.append(receive.RawMail(uid, arrived, raw))
            receive.store_raw(self._desk, mailbox, 1, uid, raws[-1:])
        while receive.take_in(self._desk, lambda raw, _arrived: self._mails[raw]):
            pass


_NUMBERS = count(1)


def buyer_mail(text: str = "Where is my parcel?", **changes: Any) -> Mail:
    """A buyer message of Katrin's to Nordlicht on Amazon.de, changed as told."""
    number = next(_NUMBERS)
    mail = Mail(
        kind=Kind.BUYER_MESSAGE,
        why="a test",
        message_id=f"<buyer-{number}@amazonses.example>",
        subject="Inquiry from Amazon customer Katrin",
        text=text,
        full_text=text,
        marketplace="DE",
        order_id="305-1234567-1234567",
        asins=("B0TEST0001",),
        buyer_alias="katrin0000001+case-1@marketplace.amazon.de",
        buyer_base="katrin0000001@marketplace.amazon.de",
        buyer_name="Katrin Muster",
        amazon_case_id="case-1",
        lang="en",
        recipients=("support@nordlicht.example",),
    )
    return replace(mail, **changes)
