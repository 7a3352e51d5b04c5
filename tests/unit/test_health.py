"""When the bot is unwell: the rules as a table, and the pages' ports."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.domain.health import Contact, Fault, Held, Limits, Vitals, slack_faults, vital_faults
from bot.settings.health import HealthSettings
from bot.slack.pulse import Pulse
from tests.world import START

MINUTE = timedelta(minutes=1)
LIMITS = Limits(mailboxes={"a": 15 * MINUTE, "slow": 120 * MINUTE}, outbox=10 * MINUTE, slack=5 * MINUTE)
WELL = Vitals(
    at=START,
    mailboxes={"a": START - 14 * MINUTE, "slow": START - 119 * MINUTE},
    outbox_since=START - 9 * MINUTE,
    leases={name: Held("me", START + MINUTE) for name in ("slack", "clock")},
)


def parts(vitals: Vitals, *, running: timedelta = 60 * MINUTE) -> dict[str, str]:
    return {one.part: one.found for one in vital_faults(vitals, LIMITS, START - running)}


@pytest.mark.parametrize(
    ("change", "part", "found"),
    [
        ({"mailboxes": WELL.mailboxes | {"a": START - 15 * MINUTE}}, "mailbox a", "not read for 15 min"),
        ({"mailboxes": WELL.mailboxes | {"slow": START - 130 * MINUTE}}, "mailbox slow", "for 2 h 10 min"),
        ({"mailboxes": WELL.mailboxes | {"a": None}}, "mailbox a", "not read since the start 60 min ago"),
        ({"leases": {"clock": WELL.leases["clock"]}}, "lease slack", "no process holds it"),
        (
            {"leases": WELL.leases | {"slack": Held("me", START)}},
            "lease slack",
            "nobody tells Slack anything",
        ),
        ({"leases": {"slack": WELL.leases["slack"]}}, "lease clock", "nobody pings or reminds"),
        ({"outbox_since": START - 10 * MINUTE}, "outbox", "waiting for 10 min"),
    ],
)
def test_one_thing_that_is_wrong_is_one_fault(change: dict[str, object], part: str, found: str) -> None:
    faults = parts(replace(WELL, **change))
    assert list(faults) == [part]
    assert found in faults[part]


def test_a_bot_that_is_well_has_no_fault() -> None:
    assert parts(WELL) == {}
    assert parts(replace(WELL, outbox_since=None)) == {}
    assert parts(replace(WELL, mailboxes={"slow": START}), running=14 * MINUTE) == {}


def test_each_fault_says_what_to_do() -> None:
    ill = replace(WELL, mailboxes={}, leases={}, outbox_since=START - timedelta(days=1))
    silent = Contact(pong_at=START - timedelta(days=1), failing_since=START - timedelta(days=1))
    faults = [*vital_faults(ill, LIMITS, START - timedelta(days=1)), *slack_faults(silent, LIMITS, START)]
    assert len(faults) == 7
    assert all(isinstance(one, Fault) and one.mend for one in faults)


@pytest.mark.parametrize(
    ("contact", "part"),
    [
        (Contact(), None),
        (Contact(pong_at=START - 4 * MINUTE, failing_since=START - 4 * MINUTE), None),
        (Contact(pong_at=START - 5 * MINUTE), "slack socket"),
        (Contact(pong_at=START, failing_since=START - 5 * MINUTE), "slack calls"),
        (Contact(answered_at=START - timedelta(days=1)), None),  # nothing had to be said since
    ],
)
def test_slack_is_missed_when_it_did_not_answer_for_too_long(contact: Contact, part: str | None) -> None:
    assert [one.part for one in slack_faults(contact, LIMITS, START)] == ([part] if part else [])


def test_the_pulse_counts_from_the_first_call_that_failed() -> None:
    clock = FixedClock(START)
    pulse = Pulse(clock)
    assert pulse.contact() == Contact()
    pulse.failed()
    clock.advance(MINUTE)
    pulse.failed()
    assert pulse.contact() == Contact(failing_since=START)
    pulse.answered()
    assert pulse.contact() == Contact(answered_at=START + MINUTE)


def test_a_socket_that_is_gone_keeps_the_instant_at_which_it_was_last_heard() -> None:
    clock = FixedClock(START)
    pulse = Pulse(clock)
    silence: list[timedelta | None] = [None]
    pulse.watch(lambda: silence[0])
    clock.advance(MINUTE)
    assert pulse.contact().pong_at == START
    silence[0] = timedelta(seconds=20)
    assert pulse.contact().pong_at == START + timedelta(seconds=40)
    silence[0] = None
    clock.advance(MINUTE)
    assert pulse.contact().pong_at == START + timedelta(seconds=40)


def test_a_socket_that_falls_silent_after_the_clock_was_set_back_is_noticed() -> None:
    clock = FixedClock(START)
    pulse = Pulse(clock)
    silence: list[timedelta | None] = [timedelta(0)]
    pulse.watch(lambda: silence[0])
    clock.advance(-180 * MINUTE)
    back = clock.now()
    assert pulse.contact().pong_at == back
    silence[0] = None
    clock.advance(MINUTE)
    assert pulse.contact().pong_at == back


def test_processes_of_one_machine_have_ports_of_their_own() -> None:
    health = HealthSettings(port=9000)
    assert [health.port_of(role) for role in ("all", "web", "worker", "clock")] == [9000, 9000, 9001, 9002]
    assert HealthSettings(port=0).port_of("clock") == 0
