"""Accepted suggestions, and amounts that differ from what was granted. Both databases."""

import pytest
from sqlalchemy import select

from bot.db.tables import CaseRow, LedgerRow
from bot.desk import Desk, merging, read, reply, solutions
from bot.desk.reply import Outgoing
from bot.desk.solutions import Wish
from bot.domain.snapshots import Preview
from bot.errors import NotAllowed, Stale, WrongInput
from tests.world import ANNA, GUEST, LI_WEI, WANG, Post, buyer_mail

TEXT = (
    "Hello Katrin,\n\nthank you for your message. I am sorry that your parcel is late. It arrives on Friday."
)
LINKED = f"{TEXT} See www.nordlicht.example for more."
HERE = "You can simply reply to this message."


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def records(desk: Desk, what: str) -> list[tuple[str, dict[str, object]]]:
    with desk.database.reading() as tx:
        query = select(LedgerRow.who, LedgerRow.facts).where(LedgerRow.what == what)
        return [(who, dict(facts)) for who, facts in tx.execute(query)]


def test_a_rewrite_becomes_the_draft_the_preview_and_a_record(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, LINKED, "delivery_delay", by=ANNA)
    mended = reply.rewrite(desk, 1001, "external_link", shown.fingerprint, by=ANNA)
    draft = read.draft(desk, 1001, ANNA)
    assert draft is not None
    assert (draft.text, draft.template) == (f"{TEXT} {HERE}", "delivery_delay")
    assert (mended.text, mended.fingerprint) == (draft.text, reply.fingerprint(draft.text))
    assert "external_link" not in {one.rule for one in mended.findings}
    assert records(desk, "reply_rewritten") == [
        (ANNA, {"rewrite": "external_link", "rules": ["external_link"]})
    ]
    assert reply.send(desk, 1001, Outgoing(mended.text, mended.fingerprint, mended.seen), by=ANNA)


def test_only_the_text_that_was_previewed_is_rewritten(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, LINKED, by=ANNA)
    reply.save_draft(desk, 1001, f"{LINKED} One more word.", None, by=ANNA)
    with pytest.raises(WrongInput):
        reply.rewrite(desk, 1001, "external_link", shown.fingerprint, by=ANNA)
    with pytest.raises(WrongInput):
        reply.rewrite(desk, 1001, "external_link", shown.fingerprint, by=LI_WEI)
    with pytest.raises(NotAllowed):
        reply.rewrite(desk, 1001, "external_link", shown.fingerprint, by=GUEST)
    assert records(desk, "reply_rewritten") == []


def test_a_rewrite_that_is_made_already_is_no_more(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, LINKED, by=ANNA)
    mended = reply.rewrite(desk, 1001, "external_link", shown.fingerprint, by=ANNA)
    with pytest.raises(Stale):
        reply.rewrite(desk, 1001, "external_link", mended.fingerprint, by=ANNA)


def decide(desk: Desk, amount: str, number: int = 1001, seen: int = 0) -> int:
    return solutions.grant(desk, number, Wish("partial_refund", "50", amount), by=ANNA, seen=seen)[0]


def amounts(shown: Preview) -> list[tuple[str, str]]:
    return [(one.excerpt, one.why) for one in shown.findings if one.rule == "amount_mismatch"]


def said(desk: Desk, amount: str, number: int = 1001) -> list[tuple[str, str]]:
    text = f"{TEXT} Wir erstatten {amount} von 50,00 €."
    return amounts(reply.preview(desk, number, text, by=ANNA))


def test_another_amount_than_was_granted_is_a_warning(desk: Desk) -> None:
    assert said(desk, "15,00 €") == []
    decide(desk, "9.50")
    assert said(desk, "9,50 €") == []
    assert said(desk, "15,00 €") == [("15,00 €", "Granted for this order: 9.50 EUR. The text says 15,00 €.")]


def test_an_amount_that_nobody_agreed_to_is_a_warning_until_somebody_does(desk: Desk) -> None:
    number = decide(desk, "25.50")
    assert said(desk, "25,50 €") == [("25,50 €", "Nobody has agreed to 25.50 EUR; the text says 25,50 €.")]
    solutions.approve(desk, number, by=WANG)
    assert said(desk, "25,50 €") == []


def test_what_was_granted_in_another_case_of_the_order_counts(desk: Desk, post: Post) -> None:
    other = buyer_mail(
        amazon_case_id="case-2",
        order_id="305-0000000-0000002",
        buyer_alias="b2+case-2@marketplace.amazon.de",
        buyer_base="b2@marketplace.amazon.de",
    )
    post.deliver(other)
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, 1002).order_id = tx.get_one(CaseRow, 1001).order_id
    decide(desk, "9.50")
    assert said(desk, "9,50 €", 1002) == []
    assert [excerpt for excerpt, _why in said(desk, "12 €", 1002)] == ["12 €"]


def test_the_right_amount_is_one_click_away_and_a_managers_other_one_is_on_record(desk: Desk) -> None:
    decide(desk, "9.50")
    shown = reply.preview(desk, 1001, f"{TEXT} We refund 15,00 € now.", by=WANG)
    (made,) = [one for one in shown.rewrites if one.key == "amount_mismatch"]
    assert made.new in ("9,50 €", "€9.50")
    reply.send(desk, 1001, Outgoing(shown.text, shown.fingerprint, shown.seen), by=WANG)
    ((who, facts),) = records(desk, "reply_held")
    assert who == WANG
    assert "amount_mismatch" in facts["warned"]


def joined(desk: Desk, post: Post) -> None:
    """Katrin's second conversation: case 1002, about another order; case 1001 is merged into it."""
    post.deliver(
        buyer_mail(
            "The lamp arrived broken.",
            order_id="305-0000000-0000002",
            amazon_case_id="case-2",
            buyer_alias="katrin0000001+case-2@marketplace.amazon.de",
        )
    )
    merging.merge(desk, 1001, 1002, by=ANNA)


@pytest.mark.parametrize(("to", "words"), [(1001, "still waiting"), (1002, "perfect condition")])
def test_a_rewrite_speaks_of_the_matter_of_the_address_that_was_previewed(
    desk: Desk, post: Post, to: int, words: str
) -> None:
    joined(desk, post)
    text = "Hello Katrin,\n\nthank you for your message. We will send a new one on Friday."
    shown = reply.preview(desk, 1002, text, by=ANNA, to=to)
    mended = reply.rewrite(desk, 1002, "part_problem", shown.fingerprint, by=ANNA, to=to)
    assert (mended.to, words in mended.text) == (to, True)
    draft = read.draft(desk, 1002, ANNA)
    assert draft is not None
    assert draft.text == mended.text


def test_a_text_that_was_previewed_before_the_merge_is_rewritten_where_people_work_now(
    desk: Desk, post: Post
) -> None:
    shown = reply.preview(desk, 1001, LINKED, by=ANNA)
    joined(desk, post)
    with pytest.raises(Stale) as why:
        reply.rewrite(desk, 1001, "external_link", shown.fingerprint, by=ANNA, to=1001)
    assert why.value.key == "merged_into"
    mended = reply.rewrite(desk, 1002, "external_link", shown.fingerprint, by=ANNA, to=1001)
    assert (mended.to, HERE in mended.text) == (1001, True)


def test_what_was_granted_before_the_merge_or_after_it_counts_for_each_address(
    desk: Desk, post: Post
) -> None:
    before = decide(desk, "9.50")
    joined(desk, post)
    decide(desk, "0.25", 1002, seen=before)  # alone: the limit holds for both together
    assert said(desk, "9,50 €", 1002) == said(desk, "0,25 €", 1002) == []
    text = f"{TEXT} We refund 12 €."
    for to in (1001, 1002):
        ((excerpt, why),) = amounts(reply.preview(desk, 1002, text, by=ANNA, to=to))
        assert (excerpt, "0.25 EUR and 9.50 EUR" in why) == ("12 €", True)
