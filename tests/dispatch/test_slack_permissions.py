"""Who may: people who are no agents, guests and people of other workspaces press everything, and nothing happens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from sqlalchemy import func, select

from bot.db.tables import LedgerRow, PersonRow
from bot.db.tables_typed import TypedMessageRow
from bot.sandbox.slack.driver import Outcome, Post
from bot.sandbox.slack.world import User
from bot.slack import ids
from bot.slack.manifest import manifest
from tests import world
from tests.office import HELLO, Case, Office
from tests.world import ANNA, BOB

CHANNEL = "amz-nordlicht"
OPEN_TO_ALL = ("/oncall", "/reply24", ids.HOME_HELP, ids.HOME_REFRESH)
"""What shows nothing of a buyer and changes nothing: who is on shift, help, one's own (empty) home page."""

MANIFEST = manifest(world.settings().slack)["features"]
COMMANDS = [one["command"] for one in MANIFEST["slash_commands"]]
SHORTCUTS = {one["callback_id"]: one["type"] for one in MANIFEST["shortcuts"]}
OF_REPLIES = (ids.REPLY_UNDO, ids.REPLY_NOW, ids.REPLY_RETRY, ids.REPLY_ARRIVED, ids.REPLY_LOST)
BUTTONS = {
    ids.CASE_CLAIM: "{case}:0",
    ids.CASE_RELEASE: "{case}:0",
    ids.CASE_REPLY: "{case}:0",
    ids.CASE_TEMPLATE: "{case}:0:delivery_delay",
    ids.CASE_TEMPLATE_PICK: "{case}:delivery_delay",
    ids.CASE_NOTE: "{case}:0",
    ids.CASE_MENU: "snooze:{case}",
    f"{ids.CASE_MENU}.assign": "assign:{case}",
    f"{ids.CASE_MENU}.none": "no_response:{case}",
    f"{ids.CASE_MENU}.up": "escalate:{case}",
    f"{ids.CASE_MENU}.all": "details:{case}",
    ids.CASE_REOPEN: "{case}:0",
    ids.CASE_NO_RESPONSE: "{case}:0",
    ids.CASE_DETAILS: "{case}:0",
    ids.CASE_FULL: "{case}:{message}",
    ids.CASE_REVEAL: "{case}:{message}",
    ids.CASE_ASSIGN: "{case}:0",
    ids.CASE_SOLUTION: "{case}:0",
    ids.CASE_MERGE: "{case}:0",
    ids.CASE_SPLIT: "{case}:0",
    ids.CASE_SOLICIT: "{case}:0",
    ids.CASE_SEPARATE: "{case}:0",
    **dict.fromkeys(OF_REPLIES, "{reply}"),
    ids.HOME_CLAIM_NEXT: "next",
    ids.HOME_REFRESH: "home",
    ids.HOME_BOARD: "all",
    ids.HOME_HELP: "help",
    ids.BOARD_REFRESH: "all",
    ids.BOARD_POST: "all",
    ids.BOARD_STORE: "nordlicht",
    ids.BOARD_BY: "nordlicht:topic",
    ids.BOARD_FILE: "all",
    f"{ids.FULL_PAGE}.next": "{case}:{message}:1",
    f"{ids.FULL_REVEALED}.next": "{case}:{message}:1",
    f"{ids.DETAILS_PAGE}.next": "{case}:1",
    ids.CASE_PICK: "reply:{case}",
    ids.TYPED_OPEN: "{case}:0",
    ids.TYPED_AGAIN: "{case}",
    **dict.fromkeys((ids.TYPED_UNDO, ids.TYPED_SENT, ids.TYPED_NOT_SENT), "{typed}"),
    ids.MANUAL_BEGIN: "all",
    ids.MANUAL_LOOK: "1",
    ids.MANUAL_CONTACT: "1",
    ids.MANUAL_END: "1",
}


@pytest.fixture(scope="module")
def case(shared: Office) -> Case:
    """A case with a reply and an order message that are held, so that there is something to spoil."""
    case = shared.new_case()
    case.send(by="anna")
    now = shared.desk.now()
    with shared.desk.database.writing() as tx:
        row = TypedMessageRow(case=case.number, store="nordlicht", order_id=str(case.now.order_id))
        row.marketplace, row.kind, row.author, row.state = "UK", "unexpectedProblem", ANNA, "held"
        row.text, row.created_at, row.not_before = "Sorry.", now, now + timedelta(days=1)
        tx.add(row)
    return case


@pytest.fixture(scope="module")
def board(shared: Office, case: Case) -> Post:
    """A post with every button that the bot knows, whatever any card shows at this moment."""
    values = {"case": case.number, "message": case.now.messages[0].id, "reply": case.now.replies[-1].id}
    values["typed"] = case.now.typed[-1].id
    buttons = [
        {
            "type": "button",
            "action_id": action_id,
            "text": {"type": "plain_text", "text": action_id},
            "value": value.format(**values),
        }
        for action_id, value in BUTTONS.items()
    ]
    rows = [{"type": "actions", "elements": buttons[at : at + 20]} for at in range(0, len(buttons), 20)]
    client = WebClient("xoxb-sandbox", base_url=shared.sandbox.api_url)
    client.chat_postMessage(channel=CHANNEL, text="every button", blocks=rows)
    return shared.ws.channel(CHANNEL).expect("every button")


@pytest.fixture(scope="module", params=["no agent", "guest", "other team"])
def outsider(shared: Office, case: Case, request: pytest.FixtureRequest) -> Iterator[str]:
    """Somebody in the channel who may look, but not act."""
    people = {
        "no agent": User("U0NINA", "nina", "Nina New"),
        "guest": User("U0GIL", "gil", "Gil Guest", is_restricted=True),
        "other team": User("U0TEO", "teo", "Teo Elsewhere", team_id="T0OTHER"),
    }
    person = people[request.param]
    shared.sandbox.call(lambda core: core.store.users.setdefault(person.id, person))
    shared.ws.channel(CHANNEL).invite(person.name)
    yield person.name
    shared.sandbox.call(lambda core: core.store.channels["C0NORD"].members.discard(person.id))


def _spoils(office: Office, case: Case) -> object:
    """All that an outsider could have changed."""
    with office.desk.database.reading() as tx:
        records = tx.scalar(select(func.count()).select_from(LedgerRow))
    return records, replace(case.now, as_of=case.now.opened_at), len(office.relay.sent)


def _refusal(office: Office, who: str, outcome: Outcome, dms: int) -> str:
    """What the person was told: only to them, in the modal that opened, or by direct message."""
    person = office.ws.user(who)

    def told() -> str:
        if person.has_modal and person.modal().view["callback_id"] != ids.MODAL_LOADING:
            return person.modal().plain
        return " ".join([*outcome.ephemerals, *(post.plain for post in person.dms()[dms:])])

    words = office.until(told)
    while person.has_modal:
        person.modal().close()
    return words


def _is_refused(office: Office, who: str, outcome: Outcome, dms: int) -> bool:
    assert outcome.ok, outcome.error
    words = _refusal(office, who, outcome, dms)
    assert "Where is my parcel?" not in words
    return "<@U0WANG>" in words or "Only people of the team's own workspace" in words


@pytest.mark.parametrize("action_id", [one for one in BUTTONS if one not in OPEN_TO_ALL])
def test_an_outsider_presses_any_button_in_vain(
    shared: Office, case: Case, board: Post, outsider: str, action_id: str
) -> None:
    before, dms = _spoils(shared, case), len(shared.ws.user(outsider).dms())
    assert _is_refused(shared, outsider, board.click(action_id, by=outsider), dms)
    assert _spoils(shared, case) == before


@pytest.mark.parametrize("command", [one for one in COMMANDS if one not in OPEN_TO_ALL])
def test_an_outsider_types_any_command_in_vain(
    shared: Office, case: Case, outsider: str, command: str
) -> None:
    words = {"/case": "find e", "/templates": "", "/sla-status": "public", "/note": f"{case.number} ha ha"}
    typed = f"{command} {words.get(command, case.number)}"
    before, dms = _spoils(shared, case), len(shared.ws.user(outsider).dms())
    assert _is_refused(shared, outsider, shared.ws.user(outsider).command(typed, CHANNEL), dms)
    assert _spoils(shared, case) == before


@pytest.mark.parametrize("callback_id", SHORTCUTS)
def test_an_outsider_takes_any_shortcut_in_vain(
    shared: Office, case: Case, outsider: str, callback_id: str
) -> None:
    person = shared.ws.user(outsider)
    before, dms = _spoils(shared, case), len(person.dms())
    if SHORTCUTS[callback_id] == "message":
        outcome = person.shortcut(callback_id, case.card)
    else:
        outcome = person.global_shortcut(callback_id)
    assert _is_refused(shared, outsider, outcome, dms)
    assert _spoils(shared, case) == before


@pytest.mark.parametrize("what", OPEN_TO_ALL)
def test_what_is_open_to_all_changes_nothing(
    shared: Office, case: Case, board: Post, outsider: str, what: str
) -> None:
    before = _spoils(shared, case)
    person = shared.ws.user(outsider)
    outcome = person.command(what, CHANNEL) if what.startswith("/") else board.click(what, by=outsider)
    assert outcome.ok
    shared.quiet()
    assert _spoils(shared, case) == before
    while person.has_modal:
        person.modal().close()


def test_an_outsiders_words_in_a_thread_are_no_note_and_get_no_answer(
    shared: Office, case: Case, outsider: str
) -> None:
    before, dms = _spoils(shared, case), len(shared.ws.user(outsider).dms())
    shared.ws.user(outsider).say("Just tell her no.", CHANNEL, thread=case.card)
    other = shared.new_case()
    shared.ws.user("anna").say("After that.", CHANNEL, thread=other.card)
    shared.until(lambda: other.now.notes)
    assert "Just tell her no." not in str(case.now.notes)
    assert len(shared.ws.user(outsider).dms()) == dms
    assert before[1] == _spoils(shared, case)[1]  # type: ignore[index]  # the case itself


def test_the_table_above_names_every_button_that_has_a_handler() -> None:
    named = {name.partition(".")[0] + "." + name.split(".")[1] for name in BUTTONS}
    prefixes = (
        "case.",
        "reply.",
        "home.",
        "board.",
        "full.",
        "details.",
        "pick.",
        "manual.begin",
        "manual.look",
        "manual.contact",
        "manual.end",
        *("typed.open", "typed.again", "typed.undo", "typed.sent", "typed.not_sent"),
    )
    every = {value for value in vars(ids).values() if isinstance(value, str) and value.startswith(prefixes)}
    assert named == every


def test_an_agent_who_leaves_the_team_can_do_nothing_more_even_in_an_open_modal(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(by="bob")
    bob = shared.ws.user("bob")
    bob.change(deleted=True)
    try:
        shared.until(lambda: _is_gone(shared, BOB))
        preview.submit()
        assert [one.state for one in case.now.replies] == ["draft"]
        bob.modal().expect("<@U0WANG>")
    finally:
        bob.change(deleted=False)
        shared.until(lambda: not _is_gone(shared, BOB))
    while bob.has_modal:
        bob.modal().close()
    assert case.now.replies[-1].text == HELLO


def _is_gone(office: Office, person: str) -> bool:
    with office.desk.database.reading() as tx:
        return bool(tx.scalar(select(PersonRow.gone).where(PersonRow.person == person)))
