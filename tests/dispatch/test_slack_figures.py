"""`/sla-status` and its figures: broken down in place, agents for managers alone, and as a file."""

from bot.sandbox.slack.driver import Post
from bot.slack import ids
from tests.office import Office

CHANNEL = "amz-nordlicht"


def shown(office: Office, by: str, typed: str = "/sla-status") -> Post:
    """The board that somebody asks for."""
    person = office.ws.user(by)
    person.command(typed, CHANNEL).expect_ephemeral("SLA")
    posts = office.ws.channel(CHANNEL).messages(person.id)
    return next(post for post in reversed(posts) if post.message.ephemeral_to)


def test_a_manager_breaks_the_figures_down_by_agent_and_others_may_not(office: Office) -> None:
    case = office.new_case()
    case.claim("anna")
    case.answer(by="anna")
    board = shown(office, "wang.fang")
    board.select(ids.BOARD_BY, "按客服", by="wang.fang")
    board.expect("<@U0ANNA> · 收到 1 条")
    board.click(ids.BOARD_POST, by="wang.fang")
    public = office.until(
        lambda: [p for p in office.ws.channel(CHANNEL).messages() if "SLA status" in p.plain]
    )
    assert "<@U0ANNA>" not in public[-1].plain
    menu = next(
        one for one in shown(office, "bob").blocks[-1]["elements"] if one["action_id"] == ids.BOARD_BY
    )
    assert [one["value"] for one in menu["options"] if one["value"].endswith("agent")] == []


def test_an_agent_sees_topics_and_gets_a_file_without_names(office: Office) -> None:
    office.new_case()
    board = shown(office, "anna", "/sla-status nordlicht")
    board.select(ids.BOARD_BY, "By topic", by="anna")
    board.expect("By topic, 7 days")
    board.click(ids.BOARD_FILE, by="anna")
    anna = office.ws.user("anna")
    post = office.until(lambda: [one for one in anna.dms() if one.message.files])[-1]
    content = office.sandbox.call(lambda core: core.store.files[post.message.files[0]].content)
    text = (content or b"").decode("utf-8-sig")
    assert text.startswith("store,as_of,by,value,period,received,in_time")
    assert ",topic,delivery,7d,1,0" in text
    assert "U0ANNA" not in text
