"""Buyers' data in channels: hidden in every post, shown to one person with rights, and that is recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import LedgerRow
from bot.sandbox.slack.world import User
from bot.slack import ids
from tests.office import Case, Office
from tests.world import ANNA, LI_WEI

SECRETS = ("Quokkastraße", "10115 Berlin", "0171 2345678", "zebulon.quagmire@example.org", "4111 1111")
TEXT = (
    "Please send it to Quokkastraße 5, 10115 Berlin, call 0171 2345678 or write to "
    "zebulon.quagmire@example.org about order 205-1234567-1234567. I paid with 4111 1111 1111 1111."
)


@pytest.fixture
def case(shared: Office) -> Case:
    return shared.new_case(TEXT, name="Zebulon Quagmire")


def looks(office: Office, case: Case) -> list[tuple[str, object]]:
    with office.desk.database.reading() as tx:
        rows = tx.scalars(
            select(LedgerRow)
            .where(LedgerRow.case == case.number, LedgerRow.what == "revealed")
            .order_by(LedgerRow.seq)
        )
        return [(row.who, row.facts) for row in rows]


def all_posts(office: Office) -> str:
    """Everything that stands in any channel or direct message, and every call that put it there."""
    return "\n".join(str(call.args) for call in office.sandbox.calls() if call.method.startswith("chat."))


def test_no_post_shows_what_is_hidden_and_one_person_may_look(shared: Office, case: Case) -> None:
    case.claim("anna")
    case.write_again(f"Again: {TEXT}")
    shared.tick(hours=22)
    case.card.expect("🔒").expect("▒▒▒▒▒").expect("205-1234567-1234567")
    said = all_posts(shared)
    assert "▒▒▒▒▒" in said
    for secret in (*SECRETS, "Quagmire"):
        assert secret not in said, secret
    assert looks(shared, case) == []
    modal = shared.opened(case.card.click("Reveal…", by="anna"))
    for secret in SECRETS:
        modal.expect(secret)
    modal.close()
    newest = case.now.messages[-1].id
    assert looks(shared, case) == [(ANNA, {"message": newest})]
    assert all(secret not in all_posts(shared) for secret in SECRETS)


def test_each_look_counts_once_an_hour_and_person(shared: Office, case: Case) -> None:
    for who in ("anna", "anna", "li.wei"):
        shared.opened(case.card.click("Reveal…", by=who)).close()
    assert [who for who, _ in looks(shared, case)] == [ANNA, LI_WEI]
    shared.clock.advance(timedelta(hours=1))
    modal = shared.opened(case.card.click("Reveal…", by="anna"))
    modal.expect("so far: 3").close()
    assert [who for who, _ in looks(shared, case)] == [ANNA, LI_WEI, ANNA]


def test_who_has_no_rights_for_the_store_sees_nothing_and_no_look_is_recorded(
    shared: Office, case: Case
) -> None:
    """Bob works for both stores in the demo: a stranger and a guest are those who don't."""
    shared.sandbox.call(
        lambda core: core.store.users.setdefault("U0NOSY", User("U0NOSY", "nosy", "Nosy Nick"))
    )
    shared.ws.channel("amz-nordlicht").invite("nosy")
    modal = shared.opened(case.card.click("Reveal…", by="nosy"))
    assert not any(secret in modal.plain for secret in SECRETS)
    modal.expect("Only agents").close()
    assert looks(shared, case) == []


def test_the_full_message_and_the_details_hide_it_too(shared: Office) -> None:
    case = shared.new_case(TEXT + " And so on." * 200, name="Zebulon Quagmire")
    full = shared.opened(case.card.click("Show full message", by="anna"))
    full.expect("🔒")
    assert not any(secret in full.plain for secret in SECRETS)
    full.press(ids.CASE_REVEAL)
    shared.until(lambda: "Quokkastraße" in shared.ws.user("anna").modal().plain)
    assert len(looks(shared, case)) == 1
    shared.close_modals()
    details = shared.opened(case.card.click("Details, merge, split…", by="anna"))
    assert not any(secret in details.plain for secret in SECRETS)
    details.close()


def test_a_message_without_such_things_has_no_button_and_no_line(shared: Office) -> None:
    case = shared.new_case("Where is my order 205-1234567-1234567?")
    assert "Reveal…" not in case.card.labels()
    assert "🔒" not in case.card.plain
