"""Manual mode through real bolt: the command, the runbook with its modals, what authors and agents see, the breaker.

In the demo's team Wang Fang is the only manager, and reads Chinese; channels read English. Anna reads English.
"""

from datetime import timedelta

from sqlalchemy import select, update

from bot.db.tables import LedgerRow, ReplyRow
from bot.db.tables_manual import HealthLookRow
from bot.desk import breaker, manual
from bot.sandbox.slack.driver import Post
from bot.slack import ids
from tests.office import HELLO, Case, Office
from tests.world import WANG

CHANNEL, LEADS = "amz-nordlicht", "amz-leads"


def switch(office: Office, typed: str, by: str = "wang.fang") -> str:
    """What the command answers, once all is told."""
    outcome = office.ws.user(by).command(f"/manual-mode {typed}", CHANNEL)
    answer = outcome.expect_ephemeral("")
    office.quiet()
    return answer


def runbook(office: Office, text: str = "Manual mode: Nordlicht") -> Post:
    return office.ws.channel(LEADS).expect(text)


def mails(office: Office, case: Case) -> list[str]:
    return [mail.text.rstrip("\n") for mail in office.relay.sent if mail.to == case.buyer.alias]


def test_a_manager_stops_a_store_and_its_held_reply_comes_back_and_leaves_by_hand(office: Office) -> None:
    case = office.new_case()
    case.send(by="anna")
    answer = switch(office, "on nordlicht odd bounces since noon")
    assert "已为 Nordlicht 开启手动模式" in answer
    assert str(case.number) in answer
    card = runbook(office).expect("odd bounces since noon").expect("1 reply that waited to leave")
    assert "<@" not in card.text, "who did it is named, not called"
    case.card.expect("Manual mode").expect("nobody is offered this case")
    case.card.expect_reply("Held back by manual mode")
    office.tick(minutes=5)
    assert mails(office, case) == []

    told = office.ws.user("anna").expect_dm("your reply was held back").expect(HELLO)
    form = office.opened(told.click("Look and send", by="anna"))
    assert form.value("form.text") == HELLO
    preview = form.submit().modal
    assert preview is not None
    preview.expect("Manual mode is on since").expect("odd bounces since noon")
    assert ids.BY_HAND in preview.submit().errors
    preview.select(ids.BY_HAND, "yes")
    assert preview.submit().closed
    office.tick(minutes=1)
    assert mails(office, case) == [HELLO]
    with office.desk.database.reading() as tx:
        done = tx.scalars(select(LedgerRow.what).where(LedgerRow.what.in_(("manual_on", "reply_held_back"))))
        assert sorted(done) == ["manual_on", "reply_held_back"]


def test_whoever_looked_at_the_preview_before_is_asked_once_more(office: Office) -> None:
    case = office.new_case()
    preview = case.preview(by="anna")
    switch(office, "on all")
    again = preview.submit().modal
    assert again is not None
    again.expect("Manual mode is on since").select(ids.BY_HAND, "yes")
    assert again.submit().closed
    office.tick(minutes=1)
    assert mails(office, case) == [HELLO]


def test_the_steps_of_the_runbook(office: Office) -> None:
    office.new_case()
    switch(office, "on Nordlicht")
    card = runbook(office).expect("1. Look at Account Health")
    look = office.opened(card.click("I looked at Account Health", by="wang.fang"))
    look.fill(ids.LOOK_RATE, "eighty")
    assert list(look.submit().errors) == [ids.LOOK_RATE]
    look.fill(ids.LOOK_RATE, "87,5 %").fill(ids.LOOK_DEFECTS, "1.2").select(ids.LOOK_STANDING, "at_risk")
    look.fill(ids.LOOK_WARNINGS, "Messaging is limited <!channel>")
    assert look.submit().closed
    office.quiet()
    card.refresh().expect("response rate 87.5 %").expect("order defect rate 1.2 %").expect("at risk")
    card.expect("below the minimum of 90 %").expect("Amazon wants less than 1 % defects")
    assert "<!channel>" not in card.plain
    with office.desk.database.reading() as tx:
        (row,) = tx.scalars(select(HealthLookRow))
        assert (row.store, row.by, row.response_rate, row.defect_rate) == ("nordlicht", WANG, 0.875, 0.012)
        (facts,) = tx.scalars(select(LedgerRow.facts).where(LedgerRow.what == "health_looked_at"))
        assert "Messaging" not in str(facts), "free text stays out of the ledger"
    text = office.opened(card.click("Text for Contact Us", by="wang.fang"))
    text.expect("grant us a grace period").expect("Schonfrist").close()
    assert card.click("Text for Contact Us", by="anna").modal.expect("Only a manager")
    office.ws.user("anna").modal().close()
    end = office.opened(card.click("End manual mode", by="wang.fang"))
    end.fill(ids.MANUAL_REASON, "Amazon lifted the limit")
    assert end.submit().closed
    office.quiet()
    over = card.refresh().expect("Manual mode is over").expect("Amazon lifted the limit")
    assert over.labels() == []
    assert manual.modes(office.desk) == ()


def test_status_usage_and_who_may(office: Office) -> None:
    assert "均已关闭" in switch(office, "status")
    assert "off for all stores" in switch(office, "", by="anna")
    assert "/manual-mode on nordlicht" in switch(office, "maybe", by="anna")
    assert "Only a manager" in switch(office, "on all", by="anna")
    assert manual.modes(office.desk) == ()
    assert "全部店铺" in switch(office, "on something is odd")
    (mode,) = manual.modes(office.desk)
    assert (mode.scope, mode.reason, mode.by) == ("all", "something is odd", WANG)
    assert "已于" in switch(office, "on")
    assert "all stores" in switch(office, "status", by="anna")
    assert "全部店铺" in switch(office, "off nordlicht it is mended")
    switch(office, "on sunrise: and this one")
    assert "sunrise" in switch(office, "off it is mended")
    assert "Sunrise" in switch(office, "off all it is mended")
    office.ws.user("wang.fang").command("/manual-mode off", CHANNEL)
    form = office.ws.user("wang.fang").modal()
    office.ws.wait_for(lambda: form.view["callback_id"] == ids.MODAL_MANUAL_OFF)
    form.fill(ids.MANUAL_REASON, "mended too")
    assert form.submit().closed
    office.quiet()
    assert manual.modes(office.desk) == ()


def test_home_board_and_on_shift_show_it_and_home_switches(office: Office) -> None:
    home = office.ws.user("wang.fang").home()
    form = office.opened(home.press("手动模式"))
    form.select(ids.MANUAL_SCOPE, "sunrise")
    form.fill(ids.MANUAL_REASON, "odd")
    assert form.submit().closed
    office.quiet()
    office.ws.user("wang.fang").home().expect("手动模式* （Sunrise）")
    agent = office.ws.user("bob").home().expect("Manual mode* for Sunrise").plain
    assert "odd" in agent
    assert "Manual mode" not in office.ws.user("chen.yu").home().plain, "that store is not among theirs"
    for typed in ("/oncall", "/sla-status"):
        office.ws.user("wang.fang").command(typed, CHANNEL).expect_ephemeral("Sunrise")
    office.ws.user("anna").command("/oncall", CHANNEL).expect_ephemeral("Manual mode")


def test_bulk_replies_are_refused_with_the_reason(office: Office) -> None:
    office.new_case()
    switch(office, "on nordlicht")
    office.ws.user("anna").command("/bulk nordlicht", CHANNEL)
    form = office.ws.user("anna").modal()
    office.ws.wait_for(lambda: form.view["callback_id"] == ids.MODAL_BULK)
    form.select(ids.BULK_TEMPLATE, "holding_reply")
    due_date = f"{ids.BULK_VALUE}.due_date"
    office.ws.wait_for(lambda: due_date in str(form.view["blocks"]))
    form.fill(due_date, "2026-11-27")
    refused = form.submit().modal
    assert refused is not None
    refused.expect("bulk replies rest")


def test_the_breaker_trips_and_managers_get_the_figures_and_the_orders(office: Office) -> None:
    cases = [office.new_case(f"Where is parcel {number}?") for number in range(5)]
    for case in cases:
        case.answer(by="anna")
    with office.desk.database.writing() as tx:
        now = office.clock.now()
        tx.execute(
            update(ReplyRow)
            .where(ReplyRow.state == "accepted")
            .values(state="bounced", ended_at=now, reason="5.7.1")
        )
    office.clock.advance(timedelta(minutes=1))
    assert breaker.watch(office.desk) == 1
    office.quiet()
    card = (
        runbook(office)
        .expect("reply24* switched it on by itself")
        .expect("5 of the last 5 replies came back")
    )
    assert WANG not in card.text
    direct = office.ws.user("wang.fang").expect_dm("手动模式：Nordlicht").expect("被退回")
    text = office.opened(direct.click("Contact Us 文本", by="wang.fang"))
    for case in cases:
        text.expect(case.now.order_id or "?")
    assert cases[0].buyer.alias not in text.plain
    assert "Katrin" not in text.plain
    text.close()
    assert breaker.watch(office.desk) == 0
    office.ws.user("anna").command("/manual-mode off nordlicht it is fine", CHANNEL).expect_ephemeral(
        "Only a manager"
    )
    assert len(manual.modes(office.desk)) == 1


def test_nobody_but_a_manager_gets_the_forms(office: Office) -> None:
    switch(office, "on nordlicht")
    card = runbook(office)
    for label in ("I looked at Account Health", "End manual mode"):
        shown = card.click(label, by="anna").modal
        office.ws.wait_for(lambda shown=shown: shown.view["callback_id"] != ids.MODAL_LOADING)
        assert shown.view["callback_id"] == ids.MODAL_ERROR
        shown.close()
    assert len(manual.modes(office.desk)) == 1
