"""The Web API of the Slack sandbox through the real slack_sdk client: tokens, scopes, limits, posts, people, files."""

import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import FixedClock
from bot.sandbox.slack.offer import manifest_of
from bot.sandbox.slack.server import SlackSandbox
from tests.dispatch.sandbox_app import button, card

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    return FixedClock(NINE)


@pytest.fixture
def sandbox(clock):
    with SlackSandbox(clock=clock, rate_limits=False) as running:
        yield running


@pytest.fixture
def client(sandbox):
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def ws(sandbox):
    return sandbox.workspace


def refused(code, call, **arguments):
    with pytest.raises(SlackApiError) as raised:
        call(**arguments)
    assert raised.value.response["error"] == code
    return raised.value.response


def test_tokens_are_checked(sandbox, client):
    assert client.auth_test()["user_id"] == "U0REPLY24"
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"]
    refused("invalid_auth", WebClient("xoxb-other", base_url=sandbox.api_url).auth_test)
    refused("not_authed", WebClient(base_url=sandbox.api_url).auth_test)
    refused("not_allowed_token_type", client.api_call, api_method="apps.connections.open")
    refused("unknown_method", client.api_call, api_method="chat.shout")


def test_a_missing_scope_names_what_is_needed_and_what_there_is():
    scopes = ("chat:write", "groups:read", "users:read")
    with SlackSandbox(manifest=manifest_of(scopes=scopes)) as sandbox:
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        answer = refused("missing_scope", client.dnd_info, user="U0ANNA")
        assert (answer["needed"], answer["provided"]) == ("dnd:read", "chat:write,groups:read,users:read")
        assert refused("missing_scope", client.conversations_list)["needed"] == "channels:read"
        assert client.conversations_list(types="private_channel")["channels"][0]["name"] == "amz-nordlicht"
        assert client.conversations_members(channel="C0NORD")["members"]
        assert "email" not in client.users_info(user="U0ANNA")["user"]["profile"]
        refused("missing_scope", client.chat_postMessage, channel="C0NORD", text="x", username="other")
        assert client.auth_test().headers["x-oauth-scopes"] == "chat:write,groups:read,users:read"


def test_a_channel_takes_a_post_a_second_after_a_small_burst(sandbox, client):
    sandbox.set_rate_limits(True)
    for _ in range(4):
        client.chat_postMessage(channel="C0NORD", text="x")
    answer = refused("ratelimited", client.chat_postMessage, channel="C0NORD", text="x")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    client.chat_postMessage(channel="C0SUNRISE", text="x")
    sandbox.skip(1.0)
    client.chat_postMessage(channel="C0NORD", text="x")


def test_a_method_of_tier_two_takes_twenty_calls_a_minute(sandbox, client):
    sandbox.set_rate_limits(True)
    for _ in range(20):
        client.users_list()
    assert 1 <= int(refused("ratelimited", client.users_list).headers["retry-after"]) <= 3


def test_mishaps_on_demand(sandbox, client):
    sandbox.next_errors("chat.postMessage", 429, retry_after=30)
    assert (
        refused("ratelimited", client.chat_postMessage, channel="C0NORD", text="x").headers["retry-after"]
        == "30"
    )
    sandbox.next_errors("chat.postMessage", "is_archived", times=None)
    for _ in range(2):
        refused("is_archived", client.chat_postMessage, channel="C0NORD", text="x")
    sandbox.clear_errors("chat.postMessage")
    sandbox.next_errors("chat.postMessage", 503)
    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel="C0NORD", text="x")
    assert raised.value.response.status_code == 503
    assert sandbox.workspace.channel("amz-nordlicht").messages() == []


def test_an_answer_can_get_lost_after_the_post_was_made(sandbox, client):
    sandbox.next_errors("chat.postMessage", 500, after=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C0NORD", text="made it")
    assert [post.text for post in sandbox.workspace.channel("amz-nordlicht").messages()] == ["made it"]


def test_a_hanging_call_ends_when_the_sandbox_stops(sandbox, client):
    sandbox.next_errors("auth.test", "hang")

    def call():
        with pytest.raises(SlackApiError):
            client.auth_test()

    hung = threading.Thread(target=call)
    hung.start()
    sandbox.wait_for(lambda: sandbox.calls("auth.test"))
    sandbox.stop()
    hung.join(10)
    assert not hung.is_alive()
    sandbox.start()


def test_text_without_blocks_takes_the_blocks_away(client, ws):
    ts = client.chat_postMessage(channel="C0NORD", text="Case 1042", blocks=card(button("Claim", "claim")))[
        "ts"
    ]
    post = ws.channel("amz-nordlicht").expect("Case 1042")
    assert post.labels() == ["Claim"]
    client.chat_update(channel="C0NORD", ts=ts, text="Closed")
    assert (post.refresh().blocks, post.refresh().text) == ([], "Closed")
    refused("no_text", client.api_call, api_method="chat.update", json={"channel": "C0NORD", "ts": ts})
    refused("msg_too_long", client.chat_update, channel="C0NORD", ts=ts, text="x" * 4001)


def test_blocks_that_break_the_rules_are_refused_and_nothing_is_posted(client, ws):
    answer = refused(
        "invalid_blocks", client.chat_postMessage, channel="C0NORD", text="x", blocks=[{"type": "x"}]
    )
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: x [json-pointer:/blocks/0/type]"
    ]
    refused("no_text", client.api_call, api_method="chat.postMessage", json={"channel": "C0NORD", "text": ""})
    assert ws.channel("amz-nordlicht").messages() == []


def test_only_own_posts_can_be_changed_and_deleted_ones_are_gone(client, ws):
    other = ws.user("anna").say("mine", "amz-nordlicht")
    refused("cant_update_message", client.chat_update, channel="C0NORD", ts=other.ts, text="x")
    refused("cant_delete_message", client.chat_delete, channel="C0NORD", ts=other.ts)
    ts = client.chat_postMessage(channel="C0NORD", text="card")["ts"]
    ws.delete(ws.channel("amz-nordlicht").expect("card"))
    refused("message_not_found", client.chat_update, channel="C0NORD", ts=ts, text="x")


def test_a_reply_to_a_root_that_is_gone_becomes_a_post_of_the_channel(client, ws):
    root = client.chat_postMessage(channel="C0NORD", text="root")["ts"]
    client.chat_delete(channel="C0NORD", ts=root)
    answer = client.chat_postMessage(channel="C0NORD", text="orphan", thread_ts=root)
    assert "thread_ts" not in answer["message"]
    assert [post.text for post in ws.channel("amz-nordlicht").messages()] == ["orphan"]


def test_a_deleted_root_with_replies_leaves_a_tombstone(client, ws):
    root = client.chat_postMessage(channel="C0NORD", text="root")["ts"]
    client.chat_postMessage(channel="C0NORD", text="reply", thread_ts=root)
    client.chat_delete(channel="C0NORD", ts=root)
    first = client.conversations_history(channel="C0NORD")["messages"][0]
    assert (first["subtype"], first["reply_count"]) == ("tombstone", 1)
    refused("message_not_found", client.chat_update, channel="C0NORD", ts=root, text="x")


def test_where_the_bot_may_write(client, ws):
    refused("channel_not_found", client.chat_postMessage, channel="C0NOWHERE", text="x")
    ws.channel("amz-review").archive()
    refused("is_archived", client.chat_postMessage, channel="C0REVIEW", text="x")
    ts = client.chat_postMessage(channel="U0ANNA", text="to you")["ts"]
    assert [(post.text, post.ts) for post in ws.user("anna").dms()] == [("to you", ts)]
    assert client.conversations_open(users="U0ANNA")["channel"]["id"] == ws.user("anna").direct().id


def test_an_ephemeral_message_may_get_lost(sandbox, client, ws):
    client.chat_postEphemeral(channel="C0NORD", user="U0ANNA", text="only you")
    assert [post.text for post in ws.channel("amz-nordlicht").messages("anna")] == ["only you"]
    assert ws.channel("amz-nordlicht").messages("bob") == []
    sandbox.lose_ephemerals()
    assert client.chat_postEphemeral(channel="C0NORD", user="U0ANNA", text="lost")["ok"]
    assert len(ws.channel("amz-nordlicht").messages("anna")) == 1
    refused("user_not_in_channel", client.chat_postEphemeral, channel="C0NORD", user="U0GUEST", text="x")


def test_metadata_is_found_again_in_the_history(client):
    metadata = {"event_type": "reply24", "event_payload": {"outbox": 7}}
    ts = client.chat_postMessage(channel="C0NORD", text="card", metadata=metadata)["ts"]
    client.chat_update(channel="C0NORD", ts=ts, text="card 2")
    found = client.conversations_history(channel="C0NORD", include_all_metadata=True)["messages"][0]
    assert (found["metadata"], found["text"]) == (metadata, "card 2")
    assert "metadata" not in client.conversations_history(channel="C0NORD")["messages"][0]


def test_history_and_replies_come_in_pages(clock, client):
    for number in range(5):
        clock.advance(timedelta(minutes=1))
        client.chat_postMessage(channel="C0NORD", text=str(number))
    first = client.conversations_history(channel="C0NORD", limit=3)
    assert [post["text"] for post in first["messages"]] == ["4", "3", "2"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = client.conversations_history(channel="C0NORD", limit=3, cursor=cursor)
    assert [post["text"] for post in rest["messages"]] == ["1", "0"]
    since = first["messages"][-1]["ts"]
    newer = client.conversations_history(channel="C0NORD", oldest=since)["messages"]
    assert [post["text"] for post in newer] == ["4", "3"]
    root = first["messages"][0]["ts"]
    client.chat_postMessage(channel="C0NORD", text="reply", thread_ts=root)
    thread = client.conversations_replies(channel="C0NORD", ts=root)["messages"]
    assert [post["text"] for post in thread] == ["4", "reply"]
    assert thread[0]["reply_users"] == ["U0REPLY24"]


def test_people_have_zones_languages_and_quiet_times(clock, client, ws):
    anna = client.users_info(user="U0ANNA", include_locale=True)["user"]
    assert (anna["tz"], anna["tz_offset"], anna["tz_label"], anna["locale"]) == (
        "America/New_York",
        -18_000,
        "EST",
        "en-US",
    )
    assert "locale" not in client.users_info(user="U0ANNA")["user"]
    assert client.users_lookupByEmail(email="li.wei@team.example")["user"]["id"] == "U0LIWEI"
    refused("users_not_found", client.users_lookupByEmail, email="nobody@team.example")
    ws.user("bob").mute(timedelta(hours=2))
    quiet = client.dnd_teamInfo(users="U0BOB,U0ANNA")["users"]
    assert quiet["U0BOB"]["next_dnd_end_ts"] == int((NINE + timedelta(hours=2)).timestamp())
    assert quiet["U0ANNA"]["dnd_enabled"] is False
    refused("too_many_users", client.dnd_teamInfo, users=",".join(["U0BOB"] * 51))
    ws.user("bob").change(deleted=True)
    assert client.users_info(user="U0BOB")["user"]["deleted"] is True


def test_a_user_group_is_replaced_and_never_emptied(sandbox, client, ws):
    assert client.usergroups_list()["usergroups"][0]["handle"] == "amz-oncall"
    client.usergroups_users_update(usergroup="S0ONCALL", users=["U0ANNA", "U0BOB"])
    assert ws.group("amz-oncall") == ["U0ANNA", "U0BOB"]
    refused("no_users_provided", client.usergroups_users_update, usergroup="S0ONCALL", users=[])
    refused("invalid_users", client.usergroups_users_update, usergroup="S0ONCALL", users=["U0NOBODY"])
    sandbox.next_errors("usergroups.users.update", "plan_upgrade_required", times=None)
    refused("plan_upgrade_required", client.usergroups_users_update, usergroup="S0ONCALL", users=["U0ANNA"])


def test_a_file_is_uploaded_in_three_steps_and_can_be_shown_in_a_block(sandbox, client, ws):
    answer = client.files_upload_v2(filename="chart.png", content=b"\x89PNG-bytes", title="Volume")
    file_id = answer["file"]["id"]
    picture = {"type": "image", "alt_text": "Volume", "slack_file": {"id": file_id}}
    client.chat_postMessage(channel="C0NORD", text="chart", blocks=[picture])
    wrong = {"type": "image", "alt_text": "Volume", "slack_file": {"id": "F0NONE"}}
    refused("invalid_blocks", client.chat_postMessage, channel="C0NORD", text="chart", blocks=[wrong])
    client.files_upload_v2(filename="sla.csv", content="a,b", channel="C0NORD", initial_comment="The figures")
    assert ws.channel("amz-nordlicht").expect("The figures").message.files
    with urlopen(client.files_info(file=file_id)["file"]["url_private"]) as got:
        assert (got.read(), got.headers["content-type"]) == (b"\x89PNG-bytes", "image/png")


def test_permalinks_and_reactions(client, ws):
    ts = client.chat_postMessage(channel="C0NORD", text="card")["ts"]
    link = client.chat_getPermalink(channel="C0NORD", message_ts=ts)["permalink"]
    assert link == f"https://nordlicht-sunrise.slack.example/archives/C0NORD/p{ts.replace('.', '')}"
    client.reactions_add(channel="C0NORD", timestamp=ts, name="eyes")
    refused("already_reacted", client.reactions_add, channel="C0NORD", timestamp=ts, name="eyes")
    assert ws.channel("amz-nordlicht").expect("card").message.reactions == {"eyes": ["U0REPLY24"]}
    client.reactions_remove(channel="C0NORD", timestamp=ts, name="eyes")
    refused("no_reaction", client.reactions_remove, channel="C0NORD", timestamp=ts, name="eyes")


def test_json_bodies_work_like_forms(sandbox):
    body = json.dumps({"channel": "C0NORD", "text": "by json"}).encode()
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json; charset=utf-8"}
    with urlopen(Request(sandbox.api_url + "chat.postMessage", body, headers)) as answer:
        assert json.load(answer)["ok"] is True
    assert [post.text for post in sandbox.workspace.channel("amz-nordlicht").messages()] == ["by json"]
