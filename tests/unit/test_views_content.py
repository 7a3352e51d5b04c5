"""What stands in the views: who wrote, about what, how long is left, what to press."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.snapshots import CaseShifts
from bot.slack.views import board, case_card, home, lines, lists, modals, pings, reply_modal, thread
from tests.unit.view_samples import (
    ANNA,
    DUE,
    HOUR,
    LI_WEI,
    MESSAGE,
    NOW,
    Words,
    case,
    cases,
    choices,
    figures,
    findings,
    message,
    queue,
    reply,
    shown,
    sla,
)
from tests.unit.viewing import EN, ZH, controls, parts, words_of


def card(name: str) -> Any:
    return case_card.card(cases()[name], EN, choices(3), choices(5))


TEMPLATES = ["0 Lieferung", "1 Lieferung", "More templates"]


@pytest.mark.parametrize(
    ("state", "title", "pressed"),
    [
        ("new", "📩 New", ["Claim", "Reply", *TEMPLATES, "Solution…", "Add note", "⋯"]),
        ("claimed", "👤 Claimed", ["Release", "Reply", *TEMPLATES, "Solution…", "Add note", "⋯"]),
        ("overdue", "🔴 Overdue", ["Claim", "Reply", *TEMPLATES, "Solution…", "Add note", "⋯"]),
        ("snoozed", "💤 Snoozed", ["Release", "Reply", *TEMPLATES, "Solution…", "Add note", "⋯"]),
        ("risky", "📩 New", ["Claim", "Reply", "Solution…", "Add note", "⋯"]),
        ("quiet", "📩 New", ["Claim", "No response needed", "Reply", "Add note", "⋯"]),
        ("sending", "📤 Sending", ["Add note", "⋯"]),
        ("unsure", "❓ Sent or not? Please check", ["It arrived", "It did not arrive", "Add note", "⋯"]),
        ("failed", "❌ Reply not sent", ["Release", "Edit and retry", "Add note", "⋯"]),
        ("bounced", "↩️ Reply came back", ["Release", "Reply", *TEMPLATES, "Solution…", "Add note", "⋯"]),
        ("answered", "✅ Answered", ["Release", "Reply", *TEMPLATES, "Solution…", "Add note", "⋯"]),
        ("review", "🔎 Please look at this mail", ["Claim", "No response needed", "Add note", "⋯"]),
    ],
)
def test_an_open_card_says_its_state_in_words_and_offers_what_can_be_done(state, title, pressed):
    post = card(state)
    assert post.blocks[0]["text"]["text"] == f"{title} · Nordlicht · Amazon.de"
    assert controls(post) == pressed


@pytest.mark.parametrize("state", ["folded", "closed", "no_response_needed", "reviewed"])
def test_a_closed_card_folds_to_two_lines(state):
    post = card(state)
    assert post.blocks[0]["type"] == "section"
    assert post.blocks[0]["text"]["text"].count("\n") == 1
    assert controls(post) == ["Reopen", "Details"]
    assert "rich_text" not in {block["type"] for block in post.blocks}


def test_the_card_names_who_said_that_no_answer_is_needed():
    assert f"says <@{ANNA}>" in words_of(card("no_response_needed"))


def test_no_response_needed_reminds_of_seller_central_but_not_for_a_mail():
    assert "in Seller Central" in words_of(card("no_response_needed"))
    assert "in Seller Central" not in words_of(card("reviewed"))


def test_the_first_line_of_a_card_is_the_clock():
    lines = card("new").blocks[1]["text"]["text"].split("\n")
    assert lines == [
        "⏳ *6 h 20 min left* at <!date^1795483200^{time}|2026-11-24 01:20 UTC> · "
        "answer by *<!date^1795506000^{date_short_pretty} {time}|2026-11-24 07:40 UTC>* · Half the time is gone",
        "*Katrin* · Where is my order? _(guess)_ · German",
        "*Case 1042* · Order 305-1234567-1234567 · ASIN B0EXAMPLE1",
    ]


@pytest.mark.parametrize(
    ("hours_left", "badge"),
    [(20, "On track"), (12, "Half the time is gone"), (3, "At risk"), (-1, "overdue by 1 h")],
)
def test_the_stage_is_said_in_words(hours_left, badge):
    post = case_card.card(case(as_of=DUE - hours_left * HOUR), EN)
    assert badge in post.blocks[1]["text"]["text"]


def test_the_text_that_is_read_aloud_says_all():
    text = case_card.card(case(words=Words(text="ä" * 400)), EN).text
    assert text.startswith(
        "New: case 1042, Nordlicht, Amazon.de, buyer message from Katrin, Order 305-1234567-1234567. "
        "Answer due 2026-11-24 07:40 UTC (15:40 Beijing, 02:40 New York). “ää"
    )
    assert text.count("ä") == 299


def test_another_local_day_is_named_and_zones_are_a_choice():
    text = case_card.card(case(), ZH, zones=("America/Los_Angeles", "Asia/Kolkata")).text
    assert "（洛杉矶 11-23 23:40、Kolkata 13:10）" in text


def test_nobody_reads_more_of_a_name_than_the_first():
    for drawn in (card("new"), thread.buyer_message(case(), case().messages[0], EN)):
        assert "Muster" not in drawn.text + words_of(drawn)


def test_a_long_message_is_cut_and_can_be_read_whole():
    post = case_card.card(case(words=Words(text="lang " * 400)), EN)
    assert "Show full message" in controls(post)
    full = next(part for part in parts(post.blocks) if part.get("action_id") == "case.full")
    assert full["value"] == f"1042:{MESSAGE}"


def test_the_pages_of_a_message_hold_all_of_it():
    long = message(words=Words(text="".join(chr(0x4E00 + n) for n in range(6000))))
    pages = [modals.full_message(case(), long, page, EN) for page in range(3)]
    quoted = [page["blocks"][1]["elements"][0]["elements"][0]["text"] for page in pages]
    assert "".join(quoted) == long.text
    assert [controls(page) for page in pages] == [["Next"], ["Back", "Next"], ["Back"]]


def test_two_unanswered_messages_say_which_clock_counts():
    two = case(messages=(message(1), message(2, due=DUE + HOUR)))
    assert "2 of them not answered" in words_of(case_card.card(two, EN))


def test_whose_draft_it_is_stands_on_the_card():
    assert f"<@{ANNA}> has a draft since" in words_of(card("snoozed"))


@pytest.mark.parametrize(
    ("state", "pressed"),
    [
        ("held", ["Undo", "Send now"]),
        ("queued", ["Undo"]),
        ("sending", []),
        ("accepted", []),
        ("failed", ["Edit and retry"]),
        ("bounced", ["Edit and retry"]),
        ("withdrawn", ["Edit and retry"]),
        ("unsure", ["It arrived", "It did not arrive"]),
    ],
)
def test_a_reply_offers_what_can_still_be_done_about_it(state, pressed):
    assert controls(thread.reply_state(case(), reply(state), EN)) == pressed


def test_a_held_reply_says_when_it_leaves():
    assert "*Leaves in 45 seconds*, at <!date^1795483245^{time_secs}|01:20:45 UTC>" in words_of(
        thread.reply_state(case(), reply("held"), EN)
    )


def test_a_new_buyer_message_calls_the_assignee():
    claimed = cases()["claimed"]
    post = thread.buyer_message(claimed, claimed.messages[0], EN)
    assert post.text.startswith(f"<@{LI_WEI}> The buyer wrote again, message 1.")


def test_a_ping_has_one_addressee_one_reason_and_something_to_press():
    claimed = cases()["claimed"]
    assert "because you are its assignee" in words_of(pings.ping(claimed, "3h", EN, to=LI_WEI))
    assert f"Its assignee is <@{LI_WEI}>" in words_of(pings.ping(claimed, "overdue", EN, to=ANNA))
    muted = pings.ping(claimed, "3h", EN, (ANNA,), muted_until=claimed.as_of + timedelta(hours=2))
    assert f"Its assignee <@{LI_WEI}> has do-not-disturb on until" in words_of(muted)
    away = replace(claimed, shifts=CaseShifts(True, timedelta(hours=2), 1, assignee_off=True))
    assert f"Its assignee <@{LI_WEI}> is off shift" in words_of(pings.ping(away, "3h", EN, (ANNA,)))
    assert controls(pings.ping(claimed, "3h", EN)) == ["Reply", "No response needed", "Details"]
    assert controls(pings.ping(cases()["review"], "3h", EN)) == ["Claim", "No response needed", "Details"]


def test_a_ping_of_a_case_that_is_overdue_says_what_can_still_be_answered_in_time() -> None:
    late = cases()["overdue"]
    again = replace(late.messages[-1], due_at=late.as_of + 3 * HOUR)
    both = replace(late, messages=(*late.messages, again))
    words = words_of(pings.ping(both, "3h", EN, to=LI_WEI))
    assert "overdue by" in words
    assert "The buyer has written again: that can still be answered in time, 3 h left." in words.replace(
        "*", ""
    )
    assert "written again" not in words_of(pings.ping(late, "overdue", EN, to=LI_WEI))


def test_a_direct_message_shows_little_of_what_the_buyer_wrote():
    long = case(words=Words(text="ä" * 400), assignee=LI_WEI)
    post = pings.assigned(long, EN)
    assert (post.text + words_of(post)).count("ä") == 2 * 119


def test_the_list_of_what_is_due_names_each_case_and_claims_what_nobody_has():
    post = pings.due_list(queue(3), "1h", EN, NOW)
    assert post.blocks[0]["text"]["text"] == "⏰ 1 h left: 3 cases"
    assert controls(post) == ["Claim", "Details", "Details"]
    assert all(f"Case {number}" in post.text for number in (1042, 1043, 1044))


def test_an_escalation_says_why():
    asked = case(
        escalated_at=NOW, notes=(replace_note("An old one", NOW - HOUR), replace_note("Refund?", NOW))
    )
    assert "Refund?" in words_of(pings.escalated(asked, EN))
    later = replace(asked, notes=(*asked.notes, replace_note("On strike", NOW + HOUR)))
    assert "Refund?" in words_of(pings.escalated(later, EN)), "also when it is told after another note"
    assert "Refund?" not in words_of(pings.escalated(replace(asked, escalated_at=NOW + HOUR), EN))


def replace_note(text: str, at: Any) -> Any:
    return modals.NoteSnapshot(ANNA, text, at)


def test_a_change_of_template_replaces_the_text_because_the_block_id_changes():
    first, second = (
        reply_modal.reply_form(reply_modal.ReplyForm(case(), "text", round=n), EN)["blocks"][-1]
        for n in (0, 1)
    )
    assert (first["block_id"], second["block_id"]) == ("form.text.0", "form.text.1")
    assert first["element"]["action_id"] == second["element"]["action_id"] == "form.text"


def preview(verdict: str, stale: reply_modal.StaleNote | None = None, *, seconds: int = 45) -> Any:
    found = {"clean": (), "warn": findings()[:1], "block": findings()}[verdict]
    drawn = replace(shown(verdict, found), seconds_to_undo=seconds)
    return reply_modal.preview(case(), drawn, EN, reply_modal.Sending(MESSAGE), stale)


def test_the_preview_shows_the_exact_text():
    framed = next(part for part in parts(preview("clean")) if part.get("type") == "rich_text_preformatted")
    assert framed["elements"][0]["text"] == "Guten Tag, mein Paket ist seit fünf Tagen unterwegs."


def test_send_says_what_it_does_and_a_blocked_text_has_no_send():
    assert preview("clean")["submit"]["text"] == "Send in 45 s"
    assert preview("warn", seconds=0)["submit"]["text"] == "Send now"
    assert "submit" not in preview("block")


def test_what_forbids_sending_stands_first():
    text = words_of(preview("block"))
    assert text.index("⛔ *Link*") < text.index("⚠ *A part is missing*")


def test_a_blocked_text_comes_after_what_is_wrong_with_it():
    text = words_of(preview("block"))
    assert text.index("This can't be sent") < text.index("Your text as it stands") < text.rindex("Guten Tag")
    assert "This leaves" not in text


def test_the_same_finding_at_several_places_is_said_once():
    twice = (replace(findings()[0], excerpt="{carrier}"), replace(findings()[0], excerpt="{tracking}"))
    drawn = replace(shown("block", twice), seconds_to_undo=45)
    text = words_of(reply_modal.preview(case(), drawn, EN, reply_modal.Sending(MESSAGE)))
    assert "“{carrier}”, “{tracking}”" in text
    assert text.count(findings()[0].suggestion) == 1


def test_a_long_undo_window_is_said_in_minutes():
    assert preview("clean", seconds=300)["submit"]["text"] == "Send in 5 min"


def test_sending_anyway_is_asked_only_when_something_happened_meanwhile():
    asked = [
        part["action_id"]
        for part in parts(preview("clean", reply_modal.StaleNote("neu")))
        if "action_id" in part
    ]
    assert asked == ["form.after", "form.anyway"]
    assert "form.anyway" not in [part.get("action_id") for part in parts(preview("clean"))]
    assert f"<@{ANNA}> has answered meanwhile" in words_of(
        preview("clean", reply_modal.StaleNote("neu", ANNA, NOW, "colleague"))
    )


def test_the_board_holds_its_figures_against_the_targets():
    text = words_of(board.sla_board(sla(), EN, [], board.Targets()))
    rest = (
        "median 2 h, 90 % within 5 h 05 min · closing rate {} · solved at first contact 75 % (9 of 12) · "
        "handle time 13 min"
    )
    for line in (
        "*Today:* no messages yet\n🟢 *7 days:*",
        "🟢 *7 days:* response rate 100 % (18 of 18), on target · average response time 2 h 13 min, excellent",
        "🟡 *30 days:* response rate 93.3 % (140 of 150), between minimum and target"
        " · average response time 8 h 20 min, slower than 6 h",
        "20 messages received · late-response rate 6.7 % · " + rest.format("95 %, on target"),
        "🔴 *90 days:* response rate 80 % (8 of 10), below minimum · average response time 2 h 13 min, excellent",
        "20 messages received · late-response rate 20 % · " + rest.format("50 %, below minimum"),
    ):
        assert line in text, line


@pytest.mark.parametrize(
    ("rate", "up", "text"),
    [
        (0.9496, False, "94.9 %"),
        (0.0504, True, "5.1 %"),
        (0.95, False, "95 %"),
        (0.05, True, "5 %"),
        (1.0, False, "100 %"),
        (0.29, False, "29 %"),
    ],
)
def test_a_rate_is_never_rounded_to_the_better_side(rate, up, text):
    assert lines.percent(rate, up=up) == text


def test_the_board_is_read_aloud_with_all_its_periods():
    text = board.sla_board(sla(), EN, [], board.Targets()).text
    assert text.startswith(
        "SLA status · All stores · 2026-11-24 01:20 UTC. Now · 23 open cases · 4 unclaimed"
    )
    assert "7 days: response rate 100 % (18 of 18), on target" in text


def test_a_board_without_trouble_says_so():
    calm = replace(sla(), at_risk=(), waiting_mails=0, stuck_replies=0, periods=(("7d", figures()),))
    text = words_of(board.sla_board(calm, EN, [], board.Targets()))
    assert "Nothing is overdue" in text
    assert "⚠" not in text


def team_of(mine: int, free: int) -> str:
    """What the home page of a manager says under "Team" when three of the team's cases are due."""
    page = home.HomeSnapshot(ANNA, "Anna", "manager", queue(mine), queue(free), sla(), NOW)
    return words_of(home.home(page, EN, board.Targets())).partition(EN("home.team"))[2]


def test_the_home_page_lists_a_case_once():
    assert "in your lists above" in team_of(0, 3)
    assert "Case 10" not in team_of(2, 3)
    some = team_of(2, 0)
    assert "*Besides those above, answer these first*" in some
    assert [f"Case {n}" in some for n in (1042, 1043, 1044)] == [False, False, True]
    every = team_of(0, 0)
    assert "*Answer these first*" in every
    assert every.count("Case 10") == 3


def test_renamed_commands_are_shown_as_people_type_them():
    assert "/amz-case 1042" in lists.usage("case", EN, {"case": "/amz-case"}, "sunrise").text
    assert "/amz-case" in lists.help(EN, "agent", {"case": "/amz-case"}).text


def test_somebody_asleep_can_be_seen_before_a_case_is_assigned_to_them():
    anna = modals.Colleague(ANNA, "Anna Kowalski", "02:10", 3)
    picker = modals.assign(case(), [anna], EN)["blocks"][1]["element"]
    assert picker["options"][0]["text"]["text"] == "Anna Kowalski · 02:10 there · 3 open cases"


@pytest.mark.parametrize("name", ["photo", "unseen"])
def test_the_card_of_no_words_says_where_to_look_and_opens_the_whole_mail(name: str):
    post = card(name)
    assert "no words. What came with it is in Seller Central" in words_of(post)
    assert "Show full message" in controls(post)
    assert "Show full message" not in controls(card("new"))
    photo = cases()[name]
    assert "Show full message" in str(modals.details(photo, EN))
    assert "Show full message" not in str(modals.details(replace(photo, purged_at=photo.as_of), EN))
