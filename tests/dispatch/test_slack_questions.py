"""A warning over which only a manager may send, through real bolt: asked from the preview, looked at, sent by them.

In the demo's team Wang Fang is the only manager, and reads Chinese.
"""

from typing import Any

import pytest
from sqlalchemy import select

from bot.db.tables import LedgerRow
from bot.desk import close, read
from bot.desk.solutions import Wish, grant
from bot.sandbox.slack.driver import Modal, Post
from tests.office import HELLO, Case, Office
from tests.world import ANNA, BOB, WANG

ODD = "Hello, thank you for your message. I am sorry about the delay. We will refund £7."
OTHER = ODD.replace("£7", "£8")


def odd_case(office: Office) -> Case:
    """A case in which 5.00 GBP were granted."""
    case = office.new_case()
    grant(office.desk, case.number, Wish("partial_refund", "100", "5"), by=ANNA, seen=0)
    office.quiet()
    return case


def ask(case: Case, text: str = ODD, by: str = "anna") -> Modal:
    """Up to the answer that somebody was asked."""
    preview = case.preview(text, by=by)
    assert preview.view["submit"]["text"] == "Ask a manager"
    answer = preview.submit().modal
    assert answer is not None
    case.office.quiet()
    return answer


def asked(case: Case, text: str = "asks a manager to look at a reply") -> Post:
    return case.card.expect_reply(text)


def look(post: Post, office: Office, by: str = "wang.fang") -> Modal:
    return office.opened(post.click("Look at it", by=by))


def records(office: Office, case: Case, what: str) -> list[tuple[str, dict[str, Any]]]:
    with office.desk.database.reading() as tx:
        query = select(LedgerRow.who, LedgerRow.facts).where(
            LedgerRow.case == case.number, LedgerRow.what == what
        )
        return [(who, dict(facts)) for who, facts in tx.execute(query)]


def mails(office: Office, case: Case) -> list[str]:
    return [mail.text.rstrip("\n") for mail in office.relay.sent if mail.to == case.buyer.alias]


def test_an_agent_asks_a_manager_sends_and_the_mail_leaves_in_the_managers_name(shared: Office) -> None:
    case = odd_case(shared)
    preview = case.preview(ODD, by="anna")
    preview.expect("Only a manager may send this as it stands").expect("Another amount than granted*: “£7”")
    assert preview.view["submit"]["text"] == "Ask a manager"
    answer = preview.submit().modal
    assert answer is not None
    answer.expect(f"<@{WANG}> was called in the thread").expect("The clock of the case runs on")
    shared.quiet()
    post = asked(case).expect("Granted for this order: 5.00 GBP. The text says £7.").expect(ODD)
    assert f"<@{WANG}>" in post.text
    assert f"<@{ANNA}>" not in post.text
    managers = look(post, shared)
    managers.expect(f"<@{ANNA}> 请你处理这段内容").expect("Where is my parcel?")
    managers.expect("你是主管").expect(ODD)
    assert managers.submit().closed
    shared.quiet()
    assert post.refresh().expect("answered meanwhile by").labels() == []
    shared.tick(seconds=46)
    assert mails(shared, case) == [ODD]
    assert [(one.author, one.state) for one in case.now.replies if one.state != "draft"] == [
        (WANG, "accepted")
    ]
    case.card.expect_reply("Sent to").expect("Wang Fang")
    ((who, facts),) = records(shared, case, "warning_overridden")
    assert (who, facts["rules"]) == (WANG, ["amount_mismatch"])
    history = shared.opened(case.card.click("Details", by="bob"))
    history.expect(f"<@{ANNA}> asked a manager to send a reply").expect(
        f"<@{WANG}>, a manager, sent a reply over warnings"
    ).close()


def test_a_manager_sees_that_the_case_was_closed_since(shared: Office) -> None:
    case = odd_case(shared)
    ask(case).close()
    close.no_response_needed(shared.desk, case.number, by=BOB)
    managers = look(asked(case), shared).expect(f"<@{BOB}> 已于").expect("关闭此会话")
    assert managers.submit().errors
    managers.select("form.anyway", ["仍然发送我的回复"])
    assert managers.submit().closed


def test_a_manager_goes_back_edits_and_sends_their_own_words(shared: Office) -> None:
    case = odd_case(shared)
    ask(case).close()
    managers = look(asked(case), shared)
    form = managers.press("返回修改").modal
    shared.ws.wait_for(lambda: form.view["callback_id"] == "modal.reply")
    assert form.value("form.text") == ODD
    form.fill("form.text", HELLO)
    again = form.submit().modal
    assert again is not None
    assert again.submit().closed
    shared.tick(seconds=46)
    assert mails(shared, case) == [HELLO]
    assert records(shared, case, "warning_overridden") == []
    draft = read.draft(shared.desk, case.number, ANNA)
    assert draft is not None
    assert draft.text == ODD


def test_the_post_and_its_button_mean_the_text_that_was_asked_about(shared: Office) -> None:
    case = odd_case(shared)
    ask(case).close()
    form = shared.ws.user("anna").modal()
    form.fill("form.text", "Anna thinks again.").close()
    shared.until(lambda: (found := read.draft(shared.desk, case.number, ANNA)) and "again" in found.text)
    shared.quiet()
    assert ODD in asked(case).plain
    look(asked(case), shared).expect(ODD).close()


def test_asking_twice_for_the_same_text_is_one_post(shared: Office) -> None:
    case = odd_case(shared)
    ask(case).close()
    shared.close_modals()
    ask(case).expect("You asked about this very text already")
    assert len(records(shared, case, "manager_asked")) == 1
    assert sum("asks a manager" in post.plain for post in case.card.thread()) == 1
    shared.close_modals()
    ask(case, OTHER)
    newer = asked(case, "£8")
    older = case.card.expect_reply("asks about another text since")
    assert (newer.labels(), older.labels()) == (["Look at it"], [])


@pytest.mark.parametrize("who", ["anna", "bob"])
def test_nobody_else_looks_at_it(shared: Office, who: str) -> None:
    case = odd_case(shared)
    ask(case)
    shared.opened(asked(case).click("Look at it", by=who)).expect("Only a manager can do this").close()


def test_what_the_buyer_wrote_since_is_shown_to_the_manager_and_needs_a_tick(shared: Office) -> None:
    case = odd_case(shared)
    ask(case)
    case.write_again("Never mind, it came.")
    managers = look(asked(case), shared).expect("Never mind, it came.")
    assert "form.anyway" in managers.submit().errors
    managers.select("form.anyway", ["仍然发送我的回复"])
    assert managers.submit().closed


def test_who_answered_meanwhile_is_shown_to_the_manager_and_needs_a_tick(shared: Office) -> None:
    case = odd_case(shared)
    ask(case).close()
    shared.close_modals()
    post = asked(case)
    open_ = look(post, shared)
    case.send(by="anna")
    stopped = open_.submit().modal
    assert stopped is not None
    stopped.expect(f"<@{ANNA}> 已于").expect("It arrives on Friday.").close()
    assert post.refresh().labels() == []
    assert mails(shared, case) == []


def test_what_the_buyer_wrote_before_the_question_is_shown_to_who_asks(shared: Office) -> None:
    case = odd_case(shared)
    preview = case.preview(ODD, by="anna")
    case.write_again("Never mind, it came.")
    stopped = preview.submit().modal
    assert stopped is not None
    stopped.expect("Never mind, it came.")
    assert records(shared, case, "manager_asked") == []
    answer = stopped.submit().modal
    assert answer is not None
    answer.expect("was called in the thread")


def test_off_shift_nobody_is_called_and_who_asks_is_told(staffed: Office) -> None:
    case = odd_case(staffed)
    staffed.tick(hours=2)
    ask(case).expect("No manager is on shift now, so nobody was called")
    post = asked(case).expect("No manager is on shift, so nobody is called")
    assert f"<@{WANG}>" not in post.text + post.plain
    assert not [
        note for note in staffed.ws.user("wang.fang").notifications() if "asks a manager" in str(note)
    ]
    look(post, staffed).expect(ODD).close()
