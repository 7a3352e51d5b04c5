"""`/sla-report whatif` through real bolt: the form, what is wrong at its field, the answer as a direct message.

The rota: Beijing 01:00-10:00 UTC, Los Angeles 17:00-01:00 UTC, every day; nobody from 10:00 to 17:00. Wang Fang,
the manager, reads Chinese. A buyer wrote at 11:00; Anna answered two minutes after her shift began, at 17:02.
"""

from collections.abc import Iterator

import pytest

from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.driver import Modal, Post
from tests import world
from tests.office import Office
from tests.office import office as running_office

CHANNEL = "amz-nordlicht"
MANAGER = "wang.fang"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(
        tmp_path_factory.mktemp("whatif"), knowledge, rota=lambda settings: world.rota(settings.agents)
    ) as running:
        running.tick(hours=2)
        case = running.new_case()
        running.tick(hours=6, minutes=2)
        case.answer(by="anna")
        running.tick(days=2)
        yield running


@pytest.fixture(autouse=True)
def _no_modal_is_open(office: Office) -> None:
    office.close_modals()


def form(office: Office, words: str = "whatif") -> Modal:
    return office.opened(office.ws.user(MANAGER).command(f"/sla-report {words}", CHANNEL))


def answer(office: Office, modal: Modal) -> Post:
    """The direct message that the form brings."""
    person = office.ws.user(MANAGER)
    before = {post.ts for post in person.dms()}
    shown = modal.submit().modal
    assert shown is not None
    shown.expect("结果会以私信发送给你").close()
    return office.until(
        lambda: next(
            (post for post in person.dms() if post.ts not in before and "假设推演" in post.plain), None
        )
    )


def row(post: Post, name: str) -> list[str]:
    (table,) = [block for block in post.blocks if block["type"] == "table"]
    return next([cell["text"] for cell in cells[1:]] for cells in table["rows"] if cells[0]["text"] == name)


def test_nothing_changed_is_the_record_on_both_sides(office: Office) -> None:
    post = answer(office, form(office))
    assert "没有改变，即实际记录" in post.plain
    assert row(post, "回复率（24 小时）") == ["100 %", "100 %"]
    assert row(post, "平均响应时间") == ["6 小时 02 分", "6 小时 02 分"]
    assert "Anna Kowalski · 回复 1 ·" in post.plain


def test_an_added_shift_answers_earlier(office: Office) -> None:
    modal = form(office, "whatif nordlicht")
    modal.select("whatif.agents", ["li-wei"])
    modal.fill("whatif.hours", "19:00-23:00")  # 11:00-15:00 UTC
    post = answer(office, modal)
    assert "为Li Wei增加班次，每天" in post.plain
    first, second = row(post, "平均响应时间")
    assert first == "6 小时 02 分"
    assert second == "12 分钟"
    assert "Li Wei · 回复 0 → 1" in post.plain


def test_without_a_person_at_other_hours_and_with_another_target(office: Office) -> None:
    modal = form(office)
    modal.select("whatif.without", "anna")
    modal.select("whatif.layer", "beijing")
    modal.fill("whatif.moved", "-3").fill("whatif.target", "4")
    post = answer(office, modal)
    assert "没有Anna Kowalski、beijing的班次提前 3 小时、目标 4 小时" in post.plain
    assert row(post, "4 小时内回复") == ["0 %", "0 %"]
    assert "Anna Kowalski · 回复 1 → 0" in post.plain


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("whatif.moved", "-2", "请输入 -12 到 12 之间的数字"),
        ("whatif.hours", "18:00-22:00", "并选择值班的人"),
        ("whatif.target", "soon", "请输入 1 到 168 之间的小时数"),
        ("whatif.target", "nan", "请输入 1 到 168 之间的小时数"),
    ],
)
def test_what_can_not_be_tried_is_said_at_its_field(
    office: Office, field: str, words: str, said: str
) -> None:
    modal = form(office).fill(field, words)
    refused = modal.submit()
    assert said in refused.errors[field]


def test_hours_that_are_none_are_said_at_their_field(office: Office) -> None:
    modal = form(office)
    modal.select("whatif.agents", ["li-wei"])
    refused = modal.fill("whatif.hours", "25:00-26:00").submit()
    assert "不是有效的时段" in refused.errors["whatif.hours"]


def test_only_managers_see_what_single_people_do(office: Office) -> None:
    refused = office.ws.user("anna").command("/sla-report whatif", CHANNEL)
    refused.expect_ephemeral("<@U0WANG>")


def test_an_unknown_store_is_said(office: Office) -> None:
    office.ws.user(MANAGER).command("/sla-report nosuch", CHANNEL).expect_ephemeral("nosuch")
    office.ws.user(MANAGER).command("/sla-report whatif nowhere", CHANNEL).expect_ephemeral("nowhere")


def test_without_a_rota_there_is_nothing_to_try(shared: Office) -> None:
    shared.close_modals()
    shared.ws.user(MANAGER).command("/sla-report whatif", CHANNEL)
    shared.ws.user(MANAGER).modal().expect("rota.yaml").close()
