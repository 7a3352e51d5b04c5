"""What people see of shifts: on the card, by `/oncall`, at a shift change, at the start and end of a shift."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.routing import REASONS
from bot.domain.snapshots import CaseShifts
from bot.slack.texts import TEXTS, Say
from bot.slack.views import board, briefs, case_card, handover, home, lines, modals, oncall
from bot.slack.views.case_shifts import shift_lines
from tests.unit.view_samples import ANNA, DUE, HOUR, LI_WEI, NOW, case, cases, queue, sla
from tests.unit.view_samples_shifts import (
    BEIJING,
    BOB,
    FACTS,
    NIGHT,
    UNSTAFFED,
    brief,
    case_shifts,
    my_shifts,
    offer,
    page,
    shift_change,
    shift_changes,
    shift_line,
    shifts,
    stores,
    week,
    without_rota,
)
from tests.unit.viewing import EN, ZH, cells, controls, parts, words_of


def first_line(one: CaseShifts | None) -> str:
    return lines.aloud([case_card.card(case(shifts=one), EN).blocks[1]["text"]["text"].split("\n")[0]], EN)


def said(name: str, say: Say = EN, **changes: Any) -> list[str]:
    """The lines about shifts on a card, as they are read aloud."""
    one = case(shifts=case_shifts()[name], **changes)
    return [lines.aloud([line], say) for line in shift_lines(one, say)]


def mentioned(view: Any) -> set[str]:
    return set(re.findall(r"<@(\w+)>", view.text + words_of(view)))


# The card.


@pytest.mark.parametrize(
    ("name", "between"),
    [
        ("quietly on", ""),
        ("on", "1 h 10 min of it staffed · last shift · "),
        ("two shifts", "1 h 10 min of it staffed · 2 shifts left · "),
        ("nobody before it is due", "none of it staffed · "),
    ],
)
def test_the_clock_says_how_much_of_the_time_is_staffed_unless_all_of_it_is(name, between):
    assert first_line(case_shifts()[name]) == (
        f"⏳ 6 h 20 min left at 2026-11-24 01:20 UTC · {between}answer by 2026-11-24 07:40 UTC · "
        "Half the time is gone."
    )


def test_a_part_of_a_minute_is_not_missed():
    almost = shifts(staffed_left=timedelta(hours=6, minutes=19, seconds=30))
    assert first_line(almost) == first_line(None)


def test_without_a_rota_a_card_looks_as_it_always_did():
    for name, one in cases().items():
        assert not shift_lines(one, EN), name
        assert lines.staffed(one, EN) is None, name


@pytest.mark.parametrize("state", ["answered", "folded", "closed", "no_response_needed"])
def test_where_no_answer_is_owed_nothing_is_said_of_shifts(state):
    one = replace(cases()[state], shifts=UNSTAFFED)
    assert case_card.card(one, EN) == case_card.card(cases()[state], EN)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("quietly on", None),
        (
            "offered on_speaks",
            "👉 Offered to <@U0LIWEI> (on shift until 2026-11-24 10:20 UTC, answers German, 2 open cases) · "
            "goes to the next person if not claimed by 2026-11-24 01:50 UTC.",
        ),
        ("offered for good", "👉 Offered to <@U0LIWEI>."),
        ("all asked", "🙌 Everybody on shift was asked. Whoever can, please claim it."),
        (
            "last resort",
            "🚨 Nobody on shift can answer in time. Offered to <@U0ANNA>, who is off shift "
            "(on shift again 2026-11-24 09:20 UTC).",
        ),
        (
            "waits",
            "🕘 Waits for Katrin Muster, on shift from 2026-11-24 09:20 UTC (answers German, with hours to spare).",
        ),
        (
            "planned then",
            "🌙 Nobody is on shift until 2026-11-24 05:20 UTC · planned for Katrin Muster then.",
        ),
        (
            "planned later",
            "🌙 Nobody is on shift until 2026-11-24 05:20 UTC · planned for Katrin Muster, on shift from "
            "2026-11-24 09:20 UTC.",
        ),
        ("nobody until", "🌙 Nobody is on shift until 2026-11-24 05:20 UTC."),
        (
            "nobody before it is due",
            "🚨 Nobody is on shift before it is due. Somebody has to step in: claim it, or assign it (⋯). "
            "Next on shift: 2026-11-24 09:20 UTC.",
        ),
        ("nobody at all", "🚨 Nobody works for this store. Add agents for it in config/agents.yaml."),
        ("a reason without words", said("offered open")[0]),
        ("a reason without facts", said("offered open")[0]),
    ],
)
def test_who_is_asked_to_take_an_unclaimed_case(name, line):
    assert said(name) == ([line] if line else [])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("assignee off", "💤 <@U0LIWEI> is off shift, back 2026-11-24 09:20 UTC."),
        ("assignee off for good", "💤 <@U0LIWEI> is off shift, and not back before it is due."),
        ("offered on_speaks", None),
        ("all asked", None),
        (
            "nobody before it is due",
            "🚨 Nobody is on shift before it is due. Somebody has to step in: answer it, or assign it (⋯). "
            "Next on shift: 2026-11-24 09:20 UTC.",
        ),
    ],
)
def test_of_a_claimed_case_the_card_says_whether_its_assignee_is_off_shift(name, line):
    assert said(name, assignee=LI_WEI, assigned_at=NOW) == ([line] if line else [])


def test_an_overdue_case_says_who_is_asked_and_that_nobody_is_on_but_nothing_of_before_it_is_due():
    late = {"as_of": DUE + HOUR}
    assert "Offered to" in said("offered overdue", **late)[0]
    assert said("nobody before it is due", **late) == ["🌙 Nobody is on shift until 2026-11-24 09:20 UTC."]
    assert shift_lines(case(shifts=UNSTAFFED, **late), EN) == [EN("offer.nobody")]


def test_what_the_card_says_of_shifts_is_read_aloud_first():
    text = case_card.card(case(shifts=offer()), EN).text
    assert text.startswith("👉 Offered to <@U0LIWEI> (on shift until 2026-11-24 10:20 UTC, answers German,")
    assert "02:40 New York). 1 h 10 min of that time staffed, last shift. “Guten" in text
    assert "Nobody is on shift in that time." in case_card.card(case(shifts=UNSTAFFED), EN).text


def test_a_card_mentions_whom_it_is_offered_to_and_nobody_who_sleeps():
    assert mentioned(case_card.card(case(shifts=offer()), EN)) == {LI_WEI}
    for name in ("waits", "planned then", "planned later", "nobody before it is due"):
        assert mentioned(case_card.card(case(shifts=case_shifts()[name]), EN)) == set(), name


def test_each_reason_of_routing_has_its_words():
    assert [key for key in REASONS if f"offer.why.{key}" not in TEXTS] == []
    wanted = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in REASONS.items()}
    for key, facts in wanted.items():
        assert set(re.findall(r"\{(\w+)\}", TEXTS[f"offer.why.{key}"][0])) <= facts, key
        assert facts <= set(FACTS), key


def test_an_offer_after_the_card_tells_whom_it_is_for_and_what_to_press():
    post = briefs.offered(case(shifts=offer()), EN)
    assert post.text.startswith("<@U0LIWEI> 👉 Case 1042 is offered to you (on shift until")
    assert controls(post) == ["Claim", "Reply", "Details"]
    assert controls(briefs.offered(replace(cases()["review"], shifts=offer()), EN)) == ["Claim", "Details"]


# Who is on.


def test_stores_with_the_same_people_share_a_line():
    rows = [lines.aloud([row], EN) for row in oncall.now(page(), EN).blocks[1]["text"]["text"].split("\n")]
    assert rows == [
        "Nordlicht, Sunrise: <@U0LIWEI> until 2026-11-24 10:20 UTC (09:20 Beijing now), "
        "<@U0CHENYU> until 2026-11-24 10:20 UTC (09:20 Beijing now) · then <@U0ANNA> from 2026-11-24 10:20 UTC.",
        "Katrin Muster: ⚠ nobody on shift until 2026-11-24 09:20 UTC, then <@U0ANNA>.",
        "Empty: ⚠ nobody on shift, and nobody is planned.",
    ]


def test_of_a_big_team_the_first_are_named():
    big = replace(stores()[0], on=(BEIJING,) * 20)
    text = oncall.now(page(stores=(big,)), EN).text
    assert text.count("<@U0LIWEI>") == 15
    assert "5 more · then" in text


def test_the_next_changes_say_who_leaves_who_comes_and_who_is_on_then():
    text = oncall.oncall(page(), EN, "next").text
    assert "10:20 UTC: <@U0LIWEI>, <@U0CHENYU> off · <@U0ANNA> on · then on shift: <@U0ANNA>." in text
    assert "21:20 UTC: <@U0ANNA> off · ⚠ then nobody is on shift." in text
    assert "Empty: no change is planned." in text


def test_many_changes_are_counted():
    one = replace(stores()[0], changes=stores()[0].changes * 4)
    assert "… and 2 more changes." in words_of(oncall.coming(page(stores=(one,)), EN))


def test_a_week_is_cut_into_the_days_of_the_reader():
    rows = words_of(oncall.oncall(page(week=week(2)), EN, "week")).split("\n")
    assert [row for row in rows if row.startswith("*")] == ["*Tue 24 Nov*", "*Wed 25 Nov*"]
    late = page(week=(shift_line(ANNA, 20, 3),))
    assert "*Wed 25 Nov*" in words_of(oncall.week(late, EN))
    assert "*Tue 24 Nov*" in words_of(oncall.week(replace(late, zone="America/New_York"), EN))


def test_who_works_the_same_hours_shares_a_row_and_an_end_on_another_day_has_its_date():
    day, night = words_of(oncall.week(page(week=week(1)), EN)).split("\n")[2:4]
    assert day.count("{time}") == 2
    assert day.endswith("<@U0LIWEI>, <@U0CHENYU> · all stores")
    assert "– <!date^1795558800^{date_short_pretty} {time}|2026-11-24 22:20 UTC>" in night


@pytest.mark.parametrize("part", ["now", "next", "week"])
def test_without_a_rota_it_says_how_to_set_one_up_and_lists_who_can_work(part):
    post = oncall.oncall(without_rota(), EN, part)
    assert "config/rota.yaml" in post.text
    assert "<@U0LIWEI> (09:20 Beijing now), <@U0ANNA> (20:20 New York now)" in post.text
    assert "until" not in post.text


# Shift changes.


def test_only_who_is_on_is_mentioned_at_a_shift_change():
    for name, one in shift_changes().items():
        if LI_WEI in one.names:
            assert LI_WEI not in mentioned(handover.handover(one, EN)), name
    assert mentioned(handover.handover(shift_change(), EN)) == {ANNA, BOB}


def test_a_shift_change_counts_what_is_handed_over():
    text = words_of(handover.handover(shift_change(), EN))
    assert "*14 open cases* · 3 unclaimed · 3 to answer in this shift · 🔴 1 overdue" in text
    assert "*Leaving:* Katrin Muster\n*Now on:* <@U0ANNA>, <@U0BOB>, until <!date" in text


def test_the_table_of_what_is_due_holds_ten_cases_with_names_and_notes():
    post = handover.handover(shift_change(due=12), EN)
    rows = cells(post)
    assert rows[0] == ["Case", "Time left", "Store", "Assignee", "Newest note"]
    assert rows[1][:4] == ["1042", "overdue by 1 h, 00:20 UTC", "Nordlicht", "No assignee yet"]
    assert rows[2] == ["1043", "less than 1 min left, 01:20 UTC", "Nordlicht", "Katrin Muster", "–"]
    assert len(rows) == 11
    assert "… and 2 more." in words_of(post)
    assert len(cells(handover.handover(shift_change(remarks={}), EN))[0]) == 4


@pytest.mark.parametrize(
    ("name", "pressed"),
    [
        ("usual", ["Hand over to on-shift", "They keep them", "I've got it", "Add note"]),
        ("nobody", ["They keep them", "I've got it", "Add note"]),
        ("calm", ["I've got it", "Add note"]),
        ("given", ["I've got it", "Add note"]),
        ("accepted", ["Hand over to on-shift", "They keep them", "Add note"]),
        ("accepted and kept", ["Add note"]),
    ],
)
def test_what_can_be_pressed_at_a_shift_change(name, pressed):
    post = handover.handover(shift_changes()[name], EN)
    assert controls(post) == pressed
    assert {part["value"] for part in parts(post.blocks) if part.get("type") == "button"} == {"31"}


def test_an_accepted_handover_folds_to_two_lines_and_its_notes():
    post = handover.handover(shift_changes()["accepted calm"], EN)
    assert [lines.aloud([line], EN) for line in post.blocks[0]["text"]["text"].split("\n")] == [
        "✅ Shift change · Nordlicht, Sunrise · 2026-11-24 01:20 UTC.",
        "<@U0ANNA> has got it since 2026-11-24 01:30 UTC · 14 open cases, 3 unclaimed, 1 overdue.",
    ]
    assert "Guten Tag" in words_of(handover.handover(shift_changes()["accepted"], EN))


def test_a_shift_change_to_nobody_says_until_when():
    text = handover.handover(shift_changes()["nobody"], EN).text
    assert "⚠ Nobody is on shift until 2026-11-24 09:20 UTC." in text
    assert "3 due before anybody comes on" in text
    assert "nobody is planned" in handover.handover(shift_changes()["nobody ever"], EN).text


def test_many_stores_are_counted_and_of_many_notes_the_newest_are_shown():
    post = handover.handover(shift_changes()["busy"], EN)
    assert post.blocks[0]["text"]["text"] == "Shift change · 9 stores"
    assert words_of(post).count("*Note* by") == 5
    assert "20 more" in words_of(post)


def test_who_is_on_is_asked_to_accept_and_then_the_managers_are_told_who_was_asked():
    one = shift_change()
    assert "You are on shift: press *I've got it*" in words_of(handover.reminder(one, EN))
    assert f"asked by direct message: <@{ANNA}>, <@{BOB}>" in words_of(
        handover.reminder_for_managers(one, EN)
    )
    nobody = handover.reminder_for_managers(shift_changes()["nobody"], EN)
    assert "for nobody is on shift" in words_of(nobody)
    for post in (handover.reminder(one, EN), nobody):
        assert controls(post) == ["I've got it", "Add note", "Who's on"]


def test_a_reminder_of_what_was_accepted_meanwhile_says_so():
    for draw in (handover.reminder, handover.reminder_for_managers):
        post = draw(shift_changes()["accepted"], EN)
        assert "<@U0ANNA> has got it since" in post.text
        assert controls(post) == []


def test_the_note_of_a_handover_is_asked_in_a_modal():
    view = handover.note_modal(31, EN, "Carrier is on strike.")
    assert view["private_metadata"] == '{"handover": 31}'
    assert view["blocks"][0]["block_id"] == view["blocks"][0]["element"]["action_id"] == "handover.text"
    assert view["blocks"][0]["element"]["initial_value"] == "Carrier is on strike."


# Direct messages.


def test_the_start_of_a_shift_tells_until_when_with_whom_and_what_waits():
    post = briefs.shift_begins(brief(), EN)
    assert post.text.startswith(
        "☀️ Your shift has begun: until 2026-11-24 10:20 UTC · Nordlicht, Katrin Muster. On shift with you: <@U0BOB> · "
        "After you: <@U0LIWEI>, from 2026-11-24 10:20 UTC. Yours (2). Case 1042 · overdue by 1 h"
    )
    assert "Also to be answered in your shift (2). Case 1044" in post.text
    assert "Note by Katrin Muster: Guten Tag" in post.text
    assert controls(post)[-2:] == ["Who's on", EN("open.cover")]


def test_somebody_alone_with_nothing_to_do_is_told_that():
    text = briefs.shift_begins(brief(with_me=(), mine=(), due=(), next_at=None, notes=()), EN).text
    assert "You are alone on shift · ⚠ Nobody is planned after you." in text
    assert "Yours: nothing waits for an answer. ✅ Nothing else has to be answered in your shift." in text


def test_before_a_shift_ends_the_cases_that_cannot_wait_can_be_answered():
    post = briefs.shift_ends(brief(mine=queue(12)[:3], due=queue(12)), EN)
    assert post.text.startswith("🌇 Answer before you go: your shift ends 2026-11-24 10:20 UTC, and 12 cases")
    assert controls(post) == ["Reply"] * 10
    assert "… and 2 more" in words_of(post)
    assert "Thank you!" in briefs.shift_ends(brief(mine=(), due=()), EN).text


def test_managers_are_warned_with_the_cases_to_assign():
    warning = briefs.Unstaffed(("Nordlicht",), queue(2), (ANNA,), NIGHT, NOW)
    post = briefs.nobody_on(warning, EN)
    assert post.text.startswith(
        "🚨 Nobody is on shift for Nordlicht, and 2 cases will be due before anybody is. On shift next: <@U0ANNA>, "
        "from 2026-11-24 09:20 UTC. Answer them yourself"
    )
    assert controls(post) == ["Assign", "Assign", "Who's on"]
    assert "Nobody is planned" in briefs.nobody_on(replace(warning, next_at=None), EN).text


# The home page, the board, the modal that assigns.


def home_words(**changes: Any) -> list[str]:
    shown = home.HomeSnapshot(LI_WEI, "Li Wei", "agent", (), (), None, NOW, shifts=my_shifts(**changes))
    return [lines.aloud([line], EN) for line in words_of(home.home(shown, EN, board.Targets())).split("\n")]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {},
            "🟢 On shift now: you, until 2026-11-24 10:20 UTC · with <@U0CHENYU> · next <@U0ANNA> "
            "2026-11-24 10:20 UTC.",
        ),
        ({"with_me": (), "next_at": None}, "🟢 On shift now: you, until 2026-11-24 10:20 UTC."),
        (
            {"until": None, "back_at": NOW + 36 * HOUR, "next_at": None},
            "⚪ You are off shift, back Wed 25 Nov 2026-11-25 13:20 UTC.",
        ),
        ({"until": None, "next_at": None}, "⚪ You are off shift, and no shift of yours is planned."),
    ],
)
def test_the_home_page_begins_with_my_shift(changes, line):
    shown = home_words(**changes)
    assert shown[1] == line
    assert shown.index(line) < shown.index("My queue (0).") < shown.index("My shifts (7 days).")


def test_the_home_page_lists_my_shifts_by_day():
    assert "Tue 24 Nov 2026-11-24 01:20 UTC – 2026-11-24 10:20 UTC · all stores." in home_words()
    assert "You have no shift in the next 7 days." in home_words(week=())


def test_without_a_rota_the_home_page_says_nothing_of_shifts():
    shown = home.HomeSnapshot(LI_WEI, "Li Wei", "agent", (), (), None, NOW)
    assert "shift" not in words_of(home.home(shown, EN, board.Targets()))


def test_the_board_names_the_stores_that_nobody_watches_and_who_is_off_shift():
    watched = replace(sla(), unstaffed=(("Nordlicht", NIGHT), ("Acme", None)), off_shift=frozenset({ANNA}))
    post = board.sla_board(watched, EN, [], board.Targets(), {LI_WEI: "09:20", ANNA: "20:20"})
    assert "Nobody on shift: Nordlicht (until 2026-11-24 09:20 UTC), Acme (nobody is planned)." in post.text
    assert f"<@{LI_WEI}> · 09:20 there · on shift · 3 open" in words_of(post)
    assert f"<@{ANNA}> · 20:20 there · off shift · 0 open" in words_of(post)


def test_who_is_on_shift_can_be_assigned_first():
    anna = modals.Colleague(ANNA, "Anna Kowalski", "02:10", 3, is_on=False)
    li_wei = modals.Colleague(LI_WEI, "Li Wei", "15:10", 1, is_on=True, until="18:00")
    picker = modals.assign(case(), [anna, li_wei], EN)["blocks"][1]["element"]
    assert [one["text"]["text"] for one in picker["options"]] == [
        "Li Wei · on shift until 18:00 (15:10 now) · 1 open case",
        "Anna Kowalski · 02:10, off shift · 3 open cases",
    ]


def test_a_text_that_is_read_aloud_has_no_markup():
    line = "*Bold* `code` _(guess)_ <!date^1^{time}|2026-11-24 07:40 UTC>"
    assert lines.aloud([line, None, "Done!"], EN) == "Bold code (guess) 2026-11-24 07:40 UTC. Done!"
    assert lines.aloud(["*甲*", "乙。"], ZH) == "甲。乙。"
