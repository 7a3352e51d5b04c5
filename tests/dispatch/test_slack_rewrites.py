"""Accepting what the preview suggests, through real bolt: the text changes, is looked at again, and leaves so."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.db.tables import LedgerRow
from bot.desk import read
from bot.desk.solutions import Wish, approve, grant, withdraw
from bot.sandbox.slack.driver import Modal
from tests.office import Case, Office
from tests.unit.viewing import parts
from tests.world import ANNA, WANG

MATTER = "Hello Nora,\n\nThank you for your message. We are sorry about the delay. It arrives on Friday."
NAME = "\n\nKind regards,\nAnna"
HERE = "You can simply reply to this message."


def accept(office: Office, preview: Modal, key: str) -> Modal:
    """Press the button of a suggestion; returns when it is no longer there."""
    preview.press(f"preview.rewrite.{key}")
    office.until(lambda: key not in buttons(preview))
    return preview


def records(office: Office, case: Case, what: str) -> list[dict[str, Any]]:
    with office.desk.database.reading() as tx:
        query = select(LedgerRow.facts).where(LedgerRow.case == case.number, LedgerRow.what == what)
        return [dict(facts) for facts in tx.scalars(query)]


def marked(preview: Modal) -> list[str]:
    return [
        one["text"]
        for one in parts(preview.view["blocks"])
        if one.get("style") == {"bold": True, "code": True}
    ]


def buttons(preview: Modal) -> list[str]:
    return [str(one["value"]) for one in parts(preview.view["blocks"]) if one.get("type") == "button"]


def test_a_forbidden_sentence_is_shown_at_its_place_and_goes_with_a_click(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(f"{MATTER} Write to help@sunrise.example for more.{NAME}", by="anna")
    preview.expect("This can't be sent as it stands").expect("“Write to help@")
    assert marked(preview) == ["help@sunrise.example"]
    assert preview.view["submit"] is None
    clean = accept(shared, preview, "email_address")
    clean.expect("The text was changed as suggested").expect("No finding")
    exact = f"{MATTER} {HERE}{NAME}"
    assert exact in clean.plain
    assert clean.submit().closed
    shared.tick(seconds=46)
    mail = next(mail for mail in shared.relay.sent if mail.to == case.buyer.alias)
    assert mail.text.rstrip("\n") == exact
    assert records(shared, case, "reply_rewritten") == [
        {"rewrite": "email_address", "rules": ["email_address"]}
    ]


def test_back_leads_to_the_new_text_and_a_second_click_finds_nothing_to_do(shared: Office) -> None:
    case = shared.new_case()
    preview = case.preview(f"{MATTER} See www.sunrise.example for more. We love you! ❤{NAME}", by="anna")
    assert set(buttons(preview)) == {"external_link", "emoji_or_html"}
    preview = accept(shared, preview, "external_link")
    assert buttons(preview) == ["emoji_or_html"]
    accept(shared, preview, "emoji_or_html").expect("No finding").close()
    form = shared.ws.user("anna").modal()
    assert form.value("form.text") == f"{MATTER} {HERE} We love you!{NAME}"
    draft = read.draft(shared.desk, case.number, ANNA)
    assert draft is not None
    assert draft.text == form.value("form.text")
    again = form.submit().modal
    assert again is not None
    assert "No finding" in again.plain
    assert "The text was changed" not in again.plain


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        (
            "Hello Nora,\n\nWe are sorry about the delay. It arrives on Friday.",
            "part_thanks",
            "Hello Nora,\n\nThank you for your message. We are sorry about the delay. It arrives on Friday.",
        ),
        (
            f"Hello Nora,\n\nThank you for your message. Your parcel arrives on Friday.{NAME}",
            "part_problem",
            "Hello Nora,\n\nThank you for your message. We are sorry that you are still waiting for your order. "
            f"Your parcel arrives on Friday.{NAME}",
        ),
        (
            f"Hello Nora,\n\nThank you for your message. We are sorry about the delay.{NAME}",
            "part_solution",
            "Hello Nora,\n\nThank you for your message. We are sorry about the delay.\n\nWe are checking where your "
            f"parcel is and will write to you here as soon as we know more.{NAME}",
        ),
    ],
)
def test_a_missing_part_is_added_at_its_place(shared: Office, text: str, part: str, expected: str) -> None:
    case = shared.new_case("Where is my parcel? It has not arrived.")
    preview = case.preview(text, by="anna")
    assert buttons(preview) == [part]
    changed = accept(shared, preview, part).expect("No finding")
    assert expected in changed.plain


def decided(case: Case, amount: str) -> None:
    wish = Wish("partial_refund", "100", amount)
    number, state = grant(case.office.desk, case.number, wish, by=ANNA, seen=0)
    if state == "asked":
        approve(case.office.desk, number, by=WANG)


def test_another_amount_than_was_granted_is_a_warning_with_the_right_one(shared: Office) -> None:
    case = shared.new_case()
    decided(case, "30")
    text = f"{MATTER} We will refund £35.00 of the £100 you paid.{NAME}"
    preview = case.preview(text, by="anna")
    preview.expect("Another amount than granted*: “£35.00”").expect("Granted for this order: 30.00 GBP")
    assert preview.view["submit"]["text"] == "Ask a manager"
    changed = accept(shared, preview, "amount_mismatch").expect("No finding")
    assert changed.view["submit"]["text"] == "Send in 45 s"
    assert text.replace("£35.00", "£30.00") in changed.plain


def test_money_that_is_taken_back_after_the_preview_is_told_before_the_text_leaves(shared: Office) -> None:
    case = shared.new_case()
    decided(case, "5")
    preview = case.preview(f"{MATTER} We will refund £5.{NAME}", by="wang.fang")
    assert "金额与批准的不符" not in preview.plain
    withdraw(case.office.desk, case.now.solutions[-1].id, by=WANG)
    told = preview.submit().modal
    assert told is not None
    told.expect("金额与批准的不符")
    assert case.now.replies[-1].state == "draft"
    assert told.submit().closed
    assert records(shared, case, "warning_overridden")[-1]["rules"] == ["amount_mismatch"]


def test_the_manager_who_sends_another_amount_all_the_same_is_on_record(shared: Office) -> None:
    case = shared.new_case()
    decided(case, "5")
    preview = case.preview(f"{MATTER} We will refund £7.{NAME}", by="wang.fang")
    assert preview.submit().closed
    (over,) = records(shared, case, "warning_overridden")
    assert over["rules"] == ["amount_mismatch"]
    assert records(shared, case, "reply_held")[0]["warned"] == ["amount_mismatch"]
