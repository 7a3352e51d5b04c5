"""Bulk replies through real bolt: form, preview, Send, progress, Stop, and what comes in between."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient
from sqlalchemy import func, select

from bot.db.tables import CaseRow, LedgerRow, ReplyRow
from bot.db.tables_bulk import BulkRow
from bot.desk import bulk
from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.driver import Modal, Post
from bot.settings.shape import Settings
from bot.slack import ids
from tests import world
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import ANNA, GUEST, WANG

CHANNEL = "amz-nordlicht"
TITLE = "Holding reply with a date"


def write(office: Office, *names: str, **about: object) -> list[Case]:
    """One buyer of each name writes to Nordlicht; gives their cases."""
    buyers = [
        office.relay.write_as_buyer(
            "Where is my parcel?", name=name, **({"marketplace": "UK", "lang": "en"} | about)
        )
        for name in names
    ]
    office.quiet()
    with office.desk.database.reading() as tx:
        number = {row.buyer_alias: row.number for row in tx.scalars(select(CaseRow))}
    return [Case(office, number[buyer.alias], buyer) for buyer in buyers]


def named(count: int) -> list[str]:
    return [f"Buyer{one:02d} Sample" for one in range(count)]


def form(office: Office, by: str = "anna", typed: str = "/bulk nordlicht") -> Modal:
    modal = office.opened(office.ws.user(by).command(typed, CHANNEL))
    modal.select("bulk.template", "holding_reply")
    office.ws.wait_for(
        lambda: [field for field in modal.fields() if "next step" in field or "答复日期" in field]
    )
    modal.fill("bulk.value.due_date", "2026-11-27")
    return modal


def shown(modal: Modal) -> Modal:
    found = modal.submit().modal
    assert found is not None
    return found


def send(preview: Modal) -> None:
    """Go through all pages, press Send and close what says that it has begun."""
    at = preview
    while "Go on to page" in at.view["submit"]["text"]:
        at = shown(at)
    shown(at).expect("will leave one after the other").close()


def steps(office: Office, count: int) -> None:
    for _ in range(count):
        office.tick(seconds=2)


def leave(office: Office) -> None:
    """The undo windows end, everything leaves, and Slack is told."""
    office.tick(seconds=60)
    office.tick(seconds=4)
    office.tick(seconds=4)


def told(office: Office, by: str = "anna") -> Post:
    """The newest post about a bulk reply in somebody's direct messages."""
    word = "批量回复" if by == "wang.fang" else "Bulk reply"
    return office.ws.user(by).expect_dm(word)


def sent_texts(office: Office) -> dict[str, str]:
    return {mail.to: mail.text.rstrip("\n") for mail in office.relay.sent}


def test_of_twenty_five_one_is_forbidden_and_twenty_four_leave_word_for_word(office: Office) -> None:
    cases = write(office, *named(12), "www.lamp-deals.com Sample", *named(12))
    blocked = cases.pop(12)
    preview = shown(form(office))
    preview.expect("24 replies").expect("in the name of *Anna Kowalski*")
    preview.expect(f"breaks Amazon's rules (Link): {blocked.number}").expect("Page 1 of 3")
    frames: dict[int, str] = {}
    for _ in range(3):
        blocks = preview.view["blocks"]
        heads = [
            block["text"]["text"] for block in blocks if "accessory" in block and block["type"] == "section"
        ]
        exact = [
            block["elements"][0]["elements"][0]["text"]
            for block in blocks
            if block["type"] == "rich_text" and block["elements"][0]["type"] == "rich_text_preformatted"
        ]
        frames |= {
            int(head.split("*")[1].removeprefix("Case ")): text
            for head, text in zip(heads, exact, strict=True)
        }
        if "Send 24 replies" in preview.view["submit"]["text"]:
            break
        preview = shown(preview)
    assert list(frames) == sorted(case.number for case in cases)
    assert office.relay.sent == []
    shown(preview).expect("24 replies will leave").close()
    office.quiet()
    told(office).expect("0/24").expect("24 to come")
    steps(office, 12)
    told(office).expect("on the way")
    steps(office, 12)
    leave(office)
    told(office).expect("24/24").expect("✅ 24 sent").expect("Finished")
    assert "Stop" not in told(office).labels()
    assert len(office.ws.user("anna").dms()) == 1
    assert sent_texts(office) == {case.buyer.alias: frames[case.number] for case in cases}
    assert blocked.now.state == "open"
    assert {case.now.state for case in cases} == {"closed"}


def test_stop_in_the_middle_calls_back_what_is_held_and_starts_no_more(office: Office) -> None:
    cases = write(office, *named(6))
    send(shown(form(office)))
    steps(office, 1)
    office.tick(seconds=50)
    office.quiet()
    steps(office, 1)
    office.quiet()
    assert len(office.relay.sent) == 1
    told(office).click("Stop", by="anna")
    office.until(lambda: bulk.progress(office.desk, 1).state == "stopped")
    office.quiet()
    leave(office)
    post = told(office).expect(f"Stopped by <@{ANNA}>")
    stands = bulk.progress(office.desk, 1)
    assert stands.sent == len(office.relay.sent) == 1
    assert stands.called_back >= 1
    assert stands.waiting >= 1
    assert stands.total == 6
    assert "Stop" not in post.labels()
    assert sorted(case.now.state for case in cases) == ["closed"] + ["open"] * 5


def test_a_buyer_who_writes_in_between_and_a_colleague_who_is_first_are_said(office: Office) -> None:
    again, taken, fine = write(office, *named(3))
    preview = shown(form(office))
    again.write_again("And the invoice?")
    taken.answer(by="bob")
    send(preview)
    steps(office, 3)
    leave(office)
    post = told(office)
    post.expect(f"*Case {again.number}:* the buyer wrote again").expect("⛔ 2 not sent").expect("✅ 1 sent")
    assert f"*Case {taken.number}:* a colleague answered" in post.refresh().plain
    assert [mail.to for mail in office.relay.sent] == [taken.buyer.alias, fine.buyer.alias]
    office.opened(post.click("Details", by="anna", near=f"Case {again.number}")).expect(
        "And the invoice?"
    ).close()


def test_cases_are_taken_out_and_put_back_in_the_preview(office: Office) -> None:
    first, second, third = write(office, *named(3))
    preview = shown(form(office))
    preview.press("Leave out", near=f"Case {first.number}")
    preview.expect("2 replies").expect("you left it out")
    preview.press("Leave out", near=f"Case {second.number}")
    preview.expect("1 reply")
    preview.press("Put back", near=f"Case {second.number}")
    preview.expect("2 replies")
    assert preview.view["submit"]["text"] == "Send 2 replies"
    send(preview)
    steps(office, 4)
    leave(office)
    assert sorted(sent_texts(office)) == sorted([second.buyer.alias, third.buyer.alias])
    assert first.now.replies == ()


def test_a_filter_that_nothing_fits_says_so_at_its_field(shared: Office) -> None:
    modal = form(shared)
    modal.select("bulk.lang", "ja")
    errors = modal.submit().errors
    assert "No case fits" in errors["bulk.topic"]
    modal.close()


def test_the_fields_follow_the_template_and_what_was_chosen_stays(shared: Office) -> None:
    modal = form(shared)
    modal.select("bulk.topic", "refund")
    modal.select("bulk.template", "thanks")
    shared.ws.wait_for(lambda: not [field for field in modal.fields() if "next step" in field])
    assert modal.value("bulk.topic")["value"] == "refund"
    assert modal.value("bulk.store")["value"] == "nordlicht"
    modal.close()


def test_bulk_in_chinese_and_under_the_root_command(shared: Office) -> None:
    write(shared, "Quentin Probe")
    preview = shown(form(shared, "wang.fang", "/reply24 bulk nordlicht"))
    assert preview.title == "批量回复：核对"
    preview.expect("署名 *Wang Fang*").close()


def test_an_unknown_store_is_answered_in_the_channel(shared: Office) -> None:
    outcome = shared.ws.user("anna").command("/bulk nowhere", CHANNEL)
    outcome.expect_ephemeral("There is no store")


def test_a_store_of_others_is_refused_and_no_store_of_ones_own_is_put_in_its_place(
    tmp_path: Path, knowledge: Knowledge, demo_settings: Callable[..., Settings]
) -> None:
    agents = dict(demo_settings().agents)
    agents["anna"] = agents["anna"].model_copy(update={"role": "manager", "stores": ("nordlicht",)})
    with running_office(
        tmp_path, knowledge, agents=agents, rota=lambda settings: world.rota(settings.agents)
    ) as office:
        for typed, answer in [
            ("/bulk sunrise", "This store is not among yours"),
            ("/sla-report whatif sunrise", "Only a manager of these stores can do this"),
        ]:
            office.opened(office.ws.user("anna").command(typed, CHANNEL)).expect(answer).close()
        assert form(office, "anna", "/bulk").value("bulk.store")["value"] == "nordlicht"


def test_in_a_thread_slack_itself_refuses_the_command_and_in_direct_messages_it_works(shared: Office) -> None:
    (case,) = write(shared, "Quentin Probe")
    refused = shared.ws.user("anna").command("/bulk", CHANNEL, thread=case.card)
    assert not refused.ok
    shared.opened(shared.ws.user("anna").command("/bulk", "amz-sunrise")).close()


@pytest.fixture
def guest(shared: Office) -> Iterator[str]:
    """Somebody in the channel who is no agent."""
    shared.ws.channel(CHANNEL).invite("gus")
    yield "gus"
    shared.sandbox.call(lambda core: core.store.channels["C0NORD"].members.discard(GUEST))


def test_an_outsider_starts_nothing_and_stops_nothing(shared: Office, guest: str) -> None:
    shared.ws.user(guest).command("/bulk", CHANNEL).expect_ephemeral(f"<@{WANG}>")
    write(shared, "Quentin Probe")
    preview = shown(form(shared))
    with shared.desk.database.reading() as tx:
        number = tx.scalar(select(func.max(BulkRow.id)))
        records = tx.scalar(select(func.count()).select_from(LedgerRow))
    pressed = {ids.BULK_STOP: f"{number}", ids.BULK_BACK: f"{number}:0", ids.BULK_TURN: f"{number}:1001:0"}
    buttons = [
        {"type": "button", "action_id": one, "text": {"type": "plain_text", "text": one}, "value": value}
        for one, value in pressed.items()
    ]
    client = WebClient("xoxb-sandbox", base_url=shared.sandbox.api_url)
    blocks = [{"type": "actions", "elements": buttons}]
    client.chat_postMessage(channel=CHANNEL, text="bulk buttons", blocks=blocks)
    board = shared.ws.channel(CHANNEL).expect("bulk buttons")
    for action_id in pressed:
        outcome = board.click(action_id, by=guest)
        shared.until(lambda now=outcome: now.ephemerals)
    with shared.desk.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(LedgerRow)) == records
        assert tx.get_one(BulkRow, number).state == "preview"
    preview.close()


def test_another_process_goes_on_where_one_died(
    tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge
) -> None:
    """The bot ends in the middle; a new one on the same database sends the rest, and nothing twice."""
    folder = tmp_path_factory.mktemp("again")
    with running_office(folder, knowledge) as office:
        cases = write(office, *named(3))
        send(shown(form(office)))
        steps(office, 1)
        assert office.bot.stop(10)
        office.clock.advance(timedelta(minutes=5))
        office.bot = type(office.bot)(office.desk, office.bot.secrets, gap_s=office.bot.gap_s)
        office.bot.start()
        office.quiet()
        steps(office, 3)
        leave(office)
        told(office).expect("3/3").expect("✅ 3 sent")
        assert sorted(mail.to for mail in office.relay.sent) == sorted(case.buyer.alias for case in cases)
        with office.desk.database.reading() as tx:
            assert tx.scalar(select(func.count()).select_from(ReplyRow)) == 3
