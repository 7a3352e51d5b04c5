"""What /metrics says, in Prometheus' words. Labels are keys of settings and words of tables, nothing of a buyer.

Ages and spans are seconds of the desk's clock, which is the real one but in the demo.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.domain.health import StoreVitals, Vitals
from bot.work.health import Health, Watch

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

NOTIFICATIONS = Counter(
    "reply24_notifications",
    "Notifications of Amazon's that this process has read: taken, ignored, foreign, malformed, failed, given_up.",
    labelnames=["queue", "ending"],
    registry=None,
)
PINGS = Counter("reply24_pings", "Pings of deadlines that this process has recorded.", registry=None)


class Metrics(Collector):
    """The metrics of one process; `text` makes the page."""

    def __init__(self, watch: Watch, role: str) -> None:
        self._watch = watch
        self._role = role
        self._registry = CollectorRegistry()
        self._registry.register(PINGS)
        self._registry.register(NOTIFICATIONS)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """The page, after one look."""
        return generate_latest(self._registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing: to say more would need a look at the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All but what the process counts itself."""
        health = self._watch.look()
        build = {"version": __version__, "role": self._role}
        yield InfoMetricFamily("reply24_build", "Version of the program, and what this process does.", build)
        yield _gauge("start_time_seconds", "When this process started.", self._watch.started_at.timestamp())
        yield _gauge("healthy", "1 when /healthz says ok.", not health.faults)
        yield _gauge("database_up", "1 when the database answered in time.", health.vitals is not None)
        yield from _contact(health)
        if health.vitals is not None:
            yield from _counts(health.vitals)
            yield from _waiting(health.vitals)
            yield from _stores(health.vitals)
            yield from _ingest(health.vitals)
            yield from _leases(health.vitals)
            yield _manual(health.vitals)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"reply24_{name}", meaning, value)


def _by(name: str, meaning: str, label: str, values: Mapping[str, float | None]) -> Metric:
    """A gauge for each label; what is not known is left out."""
    family = GaugeMetricFamily(f"reply24_{name}", meaning, labels=[label])
    for key, value in values.items():
        if value is not None:
            family.add_metric([key], value)
    return family


def _age(now: datetime, since: datetime | None) -> float | None:
    return None if since is None else (now - since).total_seconds()


def _contact(health: Health) -> Iterator[Metric]:
    """Only what there is: a process without a socket has no pong."""
    contact = health.contact
    for name, meaning, at in (
        ("slack_pong_age_seconds", "Since Slack was last heard on the socket.", contact.pong_at),
        ("slack_answer_age_seconds", "Since Slack last answered a call.", contact.answered_at),
        ("slack_failing_seconds", "Since calls to Slack get no answer.", contact.failing_since),
    ):
        age = _age(health.at, at)
        if age is not None:
            yield _gauge(name, meaning, age)


def _counts(vitals: Vitals) -> Iterator[Metric]:
    rows = GaugeMetricFamily(
        "reply24_outbox_rows",
        "What Slack is to be told; 1 is urgent, 5 is usual.",
        labels=["state", "urgency"],
    )
    for (state, urgency), count in vitals.outbox.items():
        rows.add_metric([state, str(urgency)], count)
    yield rows
    meaning = "Replies on their way; unsure and failed ones whose buyer still waits."
    yield _by("replies", meaning, "state", dict(vitals.replies))
    meaning = "Messages by Amazon's API that have not ended; of unsure ones a person decides."
    yield _by("typed_messages", meaning, "state", dict(vitals.typed))
    yield _gauge("alerts_waiting", "Pings that wait to go the second road.", vitals.alerts)
    yield _gauge("mails_waiting", "Mails that wait to be taken in.", vitals.new_mails)
    yield _gauge("ledger_records", "Length of the ledger.", vitals.ledger)


def _waiting(vitals: Vitals) -> Iterator[Metric]:
    """0 when nothing waits, so that a rule need not ask whether there is a value."""
    for name, meaning, since in (
        (
            "outbox_oldest_seconds",
            "How long the oldest thing waits that Slack is to be told.",
            vitals.outbox_since,
        ),
        ("mails_oldest_seconds", "How long the oldest mail waits to be taken in.", vitals.new_mails_since),
    ):
        yield _gauge(name, meaning, _age(vitals.at, since) or 0)
    ages = {name: _age(vitals.at, read_at) for name, read_at in vitals.mailboxes.items()}
    yield _by("mailbox_read_age_seconds", "Since the mailbox was last read.", "mailbox", ages)
    ages = {name: _age(vitals.at, read_at) for name, read_at in vitals.queues.items()}
    yield _by("queue_read_age_seconds", "Since the queue of notifications was last read.", "queue", ages)


def _stores(vitals: Vitals) -> Iterator[Metric]:
    def by(of: Callable[[StoreVitals], float | None]) -> dict[str, float | None]:
        return {name: of(store) for name, store in vitals.stores.items()}

    at = vitals.at
    meaning = "Since the store's newest buyer message was received."
    yield _by("message_age_seconds", meaning, "store", by(lambda one: _age(at, one.last_message_at)))
    yield _by("deadlines_open", "Buyer messages that wait for an answer.", "store", by(lambda one: one.open))
    yield _by("deadlines_overdue", "Those that are over 24 hours.", "store", by(lambda one: one.overdue))
    meaning = "Left until the first open deadline; below 0 it is over."
    left = by(lambda one: None if one.first_due_at is None else (one.first_due_at - at).total_seconds())
    yield _by("deadline_seconds_left", meaning, "store", left)


def _manual(vitals: Vitals) -> Metric:
    """Each store, and "all": 0 where automation works."""
    on = {scope: float(scope in vitals.manual) for scope in ("all", *vitals.stores)}
    return _by("manual_mode", "1 while manual mode is on for the store, or for all.", "scope", dict(on))


def _ingest(vitals: Vitals) -> Iterator[Metric]:
    """Server against store, test mails, alarms."""
    audits = vitals.audits
    for name, meaning, of in (
        ("audit_age_seconds", "Since the mailbox was last audited.", lambda one: _age(vitals.at, one.at)),
        ("audit_server_mails", "Mails that the last audit found on the server.", lambda one: one.server),
        ("audit_stored_mails", "How many of these were stored.", lambda one: one.stored),
        ("mails_withheld", "Mails that the server names and does not give.", lambda one: one.left),
        ("mails_missed", "Mails that audits had to fetch, all told.", lambda one: one.missed),
    ):
        yield _by(name, meaning, "mailbox", {place: of(one) for place, one in audits.items()})
    delays = {name: span.total_seconds() for name, span in vitals.canaries.items()}
    meaning = "Within which time 9 of 10 test mails of the last day were here."
    yield _by("canary_delay_seconds", meaning, "mailbox", delays)
    standing = GaugeMetricFamily(
        "reply24_alarm",
        "1 while the alarm stands: reading, canary, silence, access, queue.",
        labels=["kind", "about"],
    )
    for alarm in vitals.alarms:
        standing.add_metric([alarm.kind, alarm.about], 1)
    yield standing


def _leases(vitals: Vitals) -> Iterator[Metric]:
    held = GaugeMetricFamily(
        "reply24_lease_held", "1 while the owner's lease runs.", labels=["lease", "owner"]
    )
    for name, lease in vitals.leases.items():
        held.add_metric([name, lease.owner], lease.until > vitals.at)
    yield held
    left = {name: (lease.until - vitals.at).total_seconds() for name, lease in vitals.leases.items()}
    yield _by("lease_seconds_left", "Until the lease ends if it is not renewed.", "lease", left)
