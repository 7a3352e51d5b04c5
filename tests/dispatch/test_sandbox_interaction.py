"""Commands, buttons, modals and shortcuts of the Slack sandbox, against a real Bolt app on both roads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.server import SlackSandbox
from tests.dispatch.sandbox_app import SmallApp, button, card, modal, text_input


@pytest.fixture(params=["socket", "http"])
def small(request):
    with SlackSandbox(mode=request.param, rate_limits=False) as sandbox:
        app = SmallApp(sandbox)
        with app.over_socket_mode() if request.param == "socket" else app.over_http():
            yield app


@pytest.fixture
def ws(small):
    return small.sandbox.workspace


def opens_reply(small, action="case.reply"):
    @small.app.action(action)
    def reply_clicked(ack, body, client):
        ack()
        small.note("reply", body)
        client.views_open(trigger_id=body["trigger_id"], view=modal())


def takes_template(small):
    @small.app.action("template")
    def template_chosen(ack):
        ack()


def posted_card(small, *buttons):
    small.client.chat_postMessage(channel="C0NORD", text="Case 1042", blocks=card(*buttons))
    return small.sandbox.workspace.channel("amz-nordlicht").expect(text="Case 1042")


def test_a_command_arrives_with_slacks_fields_and_its_answer_is_seen_by_one_person(small, ws):
    @small.app.command("/claim")
    def claimed(ack, body):
        small.note("claim", body)
        ack(f"You have case {body['text']}")

    done = ws.user("anna").command("/claim 1042", channel="amz-nordlicht")

    assert done.ok
    assert done.ephemerals == ["You have case 1042"]
    assert ws.channel("amz-nordlicht").messages() == []
    body = small.seen["claim"][0]
    assert (body["user_id"], body["user_name"], body["channel_id"]) == ("U0ANNA", "anna", "C0NORD")
    assert body["channel_name"] == "privategroup"
    assert body["response_url"].startswith(small.sandbox.url)


def test_a_command_in_a_thread_is_refused_as_slack_does(small, ws):
    post = posted_card(small, button("Claim", "case.claim"))
    done = ws.user("anna").command("/reply 1042", channel="amz-nordlicht", thread=post)
    assert done.error == "/reply is not supported in threads. Sorry!"
    assert small.sandbox.deliveries("slash_commands") == []


def test_a_click_opens_a_modal_and_submitting_it_reaches_the_app(small, ws):
    opens_reply(small)
    takes_template(small)

    @small.app.view("reply")
    def submitted(ack, body, view):
        small.note("submitted", body)
        ack()

    post = posted_card(small, button("Reply", "case.reply", "1042:7"))
    modal_ = post.click("Reply", by="anna").modal
    assert modal_.title == "Reply"
    modal_.select("Template", "Late")
    ended = modal_.fill("Message", "Guten Tag & <hallo>").submit()

    assert ended.closed
    action = small.seen["reply"][0]["actions"][0]
    assert (action["value"], action["block_id"]) == ("1042:7", post.blocks[1]["block_id"])
    values = small.seen["submitted"][0]["view"]["state"]["values"]
    assert values["text"]["typed"] == {"type": "plain_text_input", "value": "Guten Tag & <hallo>"}
    assert values["template"]["template"]["selected_option"]["value"] == "late"
    assert not ws.user("anna").has_modal


def test_a_submission_can_answer_with_errors_update_push_and_clear(small, ws):
    opens_reply(small)
    takes_template(small)
    answers = iter(
        [
            {"response_action": "errors", "errors": {"text": "Contains a link"}},
            {"response_action": "update", "view": modal("Again")},
            {"response_action": "push", "view": modal("Check", [text_input("note", "note")])},
            {"response_action": "clear"},
        ]
    )

    @small.app.view("reply")
    def submitted(ack):
        ack(**next(answers))

    top = posted_card(small, button("Reply", "case.reply")).click("Reply", by="anna").modal
    top.select("Template", "Lost")
    top.fill("Message", "www.example.test")
    assert top.submit().errors == {"text": "Contains a link"}
    assert top.errors == {"text": "Contains a link"}
    assert top.submit().modal.title == "Again"
    assert top.value("Message") == "www.example.test"
    pushed = top.submit().modal
    assert (pushed.title, pushed.depth) == ("Check", 2)
    assert pushed.fill("note", "x").submit().closed


def test_slack_itself_refuses_an_empty_required_field(small, ws):
    opens_reply(small)
    top = posted_card(small, button("Reply", "case.reply")).click("Reply", by="anna").modal
    assert top.submit().errors == {
        "template": "Please complete this required field.",
        "text": "Please complete this required field.",
    }
    assert [
        sent for sent in small.sandbox.deliveries("interactive") if sent.payload["type"] != "block_actions"
    ] == []


def test_typed_text_survives_an_update_only_when_both_ids_stay(small, ws):
    opens_reply(small)

    @small.app.action("template")
    def template_chosen(ack, body, client):
        ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        block_id = "text" if chosen == "late" else "text2"
        blocks = [body["view"]["blocks"][0], text_input(block_id, initial_value="From the template")]
        view = body["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Changed", blocks))

    top = posted_card(small, button("Reply", "case.reply")).click("Reply", by="anna").modal
    top.fill("Message", "My own words")
    top.select("Template", "Late").modal.expect("Changed")
    assert top.value("Message") == "My own words"
    top.select("Template", "Lost")
    ws.wait_for(lambda: top.value("Message") == "From the template")
    assert top.value("Template")["value"] == "lost"


def test_a_trigger_id_works_once_and_for_three_seconds(small, ws):
    @small.app.action("case.reply")
    def reply_clicked(ack, body):
        ack()
        small.note("reply", body)

    post = posted_card(small, button("Reply", "case.reply"))
    post.click("Reply", by="anna")
    trigger = small.wait_seen("reply")[0]["trigger_id"]
    small.client.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        small.client.views_open(trigger_id=trigger, view=modal())

    post.click("Reply", by="anna")
    late = small.wait_seen("reply", 2)[1]["trigger_id"]
    small.sandbox.skip(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        small.client.views_open(trigger_id=late, view=modal())
    with pytest.raises(SlackApiError, match="invalid `trigger_id`"):
        small.client.views_open(trigger_id="1.2.3", view=modal())


def test_modals_stack_three_high_and_a_stale_hash_is_refused(small, ws):
    @small.app.action("more")
    def more_clicked(ack, body, client):
        ack()
        blocks = [{"type": "actions", "elements": [button("More", "more")]}]
        try:
            if "view" in body:
                client.views_push(trigger_id=body["trigger_id"], view=modal("Deeper", blocks))
            else:
                client.views_open(trigger_id=body["trigger_id"], view=modal("First", blocks))
        except SlackApiError as error:
            small.note("refused", error.response.data)

    top = posted_card(small, button("More", "more")).click("More", by="anna").modal
    top = top.press("More").modal
    top = top.press("More").modal
    assert top.depth == 3
    top.press("More")
    assert small.wait_seen("refused")[0]["error"] == "push_limit_reached"
    view = top.view
    small.client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Newer"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        small.client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Newest"))
    top.close()
    assert top.title == "Deeper"


def test_closing_tells_the_app_only_when_it_asked_for_it(small, ws):
    @small.app.view_closed("reply")
    def closed(ack, body):
        ack()
        small.note("closed", body)

    @small.app.command("/open")
    def opened(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=body["text"] == "tell"))

    ws.user("anna").command("/open quiet", channel="general").modal.close()
    ws.user("anna").command("/open tell", channel="general").modal.close()
    assert [body["view"]["notify_on_close"] for body in small.wait_seen("closed")] == [True]


def test_shortcuts_work_on_a_post_in_a_thread_but_not_on_an_ephemeral_one(small, ws):
    @small.app.message_shortcut("reply_to_buyer")
    def taken(ack, body, client):
        ack()
        small.note("taken", body)
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @small.app.global_shortcut("my_queue")
    def queue(ack, body):
        ack()
        small.note("queue", body)

    root = posted_card(small, button("Reply", "case.reply"))
    note = ws.user("bob").say("carrier is on strike", "amz-nordlicht", thread=root)
    assert ws.user("anna").shortcut("reply_to_buyer", note).modal.title == "Reply"
    body = small.seen["taken"][0]
    assert body["message"]["thread_ts"] == root.ts
    assert (body["message"]["text"], body["message_ts"]) == ("carrier is on strike", note.ts)
    assert ws.user("anna").global_shortcut("my_queue").ok
    assert "response_url" not in small.wait_seen("queue")[0]

    small.client.chat_postEphemeral(channel="C0NORD", user="U0ANNA", text="psst")
    secret = ws.channel("amz-nordlicht").expect(text="psst", viewer="anna")
    assert not ws.user("anna").shortcut("reply_to_buyer", secret).ok


def test_a_response_url_takes_five_uses_within_thirty_minutes(small, ws):
    @small.app.command("/claim")
    def claimed(ack, body, respond):
        ack()
        small.note("answers", {"codes": [respond(f"answer {n}").status_code for n in range(6)]})

    done = ws.user("anna").command("/claim", channel="amz-nordlicht")
    assert small.wait_seen("answers")[0]["codes"] == [200, 200, 200, 200, 200, 404]
    assert done.ephemerals == [f"answer {n}" for n in range(5)]


def test_a_response_url_expires(small, ws):
    @small.app.command("/claim")
    def claimed(ack, body, respond):
        ack()
        small.sandbox.skip(1801)
        small.note("answer", {"code": respond("late").status_code})

    ws.user("anna").command("/claim", channel="amz-nordlicht")
    assert small.wait_seen("answer")[0]["code"] == 404


def test_a_response_url_replaces_and_deletes_what_was_clicked(small, ws):
    @small.app.action("case.close")
    def close_clicked(ack, respond, body):
        ack()
        if body["actions"][0]["value"] == "replace":
            respond(text="Closed", replace_original=True)
        else:
            respond(delete_original=True)

    post = posted_card(small, button("Close", "case.close", "replace"))
    post.click("Close", by="anna")
    assert post.expect("Closed").blocks == []
    gone = posted_card(small, button("Close", "case.close", "delete"))
    gone.click("Close", by="anna")
    ws.wait_for(lambda: not gone.exists)


def test_an_external_menu_asks_the_app_for_its_options(small, ws):
    @small.app.options("order")
    def options(ack, payload):
        text = {"type": "plain_text", "text": f"Order {payload['value'][-4:]}"}
        ack(options=[{"text": text, "value": payload["value"]}])

    @small.app.action("order")
    def chosen(ack, body):
        ack()
        small.note("order", body)

    menu = {
        "type": "external_select",
        "action_id": "order",
        "placeholder": {"type": "plain_text", "text": "Order"},
    }
    small.client.chat_postMessage(
        channel="C0NORD", text="Pick", blocks=[{"type": "actions", "elements": [menu]}]
    )
    ws.channel("amz-nordlicht").expect("Pick").select("Order", "305-0001", by="anna")
    assert small.wait_seen("order")[0]["actions"][0]["selected_option"]["value"] == "305-0001"


def test_home_is_published_when_it_is_opened(small, ws):
    @small.app.event("app_home_opened")
    def opened(event, client):
        words = {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}
        blocks = [{"type": "section", "text": words, "accessory": button("Refresh", "refresh")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    home = ws.user("li.wei").home()
    assert "Hello <@U0LIWEI>" in home.plain
    assert home.labels() == ["Refresh"]
    assert ws.user("li.wei").home().view["hash"] != ""


def test_a_handler_that_never_acks_shows_the_person_a_failure(small, ws):
    @small.app.command("/slow")
    def slow(ack):
        small.open_doors.wait(10)

    with ThreadPoolExecutor(1) as people:
        waiting = people.submit(ws.user("anna").command, "/slow", channel="amz-nordlicht")
        small.sandbox.wait_for(lambda: small.sandbox.deliveries("slash_commands"))
        small.sandbox.skip(3.1)
        done = waiting.result()
        small.open_doors.set()
    assert done.error == '/slow failed with the error "operation_timeout"'


def test_forty_commands_at_once_are_all_acked_while_their_work_is_slow(small, ws):
    @small.app.command("/slow")
    def slow(ack):
        ack("started")
        small.open_doors.wait(20)

    with ThreadPoolExecutor(40) as people:
        done = list(
            people.map(
                lambda n: ws.user("anna").command(f"/slow {n}", channel="amz-nordlicht"),
                range(40),
            )
        )
    small.open_doors.set()
    assert [one.error for one in done] == [""] * 40
