"""What people read of order messages, and what they can press, in each state; in every form that it is no reply."""

import json
from dataclasses import replace

import pytest

from bot.domain.typed_messages import FORMS, FormFault, MessageKind
from bot.domain.typed_snapshots import NOT_LEFT, STATES
from bot.slack import ids
from bot.slack.views import case_card, modals, typed, typed_posts, typed_preview
from tests.unit.view_samples import findings
from tests.unit.view_samples_orders import kept, with_orders
from tests.unit.view_samples_typed import choice, sent, shown, with_order
from tests.unit.viewing import EN, SAYS, ZH, buttons, element, words_of

CLOCK = {EN: "This does not stop the 24-hour clock.", ZH: "这不会停止 24 小时倒计时。"}
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize("say", SAYS)
def test_list_form_and_preview_say_that_it_is_no_reply(say):
    assert CLOCK[say] in words_of(typed.choices(choice(), say))
    for kind in MessageKind:
        assert CLOCK[say] in words_of(typed.form(typed.TypedForm(choice(), kind, BERLIN), say))
        assert CLOCK[say] in words_of(typed_preview.preview(with_order(), shown(kind), BERLIN, say))


def test_the_list_has_what_amazon_allows_and_names_the_rest():
    kinds = (MessageKind.WARRANTY, MessageKind.INVOICE)
    view = typed.choices(choice(kinds=kinds, draft=MessageKind.INVOICE), EN)
    pressed = [one["accessory"]["value"] for one in view["blocks"] if "accessory" in one]
    assert pressed == ["warranty", "invoice"]
    words = words_of(view)
    assert "Invoice* · you have a draft" in words
    assert "1 to 5 files · dates of the warranty" in words
    assert "Not allowed for this order now: Customization details, Delivery details" in words
    assert json.loads(view["private_metadata"])["kinds"] == "warranty,invoice"


@pytest.mark.parametrize("kind", MessageKind)
def test_a_form_has_the_fields_of_its_kind_with_their_limits(kind: MessageKind):
    form, view = FORMS[kind], typed.form(typed.TypedForm(choice(), kind, BERLIN), EN)
    inputs = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
    wanted = [ids.TYPED_TEXT] if form.text else []
    wanted += [ids.TYPED_FILES] if form.files[1] else []
    wanted += [ids.TYPED_FROM, ids.TYPED_UNTIL] if form.has_dates else []
    assert list(inputs) == [f"{name}.{kind}" for name in wanted]
    if form.text:
        assert element(view, f"{ids.TYPED_TEXT}.{kind}")["max_length"] == form.text
    if form.files[1]:
        files = inputs[f"{ids.TYPED_FILES}.{kind}"]
        assert (files["element"]["max_files"], files["optional"]) == (form.files[1], not form.files[0])


def test_files_that_a_draft_kept_need_not_be_chosen_again():
    opened = typed.TypedForm(choice(), MessageKind.INVOICE, BERLIN, kept=(("Rechnung.pdf", 48_213),))
    view = typed.form(opened, EN)
    assert next(one for one in view["blocks"] if one["type"] == "input")["optional"]
    assert "(47 KB)" in words_of(view)


def test_a_fault_stands_at_its_field_as_plain_text():
    fault = FormFault("files", "bad_name", 100, "a&b<c>.pdf")
    assert typed.field_of(fault, MessageKind.INVOICE) == "typed.files.invoice"
    assert "a&b<c>.pdf" in typed.fault_text(fault, EN)
    assert typed.field_of(FormFault("dates", "wrong_order"), MessageKind.WARRANTY) == "typed.until.warranty"


def test_only_what_may_be_sent_has_send():
    problem, found = MessageKind.PROBLEM, findings()
    warned = {"findings": tuple(one for one in found if one.severity == "warn"), "verdict": "warn"}
    may = {
        "clean": {},
        "warned": warned,
        "manager": warned | {"over": ("marketing",)},
    }
    may_not = {
        "blocked": {"findings": found, "verdict": "block"},
        "needs manager": warned | {"over": ("marketing",), "needs_manager": True},
    }
    sends = {
        name: "submit" in typed_preview.preview(with_order(), shown(problem, **change), BERLIN, EN)
        for name, change in (may | may_not).items()
    }
    assert sends == dict.fromkeys(may, True) | dict.fromkeys(may_not, False)


def test_days_are_those_of_the_store_whoever_reads_them():
    view = typed_preview.preview(with_order(), shown(MessageKind.WARRANTY), "Asia/Shanghai", EN)
    assert "Warranty: 2026-11-23 – 2027-11-24 (Beijing)" in words_of(view)


@pytest.mark.parametrize("state", STATES)
def test_what_can_be_done_about_one_in_each_state(state: str):
    pressed = set(buttons(typed_posts.state(with_order(), sent(state), EN)))
    if state in NOT_LEFT:
        assert pressed == {"Undo"}
    elif state == "unsure":
        assert pressed == {"It was sent", "It was not sent"}
    elif state in ("refused", "failed", "withdrawn"):
        assert pressed == {"Write again…"}
    else:
        assert pressed == set()


def test_a_post_says_whether_the_buyer_still_waits():
    assert "still needs a reply" in words_of(typed_posts.state(with_order(), sent("accepted"), EN))
    quiet = with_order(messages=())
    assert "no answer is owed" in words_of(typed_posts.state(quiet, sent("accepted"), EN))


def test_card_and_details_show_how_the_newest_stand():
    told = tuple(sent(state) for state in ("withdrawn", "refused", "accepted"))
    card = words_of(case_card.card(with_order(typed=told), EN))
    assert "Order message Invoice · sent · <@U0ANNA>" in card
    assert "refused by Amazon" in card
    assert "called back" not in card
    details = words_of(modals.details(with_order(typed=told), EN))
    assert details.count("*Invoice* by <@U0ANNA>") == 3


@pytest.mark.parametrize(
    ("name", "on_card", "in_details"),
    [("known", True, True), ("wanted", False, True), ("failed", False, True), ("missing", False, False)],
)
def test_where_the_way_to_an_order_message_is(name: str, on_card: bool, in_details: bool):
    case = with_orders(kept()[name])
    assert ("Order message…" in buttons(case_card.card(case, EN))) is on_card
    assert ("Order message…" in buttons(modals.details(case, EN))) is in_details


def test_a_case_without_a_buyer_or_merged_has_no_way_to_one():
    for change in ({"kind": "review"}, {"merged_into": 1041}):
        case = replace(with_order(), **change)
        assert "Order message…" not in buttons(case_card.card(case, EN))
        assert "Order message…" not in buttons(modals.details(case, EN))
