"""Warnings over which only a manager may send, and asking one to. Both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.tables import LedgerRow, OutboxRow
from bot.db.tables_questions import QuestionRow
from bot.desk import Desk, merging, question_pages, questions, read, reply, settle, solutions
from bot.desk.reply import Outgoing
from bot.desk.solutions import Wish
from bot.domain.ledger import first_fault
from bot.domain.snapshots import Preview, Question
from bot.errors import Blocked, NotAllowed, NotFound, Stale, WrongInput
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, WANG, Post, buyer_mail

GOOD = (
    "Hello Katrin,\n\nthank you for your message. I am sorry that your parcel is late. It arrives on Friday."
)
ODD = f"{GOOD} We will refund 15,00 €."
"""9.50 EUR were granted."""
BARE = "Your parcel arrives on Friday."
FORBIDDEN = f"{ODD} See www.nordlicht.example."


@pytest.fixture(autouse=True)
def case(post: Post, desk: Desk) -> None:
    post.deliver(buyer_mail())
    solutions.grant(desk, 1001, Wish("partial_refund", "50", "9.50"), by=ANNA, seen=0)


def records(desk: Desk, *whats: str) -> list[tuple[str, str, dict[str, object]]]:
    with desk.database.reading() as tx:
        query = select(LedgerRow).where(LedgerRow.what.in_(whats)).order_by(LedgerRow.seq)
        return [(row.who, row.what, dict(row.facts)) for row in tx.scalars(query)]


def outgoing(shown: Preview, **changes: object) -> Outgoing:
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, to=shown.to)
    return replace(out, **changes)


def send(desk: Desk, text: str, *, by: str) -> int:
    return reply.send(desk, 1001, outgoing(reply.preview(desk, 1001, text, by=by)), by=by)


def ask(desk: Desk, text: str = ODD, *, by: str = ANNA, template: str | None = None) -> tuple[Question, bool]:
    """As a person does: look at the preview, then ask."""
    return questions.ask(desk, 1001, outgoing(reply.preview(desk, 1001, text, template, by=by)), by=by)


def rows(desk: Desk) -> list[QuestionRow]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(QuestionRow).order_by(QuestionRow.id)))


def waiting(desk: Desk) -> list[tuple[str, str]]:
    """Posts about questions that wait to be told, and where."""
    with desk.database.reading() as tx:
        found = tx.execute(select(OutboxRow.key, OutboxRow.place).order_by(OutboxRow.id))
        return [(key, place) for key, place in found if key.startswith("question:")]


def states(desk: Desk) -> list[str]:
    return [question_pages.question(desk, row.id).state for row in rows(desk)]


def test_an_agent_may_not_send_over_a_warning_and_is_told_who_may(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, ODD, by=ANNA)
    assert (shown.verdict, shown.over, shown.needs_manager) == ("warn", ("amount_mismatch",), True)
    with pytest.raises(Blocked) as why:
        reply.send(desk, 1001, outgoing(shown), by=ANNA)
    assert (why.value.key, why.value.facts) == ("manager_needed", {"case": 1001, "who": (WANG,)})
    assert [one.state for one in read.case(desk, 1001).replies] == ["draft"]
    assert records(desk, "reply_held", "warning_overridden") == []


def test_anybody_may_send_over_advice(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, BARE, by=ANNA)
    assert {one.rule for one in shown.findings} == {"missing_parts"}
    assert (shown.over, shown.needs_manager) == ((), False)
    send(desk, BARE, by=ANNA)
    ((_who, _what, facts),) = records(desk, "reply_held")
    assert facts["warned"] == ["missing_parts"]
    assert records(desk, "warning_overridden") == []


def test_a_manager_may_and_the_ledger_says_so(desk: Desk) -> None:
    text = f"{BARE} We will refund 15,00 €."
    shown = reply.preview(desk, 1001, text, by=WANG)
    assert (shown.over, shown.needs_manager) == (("amount_mismatch",), False)
    number = send(desk, text, by=WANG)
    held, over = records(desk, "reply_held", "warning_overridden")
    assert (held[0], held[2]["warned"]) == (WANG, ["amount_mismatch", "missing_parts"])
    assert over == (WANG, "warning_overridden", {"reply": number, "rules": ["amount_mismatch"]})
    (event,) = read.case(desk, 1001).warnings
    assert (event.what, event.who, event.rules) == ("warning_overridden", WANG, ("amount_mismatch",))
    with desk.database.reading() as tx:
        assert first_fault(ledger.records(tx)) is None


def test_what_is_forbidden_is_forbidden_to_managers_too(desk: Desk) -> None:
    for person in (ANNA, WANG):
        with pytest.raises(Blocked) as why:
            send(desk, FORBIDDEN, by=person)
        assert why.value.key == "blocked"


def test_a_manager_of_other_stores_is_none_here(desk: Desk) -> None:
    agents = dict(desk.settings.agents)
    agents["wang-fang"] = agents["wang-fang"].model_copy(update={"stores": ("sunrise",)})
    elsewhere = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
    with pytest.raises(NotAllowed):
        send(elsewhere, ODD, by=WANG)
    asked, _new = ask(elsewhere)
    assert asked.called == ()
    with pytest.raises(NotAllowed) as why:
        questions.look(elsewhere, asked.id, by=WANG)
    assert why.value.key == "not_your_store"


def test_a_question_keeps_the_text_and_its_warnings_and_the_draft_stays(desk: Desk) -> None:
    text = ODD.replace("thank you for your message. ", "")
    asked, is_new = ask(desk, text, template="delivery_delay")
    assert is_new
    assert (asked.case, asked.by, asked.text, asked.template) == (1001, ANNA, text, "delivery_delay")
    assert [one.rule for one in asked.findings] == ["amount_mismatch"]
    assert (asked.called, asked.state) == ((WANG,), "asked")
    facts = {"question": asked.id, "rules": ["amount_mismatch"], "called": [WANG]}
    assert records(desk, "manager_asked") == [(ANNA, "manager_asked", facts)]
    assert waiting(desk) == [(f"question:{asked.id}", "amz-nordlicht")]
    draft = read.draft(desk, 1001, ANNA)
    assert draft is not None
    assert draft.text == text
    reply.save_draft(desk, 1001, "Something else.", None, by=ANNA)
    assert question_pages.question(desk, asked.id).text == text


def test_asking_twice_for_the_same_text_is_one_question(desk: Desk, clock: FixedClock) -> None:
    first, _new = ask(desk)
    clock.advance(timedelta(minutes=5))
    again, is_new = ask(desk)
    assert (again.id, again.at, is_new) == (first.id, START, False)
    assert len(records(desk, "manager_asked")) == len(rows(desk)) == 1
    other, is_new = ask(desk, by=CHEN)
    assert is_new
    assert other.id != first.id
    assert states(desk) == ["asked", "asked"]


def test_a_question_about_another_text_takes_the_place_of_the_first(desk: Desk) -> None:
    first, _new = ask(desk)
    second, _new = ask(desk, f"{GOOD} We will refund 16,00 €.")
    assert states(desk) == ["renewed", "asked"]
    assert [key for key, _place in waiting(desk)] == [f"question:{first.id}", f"question:{second.id}"]
    with pytest.raises(Stale) as why:
        questions.look(desk, first.id, by=WANG)
    assert (why.value.key, why.value.facts["who"]) == ("question_renewed", ANNA)
    third, is_new = ask(desk)
    assert (is_new, states(desk)) == (True, ["renewed", "renewed", "asked"])
    assert question_pages.question(desk, third.id).text == ODD


def test_a_manager_looks_at_just_that_text_and_sends_it_in_their_own_name(desk: Desk) -> None:
    asked, _new = ask(desk, template="delivery_delay")
    reply.save_draft(desk, 1001, "Anna goes on writing.", None, by=ANNA)
    found, shown = questions.look(desk, asked.id, by=WANG)
    assert (found.text, shown.text, shown.needs_manager) == (ODD, ODD, False)
    draft = read.draft(desk, 1001, WANG)
    assert draft is not None
    assert (draft.text, draft.template) == (ODD, "delivery_delay")
    reply.send(desk, 1001, outgoing(shown, seen=found.seen, seen_reply=found.seen_reply), by=WANG)
    held = read.case(desk, 1001).last_reply
    assert held is not None
    assert (held.author, held.text, held.state) == (WANG, ODD, "held")
    assert [(one.what, one.who) for one in read.case(desk, 1001).warnings] == [
        ("manager_asked", ANNA),
        ("warning_overridden", WANG),
    ]
    assert (question_pages.question(desk, asked.id).answered_by, states(desk)) == (WANG, ["answered"])
    kept = read.draft(desk, 1001, ANNA)
    assert kept is not None
    assert kept.text == "Anna goes on writing."


def test_only_a_manager_looks(desk: Desk) -> None:
    asked, _new = ask(desk)
    for person, key in (
        (ANNA, "managers_only"),
        (LI_WEI, "managers_only"),
        (BOB, "not_your_store"),
        (GUEST, "not_an_agent"),
    ):
        with pytest.raises(NotAllowed) as why:
            questions.look(desk, asked.id, by=person)
        assert why.value.key == key
    with pytest.raises(NotFound):
        questions.look(desk, asked.id + 1, by=WANG)
    with pytest.raises(NotFound):
        question_pages.question(desk, asked.id + 1)


def test_nobody_is_asked_about_what_needs_nobody(desk: Desk) -> None:
    for text, person in ((BARE, ANNA), (FORBIDDEN, ANNA), (ODD, WANG)):
        with pytest.raises(Stale) as why:
            ask(desk, text, by=person)
        assert why.value.key == "question_needless"
    with pytest.raises(NotAllowed):
        questions.ask(desk, 1001, Outgoing(ODD, reply.fingerprint(ODD), 1), by=GUEST)
    assert rows(desk) == []


def test_only_the_text_that_was_previewed_is_asked_about(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, ODD, by=ANNA)
    reply.save_draft(desk, 1001, f"{ODD} One more word.", None, by=ANNA)
    with pytest.raises(WrongInput) as why:
        questions.ask(desk, 1001, outgoing(shown), by=ANNA)
    assert why.value.key == "not_previewed"
    assert rows(desk) == []


def test_who_asks_has_seen_what_the_buyer_wrote(desk: Desk, post: Post) -> None:
    shown = reply.preview(desk, 1001, ODD, by=ANNA)
    post.deliver(buyer_mail("And the lamp is broken."))
    with pytest.raises(Stale) as why:
        questions.ask(desk, 1001, outgoing(shown), by=ANNA)
    assert why.value.key == "buyer_wrote_again"
    seen = reply.preview(desk, 1001, ODD, by=ANNA).seen
    assert questions.ask(desk, 1001, outgoing(shown, seen=seen), by=ANNA)[0].seen == seen


def test_what_came_after_the_question_stops_the_manager(desk: Desk, post: Post) -> None:
    asked, _new = ask(desk)
    post.deliver(buyer_mail("And the lamp is broken."))
    found, shown = questions.look(desk, asked.id, by=WANG)
    assert shown.seen > found.seen
    with pytest.raises(Stale) as why:
        reply.send(desk, 1001, outgoing(shown, seen=found.seen), by=WANG)
    assert why.value.key == "buyer_wrote_again"
    send(desk, GOOD, by=ANNA)
    assert question_pages.question(desk, asked.id).answered_by == ANNA
    with pytest.raises(Stale) as why:
        reply.send(desk, 1001, outgoing(shown), by=WANG)
    assert why.value.key == "answered_already"


def test_a_question_waits_again_when_its_answer_did_not_leave(desk: Desk, clock: FixedClock) -> None:
    ask(desk)
    number = send(desk, ODD, by=WANG)
    assert states(desk) == ["answered"]
    reply.undo(desk, number, by=WANG)
    assert states(desk) == ["asked"]
    number = send(desk, ODD, by=WANG)
    clock.advance(timedelta(minutes=1))
    with desk.database.writing() as tx:
        for row in tx.scalars(select(OutboxRow)):
            tx.delete(row)
        held = reply.reply_queries.locked(tx, number)
        assert held is not None
        held.state = "sending"
    settle.failed(desk, number, "refused")
    assert (states(desk), len(waiting(desk))) == (["asked"], 1)


def test_nobody_is_called_off_shift(staffed: Desk, post: Post, clock: FixedClock) -> None:
    """At START Beijing, where the manager is, has one more hour to go."""
    assert ask(staffed)[0].called == (WANG,)
    clock.advance(timedelta(hours=2))
    later, _new = ask(staffed, f"{GOOD} We will refund 16,00 €.")
    assert later.called == ()
    assert records(staffed, "manager_asked")[-1][2]["called"] == []
    assert questions.look(staffed, later.id, by=WANG)[1].text == later.text


def test_a_question_goes_with_its_case_when_that_is_merged(desk: Desk, post: Post) -> None:
    asked, _new = ask(desk)
    post.deliver(
        buyer_mail(
            "The lamp arrived broken.",
            order_id="305-0000000-0000002",
            amazon_case_id="case-2",
            buyer_alias="katrin0000001+case-2@marketplace.amazon.de",
        )
    )
    merging.merge(desk, 1001, 1002, by=ANNA)
    found, shown = questions.look(desk, asked.id, by=WANG)
    assert (found.case, shown.to) == (1002, 1001)
    reply.send(desk, 1002, outgoing(shown), by=WANG)
    assert [one.what for one in read.case(desk, 1002).warnings] == ["manager_asked", "warning_overridden"]
    assert question_pages.question(desk, asked.id).state == "answered"
