"""Order messages in Slack: what Amazon allows is asked while a modal says so; form, preview, send, undo, decide."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.desk import manual, orders, typed_settle
from bot.domain.typed_snapshots import TypedSnapshot
from bot.errors import Unsure
from bot.sandbox.amazon.orders import invent
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.amazon.world import MESSAGE_TAILS
from bot.sandbox.slack.driver import Modal
from tests.dispatch.amazon_shop import BOUGHT, open_shop
from tests.office import Case, Office

KETTLE, EU, CHANNEL = "302-1112223-3334445", "nordlicht", "amz-nordlicht"
PDF = b"%PDF-1.4 an invoice"
SORRY = "Es tut uns leid, der Wasserkocher wurde beim Verpacken beschädigt. Wir schicken ihn am Montag."
NOT_NOW = ("warranty", "confirmServiceDetails")
Opened = Callable[..., Any]


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        kettle = invent(KETTLE, "DE", BOUGHT, tracking="JJD0001", carrier="DHL", title="Wasserkocher")
        allowed = tuple(one for one in MESSAGE_TAILS if one not in NOT_NOW)
        found.add_order(kettle, account="acme-eu", actions=allowed)
        yield found


@pytest.fixture
def eu(opened: Opened, amazon: AmazonSandbox) -> Iterator[Office]:
    """An office whose store nordlicht reaches the stand-in for Amazon."""
    with opened({EU: amazon.url}, amazon.token_url) as office:
        yield office


def new_case(office: Office) -> Case:
    return office.new_case("Wo ist mein Wasserkocher?", marketplace="DE", order_id=KETTLE)


def listed(office: Office, case: Case, *, by: str = "anna") -> Modal:
    """`/message`, until Amazon has answered."""
    modal = office.ws.user(by).command(f"/message {case.number}", CHANNEL).modal
    office.ws.wait_for(lambda: modal.view["callback_id"] == "modal.typed")
    return modal


def form_of(office: Office, case: Case, kind: str, *, by: str = "anna") -> Modal:
    form = listed(office, case, by=by).press(f"typed.kind.{kind}").modal
    office.ws.wait_for(lambda: form.view["callback_id"] == "modal.typed_form")
    return form


def preview_of(office: Office, form: Modal) -> Modal:
    """Press Preview, and wait until the files are there."""
    shown = form.submit().modal
    assert shown is not None
    office.ws.wait_for(lambda: shown.view["callback_id"] not in ("modal.loading", "modal.typed_form"))
    return shown


def sent(office: Office, case: Case, form: Modal) -> TypedSnapshot:
    ended = preview_of(office, form).submit()
    assert ended.closed, ended.modal and ended.modal.plain
    office.quiet()
    return case.now.typed[-1]


def test_an_invoice_goes_from_the_card_to_the_undo_window_with_its_file(
    eu: Office, amazon: AmazonSandbox
) -> None:
    case = new_case(eu)
    eu.until(lambda: "Order message…" in case.card.labels())
    modal = case.card.click("typed.open", by="anna").modal
    modal.expect("Looking up what Amazon allows").expect("Amazon allows now")
    modal.expect("does not stop the 24-hour clock").expect("Not allowed for this order now: ")
    assert [label for label in modal.labels() if label == "Write…"] == ["Write…"] * 7
    form = modal.press("typed.kind.invoice").modal.expect("The invoice of this order.")
    form.attach("Files", ("Rechnung 17.pdf", PDF))
    shown = preview_of(eu, form)
    shown.expect("📎 Rechnung 17").expect("(1 KB)").expect(KETTLE).expect("does not stop the 24-hour clock")
    assert shown.submit().closed
    eu.quiet()
    (one,) = case.now.typed
    assert (one.state, one.kind, one.files) == ("held", "invoice", (("Rechnung 17.pdf", len(PDF)),))
    post = case.card.expect_reply("leaves in")
    assert "the buyer's message still needs a reply" in post.plain
    assert case.now.due_at is not None
    case.card.expect("Order message Invoice · held for undo")
    assert amazon.sent == []


def test_a_text_is_checked_previewed_and_called_back(eu: Office) -> None:
    case = new_case(eu)
    form = form_of(eu, case, "unexpectedProblem").fill("Text to the buyer", SORRY)
    preview = preview_of(eu, form).expect(SORRY)
    assert preview.depth == 2
    preview.close()
    assert form.value("Text to the buyer") == SORRY
    one = sent(eu, case, form)
    assert (one.state, one.text) == ("held", SORRY)
    post = case.card.expect_reply("leaves in")
    post.click("Undo", by="anna")
    post.expect("was called back")
    case.card.expect("called back")
    again = form_of(eu, case, "unexpectedProblem")
    assert again.value("Text to the buyer") == SORRY


def test_what_breaks_the_rules_has_no_send(eu: Office) -> None:
    case = new_case(eu)
    form = form_of(eu, case, "unexpectedProblem")
    form.fill("Text to the buyer", f"{SORRY} Schreiben Sie an hilfe@laden.example oder per WhatsApp.")
    shown = preview_of(eu, form).expect("E-mail address")
    assert shown.view["submit"] is None
    assert case.now.typed == ()


def test_what_does_not_fit_the_form_is_said_at_its_field(eu: Office) -> None:
    case = new_case(eu)
    form = form_of(eu, case, "invoice").attach("Files", (f"{'a' * 120}.pdf", PDF), ("leer.pdf", b""))
    errors = form.submit().errors
    assert list(errors) == ["typed.files.invoice"]
    assert "leer.pdf is empty" in errors["typed.files.invoice"]
    assert eu.sandbox.calls("files.info") == []


def test_a_disguised_file_is_refused_with_a_reason_and_the_form_stays(eu: Office) -> None:
    case = new_case(eu)
    form = form_of(eu, case, "invoice").attach("Files", ("Rechnung.pdf", b"MZ a program"))
    shown = preview_of(eu, form).expect("was not taken")
    shown.close()
    assert form.value("Files")[0]["name"] == "Rechnung.pdf"
    assert case.now.typed == ()


def test_days_of_a_warranty_begin_in_the_stores_zone(eu: Office, amazon: AmazonSandbox) -> None:
    kettle = invent(KETTLE, "DE", BOUGHT, title="Wasserkocher")
    amazon.add_order(kettle, account="acme-eu", actions=("warranty",))
    case = new_case(eu)
    form = form_of(eu, case, "warranty").attach("Files", ("Garantie.pdf", PDF))
    form.fill("Warranty from", "2026-12-01").fill("Warranty until", "2026-11-01")
    assert form.submit().errors == {"typed.until.warranty": "The warranty would end before it begins."}
    form.fill("Warranty until", "2028-07-01")
    one = sent(eu, case, form)
    assert one.covers_from is not None
    assert one.covers_until is not None
    assert f"{one.covers_from:%Y-%m-%d %H:%M}" == "2026-11-30 23:00"  # Berlin, winter
    assert f"{one.covers_until:%Y-%m-%d %H:%M}" == "2028-06-30 22:00"  # Berlin, summer


def test_the_buyer_writes_meanwhile_and_send_shows_it_first(eu: Office) -> None:
    case = new_case(eu)
    shown = preview_of(eu, form_of(eu, case, "unexpectedProblem").fill("Text to the buyer", SORRY))
    case.write_again("Er ist angekommen, danke!")
    stopped = shown.submit().modal
    assert stopped is not None
    stopped.expect("The buyer wrote again").expect("Er ist angekommen, danke!")
    assert case.now.typed == ()
    assert stopped.submit().closed
    assert [one.state for one in case.now.typed] == ["held"]


def test_a_colleague_sent_the_like_and_send_shows_it_first(eu: Office) -> None:
    case = new_case(eu)
    mine = preview_of(eu, form_of(eu, case, "unexpectedProblem").fill("Text to the buyer", SORRY))
    sent(eu, case, form_of(eu, case, "unexpectedProblem", by="bob").fill("Text to the buyer", f"{SORRY} Bob"))
    stopped = mine.submit().modal
    assert stopped is not None
    stopped.expect("sent the like meanwhile")
    assert len(case.now.typed) == 1


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("throttled", "Amazon was asked too often"),
        ("html", "Amazon did not answer"),
        ("denied", "Amazon refuses"),
    ],
)
def test_when_amazon_can_not_be_asked_it_says_why_and_asks_again_on_demand(
    eu: Office, amazon: AmazonSandbox, what: str, words: str
) -> None:
    case = new_case(eu)
    amazon.next_errors("getMessagingActionsForOrder", what, times=None)
    modal = listed(eu, case).expect(words)
    amazon.clear_errors()
    amazon.skip(60)
    eu.clock.advance(timedelta(minutes=2))
    modal.press("Ask Amazon again")
    modal.expect("Amazon allows now")


def test_a_store_that_is_locked_out_says_so_and_managers_hear_of_it(
    eu: Office, amazon: AmazonSandbox
) -> None:
    case = new_case(eu)
    amazon.revoke("acme-eu")
    amazon.expire_tokens()
    listed(eu, case).expect("Amazon does not let this store in").close()
    assert orders.locked_out_by(eu.desk, EU)
    modal = eu.ws.user("anna").command(f"/message {case.number}", CHANNEL).modal
    modal.expect("Amazon has not let this store in since")


def test_an_api_that_hangs_holds_no_click_of_anybody_and_no_third_look_up(
    eu: Office, amazon: AmazonSandbox
) -> None:
    case = new_case(eu)
    amazon.next_errors("getMessagingActionsForOrder", "hang", times=None)
    for who in ("anna", "bob"):
        eu.ws.user(who).command(f"/message {case.number}", CHANNEL).modal.expect(
            "Looking up what Amazon allows"
        )
    listed(eu, case, by="wang.fang").expect("其他人正在为本店铺查询")
    case.claim("anna")


def test_a_store_without_the_api_says_so_in_the_persons_language(shared: Office) -> None:
    case = shared.new_case()
    assert "Order message…" not in case.card.labels()
    modal = shared.ws.user("li.wei").command(f"/message {case.number}", CHANNEL).modal
    modal.expect("没有亚马逊 API 权限")


def test_the_command_without_a_number_offers_ones_cases(eu: Office) -> None:
    case = new_case(eu)
    case.claim("anna")
    modal = eu.opened(eu.ws.user("anna").command("/message", CHANNEL)).expect(
        "Which case is the order message about?"
    )
    modal.press("pick.case")
    modal.expect("Amazon allows now")
    assert modal.depth == 1


def test_nonsense_after_the_command_gets_its_usage(shared: Office) -> None:
    outcome = shared.ws.user("anna").command("/message hello", CHANNEL)
    outcome.expect_ephemeral("/message 1042")


def test_back_to_the_list_asks_nobody_again(eu: Office, amazon: AmazonSandbox) -> None:
    case = new_case(eu)
    form = form_of(eu, case, "invoice")
    asked = len(amazon.calls("getMessagingActionsForOrder"))
    form.press("Something else…")
    form.expect("Amazon allows now")
    assert len(amazon.calls("getMessagingActionsForOrder")) == asked


def test_an_unsure_one_is_decided_by_a_person_and_its_author_is_told(eu: Office) -> None:
    case = new_case(eu)
    sent(eu, case, form_of(eu, case, "unexpectedProblem").fill("Text to the buyer", SORRY))
    eu.clock.advance(timedelta(minutes=5))
    taken = typed_settle.take(eu.desk, EU)
    assert taken is not None
    typed_settle.depart(eu.desk, taken)
    typed_settle.unsure(eu.desk, taken, str(Unsure("no answer came")))
    eu.quiet()
    told = eu.ws.user("anna").expect_dm("Nobody knows whether")
    assert {"It was sent", "It was not sent"} <= set(told.labels())
    post = case.card.expect_reply("sent or not? Nobody knows")
    post.click("It was not sent", by="anna")
    post.expect("was not sent").expect("somebody looked")
    case.card.expect("not sent")
    assert "Write again…" in post.refresh().labels()
    details = eu.opened(eu.ws.user("anna").command(f"/case {case.number}", CHANNEL))
    details.expect("Unexpected problem").expect("somebody looked: it was not sent").expect(SORRY)


def test_a_refusal_shows_amazons_reason_and_keeps_the_file_in_the_draft(eu: Office) -> None:
    case = new_case(eu)
    sent(eu, case, form_of(eu, case, "invoice").attach("Files", ("Rechnung.pdf", PDF)))
    eu.clock.advance(timedelta(minutes=5))
    taken = typed_settle.take(eu.desk, EU)
    assert taken is not None
    typed_settle.refused(eu.desk, taken, "The invoice was sent already.", "InvalidInput")
    eu.quiet()
    eu.ws.user("anna").expect_dm("Amazon refused your").expect("The invoice was sent already.")
    post = case.card.expect_reply("Amazon refused the Invoice").expect("The invoice was sent already.")
    modal = post.click("Write again…", by="anna").modal
    modal.expect("you have a draft")
    form = modal.press("typed.kind.invoice").modal.expect("Kept from your draft")
    one = sent(eu, case, form)
    assert (one.state, one.files) == ("held", (("Rechnung.pdf", len(PDF)),))


def test_in_manual_mode_it_leaves_only_with_a_tick(eu: Office) -> None:
    case = new_case(eu)
    shown = preview_of(eu, form_of(eu, case, "unexpectedProblem").fill("Text to the buyer", SORRY))
    manual.switch_on(eu.desk, EU, "odd bounces", by=eu.ws.user("wang.fang").id)
    stopped = shown.submit().modal
    assert stopped is not None
    stopped.expect("Manual mode is on")
    assert "Tick this" in str(stopped.submit().errors)
    stopped.select("form.by_hand", ["I know, and send this message by hand"])
    assert stopped.submit().closed
    assert [one.state for one in case.now.typed] == ["held"]
