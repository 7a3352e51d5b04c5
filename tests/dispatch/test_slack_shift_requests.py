"""`/shift` through real bolt: every modal opened, filled, previewed, confirmed; who is asked and told, who is not.

The rota: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang the manager), Los Angeles 17:00-01:00 UTC (Anna in
New York, Bob). Chen Yu works for Nordlicht only, Bob for Sunrise only. It is Wednesday 2026-11-25, 09:00 UTC:
17:00 in Beijing, 04:00 in New York, 01:00 in Los Angeles. Li Wei, Chen Yu and Wang Fang read Chinese.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, or_, select

from bot.db.tables import OutboxRow, PostRow
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.desk.knowledge import Knowledge
from bot.desk.shifts import staff_at
from bot.sandbox.slack.driver import Modal, Outcome, Post
from bot.slack import ids
from tests import world
from tests.office import Office
from tests.office import office as running_office
from tests.world import ANNA, LI_WEI

EVERYBODY = ("li.wei", "chen.yu", "anna", "bob", "wang.fang", "gus")
CHANNEL = "amz-nordlicht"
OF_REQUESTS = ("request:%", "approval:%", "asked:%", "changed:%")


def at(day: int, hour: int, minute: int = 0) -> int:
    """Epoch seconds of a UTC time in November 2026."""
    return int(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp())


def shift(start: int, end: int) -> str:
    return f"{start}:{end}"


BEIJING = shift(at(27, 1), at(27, 10))
AMERICA = shift(at(27, 17), at(28, 1))


def _office(folder: pytest.TempPathFactory, knowledge: Knowledge, **shifts: object) -> Iterator[Office]:
    agents = world.settings().agents
    with running_office(
        folder.mktemp("requests"), knowledge, rota=lambda _: world.rota(), agents=agents, shifts=shifts
    ) as running:
        yield running


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    yield from _office(tmp_path_factory, knowledge)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    yield from _office(tmp_path_factory, knowledge, approval=True)


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test finds the rota as it is written, and no modal open."""
    yield
    for name in {"free", "strict"} & set(request.fixturenames):
        office: Office = request.getfixturevalue(name)
        office.close_modals()
        office.quiet()
        with office.desk.database.writing() as tx:
            for table in (OverrideRow, ShiftRequestRow):
                tx.execute(delete(table))
            tx.execute(delete(PostRow).where(or_(*(PostRow.key.like(one) for one in OF_REQUESTS))))


def rows(office: Office) -> tuple[int, ...]:
    office.quiet()  # what an earlier test had told must not count
    tables = (ShiftRequestRow, OverrideRow, OutboxRow)
    with office.desk.database.reading() as tx:
        return tuple(tx.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def on(office: Office, store: str, day: int, hour: int, minute: int = 0) -> set[str]:
    moment = datetime.fromtimestamp(at(day, hour, minute), UTC)
    with office.desk.database.reading() as tx:
        return set(staff_at(tx, office.desk, office.clock.now()).on(store, moment))


def form(office: Office, who: str, kind: str) -> Modal:
    return office.opened(office.ws.user(who).command(f"/shift {kind}", channel=CHANNEL))


def confirmed(office: Office, filled: Modal) -> str:
    """Submit the form and confirm its preview; gives the words of the preview."""
    preview = filled.submit().modal
    assert preview is not None
    shown = preview.plain
    ended = preview.submit()
    assert ended.closed, ended.modal and ended.modal.plain
    office.quiet()
    return shown


class Told:
    """The direct messages of everybody since it was made."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._before = {who: len(office.ws.user(who).dms()) for who in EVERYBODY}

    def now(self) -> dict[str, list[str]]:
        """The words by person, of those who got any."""
        self._office.quiet()
        new = {who: self._office.ws.user(who).dms()[count:] for who, count in self._before.items()}
        return {who: [post.plain for post in posts] for who, posts in new.items() if posts}


def asked_in(office: Office, words: str, channel: str = CHANNEL) -> Post:
    """The newest post of the channel with these words."""
    office.ws.channel(channel).expect(words)
    return [post for post in office.ws.channel(channel).messages() if words in post.plain][-1]


def ask_cover(office: Office, who: str = "li.wei", span: str = BEIJING) -> Post:
    modal = form(office, who, "cover")
    modal.select(ids.SHIFT_MINE, span)
    confirmed(office, modal)
    return asked_in(office, "asks for cover")


# Cover.


def test_cover_from_the_command_to_the_colleague_who_takes_it(free: Office) -> None:
    told = Told(free)
    modal = form(free, "li.wei", "cover")
    assert modal.title == "找人代班"
    modal.expect("周五").expect("09:00–18:00").expect("纽约")
    modal.select(ids.SHIFT_MINE, BEIJING)
    modal.fill(ids.SHIFT_NOTE, "Dentist")
    shown = confirmed(free, modal)
    for words in ("11 月 27 日（周五） 09:00–18:00", "纽约", "Dentist", "<#C0NORD>", "北京"):
        assert words in shown
    assert told.now() == {}

    post = asked_in(free, "asks for cover")
    for words in ("Note: Dentist", "New York Thu 20:00–Fri 05:00 (night)", "Beijing Fri 09:00–18:00"):
        assert words in post.plain
    assert not any(f"<@{one}>" in post.plain for one in (ANNA, world.WANG, world.CHEN))
    assert on(free, "sunrise", 27, 5) == {LI_WEI, world.WANG}

    post.click("I'll take it", by="anna")
    free.until(lambda: ANNA in on(free, "nordlicht", 27, 5))
    assert on(free, "sunrise", 27, 5) == {ANNA, world.WANG}
    assert on(free, "sunrise", 27, 0, 59) == {ANNA, world.BOB}
    assert on(free, "sunrise", 27, 10) == set()
    said = told.now()
    assert set(said) == {"li.wei", "anna"}
    assert "You now work" in said["anna"][0]
    assert "替你值班" in said["li.wei"][0]
    post.expect("✅").expect("works for")
    assert post.refresh().labels() == []


def test_who_comes_second_hears_who_was_first(free: Office) -> None:
    post = ask_cover(free, "anna", AMERICA)
    post.click("I'll take it", by="li.wei")
    # Wang Fang's screen had not changed yet.
    post.click("I'll take it", by="wang.fang").expect_ephemeral("<@U0LIWEI>")
    assert on(free, "sunrise", 27, 18) == {LI_WEI, world.BOB}


@pytest.mark.parametrize(
    ("who", "words"),
    [("li.wei", "你自己的请求"), ("bob", "Nordlicht"), ("gus", "<@U0WANG>"), ("chen.yu", "Sunrise")],
)
def test_who_can_not_take_it_is_told_why(free: Office, who: str, words: str) -> None:
    post, before = ask_cover(free), rows(free)
    free.ws.channel(CHANNEL).invite("gus")
    post.click("I'll take it", by=who).expect_ephemeral(words)
    assert rows(free) == before
    assert post.refresh().labels() != []


def test_only_who_asked_or_a_manager_withdraws(free: Office) -> None:
    post, told = ask_cover(free), Told(free)
    post.click("Withdraw", by="anna").expect_ephemeral("Only a manager")
    post.click("Withdraw", by="wang.fang")
    post.expect("withdrawn")
    said = told.now()
    assert set(said) == {"li.wei"}
    assert "已撤销" in said["li.wei"][0]


def test_cover_from_the_shortcut_and_for_a_part_only(free: Office) -> None:
    modal = free.opened(free.ws.user("anna").global_shortcut(ids.GLOBAL_COVER))
    modal.select(ids.SHIFT_MINE, AMERICA)
    modal.select(ids.SHIFT_FROM, at(27, 18))
    modal.select(ids.SHIFT_UNTIL, at(27, 20))
    shown = confirmed(free, modal)
    assert "Fri 27 Nov 13:00–15:00" in shown
    assert "Beijing Sat 02:00–04:00 (night)" in shown
    asked_in(free, "asks for cover").click("I'll take it", by="li.wei")
    free.until(lambda: LI_WEI in on(free, "nordlicht", 27, 19))
    assert on(free, "nordlicht", 27, 17, 59) == {ANNA}
    assert on(free, "nordlicht", 27, 20) == {ANNA}


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (at(27, 18), None, ids.SHIFT_UNTIL, "Fill in both times"),
        (at(27, 20), at(27, 18), ids.SHIFT_UNTIL, "later than the start"),
        (at(27, 14), at(27, 20), ids.SHIFT_FROM, "within the shift"),
    ],
)
def test_a_mistake_in_a_part_is_said_at_its_field(
    free: Office, first: int, last: int | None, field: str, words: str
) -> None:
    before, modal = rows(free), form(free, "anna", "cover")
    modal.select(ids.SHIFT_MINE, AMERICA)
    modal.select(ids.SHIFT_FROM, first)
    if last:
        modal.select(ids.SHIFT_UNTIL, last)
    errors = modal.submit().errors
    assert list(errors) == [field]
    assert words in errors[field]
    assert rows(free) == before


def test_the_same_shift_is_not_offered_to_colleagues_twice(free: Office) -> None:
    ask_cover(free)
    before, modal = rows(free), form(free, "li.wei", "cover")
    modal.select(ids.SHIFT_MINE, BEIJING)
    assert "已经提过" in modal.submit().errors[ids.SHIFT_MINE]
    assert rows(free) == before


# Swap.


def swap_form(office: Office) -> Modal:
    """Li Wei gives Friday in Beijing for Anna's Friday in America."""
    modal = form(office, "li.wei", "swap")
    modal.expect("选择同事后")
    modal.select(ids.SHIFT_OTHER, "Anna Kowalski")
    modal.expect("Anna Kowalski 的班次")
    modal.select(ids.SHIFT_MINE, BEIJING)
    modal.select(f"{ids.SHIFT_THEIRS}.{ANNA}", AMERICA)
    return modal


def test_a_swap_is_offered_by_direct_message_with_both_places_and_done_when_accepted(free: Office) -> None:
    told = Told(free)
    shown = confirmed(free, swap_form(free))
    for words in ("<@U0ANNA> 代替 <@U0LIWEI> 值班", "<@U0LIWEI> 代替 <@U0ANNA> 值班", "纽约", "私信通知"):
        assert words in shown
    said = told.now()
    assert set(said) == {"anna", "li.wei"}
    assert "等待答复" in said["li.wei"][0]
    offer = free.ws.user("anna").expect_dm("would like to swap")
    for words in (
        "You would work",
        "New York Thu 20:00–Fri 05:00 (night)",
        "Beijing Sat 01:00–09:00 (night)",
    ):
        assert words in offer.plain
    assert on(free, "nordlicht", 27, 5) == {LI_WEI, world.CHEN, world.WANG}

    told = Told(free)
    offer.click("Accept", by="anna")
    free.until(lambda: ANNA in on(free, "nordlicht", 27, 5))
    assert on(free, "nordlicht", 27, 5) == {ANNA, world.CHEN, world.WANG}
    assert on(free, "nordlicht", 27, 18) == {LI_WEI}
    said = told.now()
    assert set(said) == {"anna", "li.wei"}
    assert "已换班" in free.ws.user("li.wei").dms()[-2].plain, "what he asked for shows how it ended"
    assert "You have swapped" in said["anna"][-1]
    assert "已换班" in said["li.wei"][-1]
    offer.expect("have swapped")
    assert offer.refresh().labels() == []


def test_who_asked_takes_a_swap_back_and_the_colleague_can_no_longer_accept(free: Office) -> None:
    confirmed(free, swap_form(free))
    told, asked = Told(free), free.ws.user("li.wei").dms()[-1]
    offer = free.ws.user("anna").dms()[-1]
    asked.click("撤销", by="li.wei")
    asked.expect("已撤销")
    offer.expect("withdrawn")
    assert offer.refresh().labels() == []
    said = told.now()
    assert set(said) == {"anna"}
    assert "withdrawn" in said["anna"][0]
    assert on(free, "nordlicht", 27, 5) == {LI_WEI, world.CHEN, world.WANG}


def test_a_declined_swap_changes_nothing_and_who_asked_is_told(free: Office) -> None:
    confirmed(free, swap_form(free))
    told = Told(free)
    offer = [post for post in free.ws.user("anna").dms() if "would like to swap" in post.plain][-1]
    offer.click("Decline", by="anna")
    offer.expect("said no")
    said = told.now()
    assert set(said) == {"li.wei"}
    assert "不能和你换班" in said["li.wei"][0]
    assert on(free, "nordlicht", 27, 5) == {LI_WEI, world.CHEN, world.WANG}


def test_a_running_shift_is_not_offered_for_a_swap_but_may_be_covered(free: Office) -> None:
    running = shift(at(25, 1), at(25, 10))
    assert running in str(form(free, "li.wei", "cover").view["blocks"])
    free.close_modals()
    modal = form(free, "li.wei", "swap")
    modal.select(ids.SHIFT_OTHER, "Anna Kowalski")
    modal.expect("Anna Kowalski 的班次")
    assert running not in str(modal.view["blocks"])


def test_a_swap_without_their_shift_is_said_at_the_field(free: Office) -> None:
    before, modal = rows(free), form(free, "li.wei", "swap")
    modal.select(ids.SHIFT_MINE, BEIJING)
    ended = modal.submit()
    assert set(ended.errors) == {ids.SHIFT_OTHER}
    assert rows(free) == before


def test_a_swap_with_somebody_who_is_on_at_the_same_time_is_refused(free: Office) -> None:
    before, modal = rows(free), form(free, "li.wei", "swap")
    modal.select(ids.SHIFT_OTHER, "Wang Fang")
    modal.expect("Wang Fang 的班次")
    modal.select(ids.SHIFT_MINE, BEIJING)
    modal.select(f"{ids.SHIFT_THEIRS}.{world.WANG}", shift(at(28, 1), at(28, 10)))
    assert list(modal.submit().errors) == [f"{ids.SHIFT_THEIRS}.{world.WANG}"]
    assert rows(free) == before


# Take.


def test_what_waits_is_listed_with_its_rest_and_taken_with_a_button(free: Office) -> None:
    ask_cover(free)
    modal = form(free, "anna", "take")
    modal.expect("<@U0LIWEI> asks for cover").expect("Nobody is on shift then").expect("At night for you")
    preview = modal.press("Take", near="asks for cover").modal
    preview.expect("<@U0ANNA> works").expect("instead of <@U0LIWEI>").expect(
        "Told by direct message: <@U0LIWEI>"
    )
    told = Told(free)
    assert preview.submit().closed
    free.until(lambda: ANNA in on(free, "nordlicht", 27, 5))
    assert set(told.now()) == {"anna", "li.wei"}


def test_a_gap_is_taken_at_once_and_the_preview_says_what_it_closes(free: Office) -> None:
    modal = form(free, "anna", "take")
    preview = modal.press("Take", near="Thu 26 Nov 05:00–12:00").modal
    preview.expect("Closes a gap in Nordlicht, Sunrise: *Thu 26 Nov 05:00–12:00*")
    told = Told(free)
    assert preview.submit().closed
    free.until(lambda: on(free, "nordlicht", 26, 12) == {ANNA})
    assert list(told.now()) == ["anna"]


# Days off.


def test_days_off_with_cover_tell_managers_and_ask_the_channel(free: Office) -> None:
    told, modal = Told(free), form(free, "bob", "off")
    modal.select(ids.SHIFT_FROM, at(27, 8))
    modal.select(ids.SHIFT_UNTIL, at(28, 8))
    modal.select(ids.SHIFT_REASON, "sick")
    modal.select(ids.SHIFT_ASK, ["yes"])
    shown = confirmed(free, modal)
    for words in ("<@U0BOB> is off", "sick", "<#C0SUNRISE>", "Told by direct message: <@U0WANG>"):
        assert words in shown
    said = told.now()
    assert set(said) == {"bob", "wang.fang"}
    assert "病假" in said["wang.fang"][0]
    assert "You are off" in said["bob"][0]
    post = asked_in(free, "asks for cover", "amz-sunrise")
    assert "sick" not in post.plain
    post.click("I'll take it", by="li.wei")
    free.until(lambda: LI_WEI in on(free, "sunrise", 27, 18))
    assert on(free, "nordlicht", 27, 18) == {ANNA}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (at(27, 8), at(27, 7), ids.SHIFT_UNTIL),
        (at(24, 8), at(25, 8), ids.SHIFT_FROM),
        (at(27, 2), at(27, 3), ids.SHIFT_FROM),
        (at(27, 8), at(27, 8) + 90 * 86400, ids.SHIFT_UNTIL),
    ],
)
def test_wrong_days_off_are_said_at_the_field(free: Office, first: int, last: int, field: str) -> None:
    before, modal = rows(free), form(free, "bob", "off")
    modal.select(ids.SHIFT_FROM, first)
    modal.select(ids.SHIFT_UNTIL, last)
    assert list(modal.submit().errors) == [field]
    assert rows(free) == before


# Override.


def test_a_manager_puts_somebody_on_instead_of_another(free: Office) -> None:
    told, modal = Told(free), form(free, "wang.fang", "override")
    modal.select(ids.SHIFT_ON, "Chen Yu")
    modal.select(ids.SHIFT_INSTEAD, "Anna Kowalski")
    modal.select(ids.SHIFT_FROM, at(27, 17))
    modal.select(ids.SHIFT_UNTIL, at(27, 20))
    modal.select(ids.SHIFT_STORES, ["Nordlicht"])
    modal.fill(ids.SHIFT_NOTE, "Thanks")
    shown = confirmed(free, modal)
    assert "<@U0CHENYU> 代替 <@U0ANNA> 值班" in shown
    assert on(free, "nordlicht", 27, 19) == {world.CHEN}
    assert on(free, "nordlicht", 27, 20) == {ANNA}
    said = told.now()
    assert set(said) == {"chen.yu", "anna", "wang.fang"}
    assert "You are off" in said["anna"][0]
    assert "<@U0WANG>" in said["anna"][0]
    assert "你将值班" in said["chen.yu"][0]


@pytest.mark.parametrize(
    ("who", "instead", "hours", "field"),
    [
        (None, None, (at(27, 17), at(27, 20)), ids.SHIFT_ON),
        ("Chen Yu", "Chen Yu", (at(27, 17), at(27, 20)), ids.SHIFT_INSTEAD),
        (None, "Chen Yu", (at(27, 17), at(27, 20)), ids.SHIFT_INSTEAD),
        ("Chen Yu", None, (at(27, 8), at(27, 20)), ids.SHIFT_ON),
        ("Chen Yu", None, (at(25, 7), at(27, 20)), ids.SHIFT_FROM),
        ("Chen Yu", None, (at(27, 17), at(27, 12)), ids.SHIFT_UNTIL),
    ],
)
def test_a_wrong_override_is_said_at_the_field(
    free: Office, who: str | None, instead: str | None, hours: tuple[int, int], field: str
) -> None:
    before, modal = rows(free), form(free, "wang.fang", "override")
    if who:
        modal.select(ids.SHIFT_ON, who)
    if instead:
        modal.select(ids.SHIFT_INSTEAD, instead)
    modal.select(ids.SHIFT_FROM, hours[0])
    modal.select(ids.SHIFT_UNTIL, hours[1])
    assert list(modal.submit().errors) == [field]
    assert rows(free) == before


def test_somebody_can_not_be_put_on_for_a_store_of_others(free: Office) -> None:
    before, modal = rows(free), form(free, "wang.fang", "override")
    modal.select(ids.SHIFT_ON, "Bob Rivera")
    modal.select(ids.SHIFT_FROM, at(27, 2))
    modal.select(ids.SHIFT_UNTIL, at(27, 4))
    modal.select(ids.SHIFT_STORES, ["Nordlicht"])
    ended = modal.submit()
    assert "Nordlicht" in (ended.modal.plain if not ended.errors else str(ended.errors))
    assert rows(free) == before


# Who may, and what it takes to find the way.


@pytest.mark.parametrize("kind", ["cover", "swap", "take", "off", "override", "gaps", ""])
def test_who_is_no_agent_opens_nothing(free: Office, kind: str) -> None:
    free.ws.channel(CHANNEL).invite("gus")
    before = rows(free)
    outcome = free.ws.user("gus").command(f"/shift {kind}".strip(), channel=CHANNEL)
    words = free.until(lambda: _said(free, "gus", outcome))
    assert "<@U0WANG>" in words
    assert rows(free) == before


def _said(office: Office, who: str, outcome: Outcome) -> str:
    person = office.ws.user(who)
    if person.has_modal and person.modal().view["callback_id"] != ids.MODAL_LOADING:
        return person.modal().plain
    return " ".join(outcome.ephemerals)


def test_only_managers_override(free: Office) -> None:
    modal = form(free, "anna", "override")
    modal.expect("Only a manager")
    assert modal.fields() == []


def test_usage_names_what_there_is_and_its_buttons_open_it(free: Office) -> None:
    outcome = free.ws.user("anna").command("/shift holiday", channel=CHANNEL)
    words = outcome.expect_ephemeral("holiday")
    assert "/shift cover" in words
    assert "/shift override" not in words
    managers = (
        free.ws.user("wang.fang").command("/shift", channel=CHANNEL).expect_ephemeral("/shift override")
    )
    assert "找人代班" in managers
    post = [one for one in free.ws.channel(CHANNEL).messages(viewer="anna") if "holiday" in one.plain][-1]
    for kind, title in (("cover", "Ask for cover"), ("swap", "Swap shifts"), ("off", "Time off")):
        modal = free.opened(post.click(f"{ids.SHIFT_OPEN}.{kind}", by="anna"))
        assert modal.title == title
        modal.close()


# With a manager who decides.


def test_a_cover_waits_for_the_manager_who_sees_what_it_does(strict: Office) -> None:
    told, post = Told(strict), ask_cover(strict)
    assert "once a manager has approved" in post.plain
    post.click("I'll take it", by="anna")
    post.expect("waits for a manager")
    assert on(strict, "sunrise", 27, 5) == {LI_WEI, world.WANG}
    said = told.now()
    assert set(said) == {"wang.fang"}
    approval = strict.ws.user("wang.fang").dms()[-1]
    approval.expect("需要你批准").expect("<@U0ANNA> 代替 <@U0LIWEI>")
    told = Told(strict)
    approval.click("批准", by="wang.fang")
    strict.until(lambda: ANNA in on(strict, "sunrise", 27, 5))
    assert set(told.now()) == {"anna", "li.wei"}
    approval.expect("✅")
    post.expect("✅")


def test_days_off_are_refused_by_the_manager(strict: Office) -> None:
    modal = form(strict, "bob", "off")
    modal.select(ids.SHIFT_FROM, at(27, 8))
    modal.select(ids.SHIFT_UNTIL, at(28, 8))
    shown = confirmed(strict, modal)
    assert "A manager must approve this" in shown
    approval, told = strict.ws.user("wang.fang").dms()[-1], Told(strict)
    approval.click("不批准", by="wang.fang")
    approval.expect("未批准")
    said = told.now()
    assert set(said) == {"bob"}
    assert "<@U0WANG> refused" in said["bob"][0]
    assert on(strict, "sunrise", 27, 18) == {ANNA, world.BOB}
