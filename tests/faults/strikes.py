"""The faults, and how each strikes. A fault strikes while people work; afterwards everything around works again."""

import random
import resource
import signal
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import monotonic
from bot.sandbox.relay import What
from tests.faults.proxy import TO_CLIENT, TO_SERVER, Proxy
from tests.faults.shared import Order
from tests.faults.site import ALL, Site

REACHED_SECONDS = 4.0
"""So long a program is given to come to a step; on a crowded machine it takes longer."""
Strike = Callable[[Site, random.Random], None]

NAMED_STEPS = {
    "before the mails are read": "imap:UID FETCH",
    "the mails are read": "imap:UID FETCH:after",
    "mails are read, not stored": "desk.receive.store_raw:commit",
    "raw mails are stored, not taken in": "desk.receive.store_raw:committed",
    "before the commit of receive": "desk.receive._apply:commit",
    "after the commit of receive": "desk.receive._apply:committed",
    "an outbox row is claimed": "work.lanes._say_next:committed",
    "a card is claimed for the post under it": "work.lanes._say_before:committed",
    "before a post": "slack:chat.postMessage",
    "Slack has answered a post": "slack:chat.postMessage:after",
    "before a change of a post": "slack:chat.update",
    "Slack has answered a change": "slack:chat.update:after",
    "before ts is stored": "work.lanes._settle:commit",
    "after ts is stored": "work.lanes._settle:committed",
    "before sending is stored": "work.replies._claim:commit",
    "sending is stored": "work.replies._claim:committed",
    "before SMTP connects": "smtp:connect",
    "before MAIL": "smtp:MAIL",
    "before RCPT": "smtp:RCPT",
    "before DATA": "smtp:DATA",
    "before the mail": "smtp:body",
    "before the closing dot": "smtp:dot",
    "SMTP has answered": "smtp:dot:after",
    "before the commit of settle": "desk.settle.accepted:commit",
    "after the commit of settle": "desk.settle.accepted:committed",
    "a lease is renewed": "work.lease.hold:commit",
    "a lease was renewed": "work.lease.hold:committed",
    "pings are recorded, not committed": "desk.pings.ping_due:commit",
    "pings are recorded, not posted": "desk.pings.ping_due:committed",
    "a send is stored": "desk.reply.send:commit",
    "a send was stored": "desk.reply.send:committed",
    "a claim is stored": "desk.assign.claim:committed",
    "no response needed is stored": "desk.close.no_response_needed:committed",
    "a note is stored": "desk.close.note:commit*",
}
WITH_ROTA = {
    "cases go to who is on": "desk.route.route_waiting:commit*",
    "before a change of shift is stored": "desk.handover.*:commit",
    "a change of shift was stored": "desk.handover.*:committed",
}
IN_BULK = {
    "a bulk reply hands a case over": "desk.bulk_sending._step:commit",
    "a bulk reply has handed a case over": "desk.bulk_sending._step:committed",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault; `weight` is how often it comes beside others, `fits` where it can come."""

    name: str
    strike: Strike
    weight: float = 1.0
    fits: Callable[[Site], bool] = lambda _site: True


def _pause(rng: random.Random, most_s: float = 1.0) -> None:
    threading.Event().wait(rng.random() * most_s)


# Processes


def die_at(pattern: str, nth: int = 1) -> Strike:
    """Some program dies at a step. The order stands until the round is over."""
    return lambda site, _rng: site.shared.give(Order(pattern, nth))


def die_at_each(patterns: Sequence[str], patience_s: float) -> Strike:
    """Programs die at one step after the other; a step that is not reached in time is passed over."""

    def strike(site: Site, _rng: random.Random) -> None:
        for pattern in patterns:
            site.shared.give(Order(pattern))
            end = monotonic() + patience_s
            while site.shared.order_number and monotonic() < end:
                threading.Event().wait(0.02)

    return strike


def _die_anywhere(site: Site, rng: random.Random) -> None:
    site.shared.give(Order("*", rng.randrange(1, 200)))


def _freeze_anywhere(site: Site, rng: random.Random) -> None:
    """It stands still for a minute of leases: others take over, then it wakes up and goes on."""
    site.shared.give(Order("*", rng.randrange(1, 150), "freeze"))


def _kill(site: Site, rng: random.Random) -> None:
    _pause(rng)
    for one in rng.sample(site.programs, rng.choice((1, 1, len(site.programs)))):
        one.kill()


def _terminate(site: Site, rng: random.Random) -> None:
    _pause(rng)
    one = rng.choice(site.programs)
    one.signal(signal.SIGTERM)
    assert one.wait(15), "still there 15 s after SIGTERM"


def _rolling_restart(site: Site, _rng: random.Random) -> None:
    """A new version is rolled out: one program after the other ends, and another is there before the next one ends."""
    for one in list(site.programs):
        one.signal(signal.SIGTERM)
        assert one.wait(15), "still there 15 s after SIGTERM"
        assert '"bot_stopped"' in one.log_file.read_text(encoding="utf-8"), f"{one.log_file} was cut off"
        site.until(lambda: _all_there(site), "another program has started in its place")


def _all_there(site: Site) -> bool:
    """Whether whoever supervises has started what was missing, and it works."""
    programs = list(site.programs)
    return len(programs) == len(site.roles) and all(one.is_alive and one.has_started for one in programs)


# The network


def _cut(proxy: Proxy, rng: random.Random) -> None:
    for _ in range(rng.randrange(1, 4)):
        _pause(rng, 0.4)
        proxy.cut()


def _down(proxy: Proxy, rng: random.Random) -> None:
    _pause(rng, 0.5)
    proxy.cut(refuse=True)
    _pause(rng, 2.0)
    proxy.heal()


def _slow(proxy: Proxy, rng: random.Random) -> None:
    proxy.delay(rng.uniform(0.02, 0.3))
    _pause(rng, 2.0)
    proxy.heal()


def _silent(proxy: Proxy, rng: random.Random) -> None:
    """Packets are lost for a while, and come again."""
    _pause(rng, 0.5)
    proxy.hold(*rng.choice(((TO_SERVER,), (TO_CLIENT,), ())))
    _pause(rng, 2.0)
    proxy.heal()


def _answers_lost(proxy: Proxy, rng: random.Random) -> None:
    """What is asked gets there, and is done; the answer never comes back."""
    _pause(rng, 0.5)
    proxy.hold(TO_CLIENT)
    _pause(rng, 1.0)
    proxy.cut()
    proxy.heal()


def _half_closed(proxy: Proxy, rng: random.Random) -> None:
    for _ in range(3):
        _pause(rng, 0.4)
        proxy.end_answers()


_NETWORK: dict[str, Callable[[Proxy, random.Random], None]] = {
    "cut": _cut,
    "down": _down,
    "slow": _slow,
    "silent": _silent,
    "answers-lost": _answers_lost,
    "half-closed": _half_closed,
}


def _on(peer: str, how: Callable[[Proxy, random.Random], None]) -> Strike:
    return lambda site, rng: how(site.proxies[peer], rng)


# Peers


def _storm(site: Site, rng: random.Random) -> None:
    """Slack says 429 to everything for a while."""
    for method in ("chat.postMessage", "chat.update", "conversations.history", "views.publish"):
        site.rig.sandbox.next_errors(method, 429, times=rng.randrange(1, 6), retry_after=1)


def _strict(site: Site, rng: random.Random) -> None:
    """Slack's real limits for a while: one post a second and channel."""
    site.rig.sandbox.set_rate_limits(True)
    _pause(rng, 3.0)
    site.rig.sandbox.set_rate_limits(False)


def _done_but_500(site: Site, rng: random.Random) -> None:
    for method in ("chat.postMessage", "chat.update"):
        site.rig.sandbox.next_errors(method, 500, after=True, times=rng.randrange(1, 3))


def _slack_errors(site: Site, rng: random.Random) -> None:
    word = rng.choice(("internal_error", "fatal_error", "request_timeout", 503))
    for method in ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies"):
        site.rig.sandbox.next_errors(method, word, times=rng.randrange(1, 3))


def _acks_lost(site: Site, rng: random.Random) -> None:
    site.rig.sandbox.lose_acks(rng.randrange(1, 6))


def _sockets_dropped(site: Site, rng: random.Random) -> None:
    for _ in range(rng.randrange(1, 3)):
        _pause(rng, 0.5)
        rng.choice((site.rig.sandbox.drop_connections, site.rig.sandbox.disconnect))()


def _socket_silent(site: Site, rng: random.Random) -> None:
    """The socket is dead, and nobody says so: the bot must find out by itself."""
    _pause(rng, 0.5)
    site.rig.silence()
    site.until(site.rig.sandbox.connections, "the bot sees that its socket is dead, and makes another", 60)


def _relay(what: What) -> Strike:
    return lambda site, _rng: site.rig.relay.next(what)


def _mail_server_killed(site: Site, rng: random.Random) -> None:
    _pause(rng, 0.5)
    site.rig.dovecot.kill()
    _pause(rng, 1.0)
    site.rig.dovecot.start()


def _mail_server_frozen(site: Site, rng: random.Random) -> None:
    _pause(rng, 0.5)
    site.rig.dovecot.freeze()
    _pause(rng, 1.5)
    site.rig.dovecot.thaw()


def _numbered_anew(site: Site, rng: random.Random) -> None:
    """What a restore of the mail server does."""
    _pause(rng, 0.5)
    site.rig.dovecot.number_anew()


# Database, disk, clock


def _database_held(site: Site, rng: random.Random) -> None:
    """Somebody copies it, or looks into it with a tool."""
    path = site.rig.environ["REPLY24_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _pause(rng, 2.0)
        other.execute("ROLLBACK")


def _backends_terminated(site: Site, rng: random.Random) -> None:
    for _ in range(rng.randrange(1, 4)):
        _pause(rng, 0.6)
        site.sql.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _disk_full(site: Site, rng: random.Random) -> None:
    """No file of the program can grow, or be written, for a while."""
    _pause(rng, 0.5)
    full = (rng.choice((0, 4096, 65536)), resource.RLIM_INFINITY)
    limited = list(site.programs)
    for one in limited:
        if one.is_alive:
            resource.prlimit(one.pid, resource.RLIMIT_FSIZE, full)
    _pause(rng, 1.5)
    for one in limited:
        if one.is_alive:
            resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _clock_forward(site: Site, rng: random.Random) -> None:
    _pause(rng, 0.7)
    site.shared.move(timedelta(minutes=rng.choice((2, 20, 120, 600))))


def _clock_back(site: Site, rng: random.Random) -> None:
    _pause(rng, 0.7)
    site.shared.move(-timedelta(minutes=rng.choice((1, 3))))


def _one_process(site: Site) -> bool:
    return site.roles == ALL


def _socket_mode(site: Site) -> bool:
    return site.roles == ALL


FAULTS: tuple[Fault, ...] = (
    Fault("none", lambda _site, _rng: None, 0.5),
    Fault("kill", _kill, 4),
    Fault("die-anywhere", _die_anywhere, 10),
    Fault("freeze-anywhere", _freeze_anywhere, 2),
    Fault("terminate", _terminate, 2),
    Fault("rolling-restart", _rolling_restart, 1, lambda site: not _one_process(site)),
    *(
        Fault(f"{peer}-{name}", _on(peer, how), 1 if peer != "smtp" or name != "silent" else 0.5)
        for peer in ("imap", "smtp", "slack")
        for name, how in _NETWORK.items()
    ),
    *(
        Fault(f"database-{name}", _on("database", how), 1, lambda site: not site.is_sqlite)
        for name, how in _NETWORK.items()
    ),
    Fault("slack-429", _storm),
    Fault("slack-limits", _strict),
    Fault("slack-done-but-500", _done_but_500),
    Fault("slack-errors", _slack_errors),
    Fault("acks-lost", _acks_lost, 1),
    Fault("sockets-dropped", _sockets_dropped, 1, _socket_mode),
    Fault("socket-silent", _socket_silent, 0.2, _socket_mode),
    *(Fault(f"relay-{what}", _relay(what), 0.7) for what in ("refuse", "defer", "bounce", "opt_out")),
    Fault("relay-drop_after_data", _relay("drop_after_data"), 2),
    Fault("relay-hang", _relay("hang"), 0.3),
    Fault("imap-killed", _mail_server_killed, 0.5),
    Fault("imap-frozen", _mail_server_frozen, 0.5),
    Fault("imap-numbered-anew", _numbered_anew, 0.3),
    Fault("database-held", _database_held, 1, lambda site: site.is_sqlite),
    Fault("backends-terminated", _backends_terminated, 2, lambda site: not site.is_sqlite),
    Fault("disk-full", _disk_full, 2, lambda site: site.is_sqlite),
    Fault("clock-forward", _clock_forward, 1, _one_process),
    Fault("clock-back", _clock_back, 1, _one_process),
)
