"""How the Slack sandbox delivers: acks, redelivery, connections, signatures, retries, events."""

import pytest

from bot.errors import ConfigError
from bot.sandbox.slack.offer import manifest_of
from bot.sandbox.slack.server import SlackSandbox
from tests.dispatch.sandbox_app import SmallApp


@pytest.fixture
def sandbox():
    with SlackSandbox(rate_limits=False) as running:
        yield running


@pytest.fixture
def small(sandbox):
    app = SmallApp(sandbox)
    with app.over_socket_mode():
        yield app


def notes_messages(small):
    @small.app.event("message")
    def said(event, body, request):
        retries = request.headers.get("x-slack-retry-num", ["0"])[0]
        reason = request.headers.get("x-slack-retry-reason", [""])[0]
        small.note("message", body | {"retry": (int(retries), reason)})


def test_an_event_whose_ack_gets_lost_comes_again_with_the_same_id(small, sandbox):
    notes_messages(small)
    sandbox.lose_acks()
    sandbox.workspace.user("anna").say("a note", "amz-nordlicht")
    first, second = small.wait_seen("message", 2)
    assert first["event_id"] == second["event_id"]
    assert (first["retry"], second["retry"]) == ((0, ""), (1, "timeout"))
    assert second["event"]["text"] == "a note"
    assert second["event"]["channel_type"] == "group"


def test_an_event_that_nobody_acks_comes_four_times_over_six_minutes(small, sandbox):
    sandbox.workspace.user("anna").say("a note", "amz-nordlicht")  # no listener: bolt does not ack
    passed = 0
    while len(sandbox.deliveries("events_api")) < 4:
        sandbox.skip(1)
        passed += 1
    assert passed > 360
    assert [sent.attempt for sent in sandbox.deliveries("events_api")] == [0, 1, 2, 3]
    assert len({sent.payload["event_id"] for sent in sandbox.deliveries("events_api")}) == 1


def test_events_wait_for_an_app_that_connects_within_a_minute(sandbox):
    sandbox.workspace.user("anna").say("early", "amz-nordlicht")
    app = SmallApp(sandbox)
    notes_messages(app)
    with app.over_socket_mode():
        sandbox.skip(61)
        assert app.wait_seen("message")[0]["event"]["text"] == "early"


def test_envelopes_go_to_the_connections_in_turn(sandbox):
    apps = [SmallApp(sandbox), SmallApp(sandbox)]
    for app in apps:
        notes_messages(app)
    with apps[0].over_socket_mode(), apps[1].over_socket_mode():
        sandbox.wait_for(lambda: sandbox.connections() == 2)
        for number in range(4):
            sandbox.workspace.user("anna").say(f"note {number}", "amz-nordlicht")
        assert len(apps[0].wait_seen("message", 2)) + len(apps[1].wait_seen("message", 2)) == 4


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_the_client_reconnects_when_slack_asks_for_it(small, sandbox, reason):
    notes_messages(small)
    sandbox.disconnect(reason)
    sandbox.wait_for(lambda: len(sandbox.calls("apps.connections.open")) == 2 and sandbox.connections() == 1)
    sandbox.workspace.user("anna").say("after", "amz-nordlicht")
    assert small.wait_seen("message")[0]["event"]["text"] == "after"


def test_a_stopped_sandbox_comes_back_with_what_it_had(sandbox):
    app = SmallApp(sandbox)
    notes_messages(app)
    sandbox.workspace.user("anna").say("before", "general")
    address = sandbox.url
    sandbox.stop()
    sandbox.start()
    assert sandbox.url == address
    assert [post.text for post in sandbox.workspace.channel("general").messages()] == ["before"]
    with app.over_socket_mode():
        sandbox.workspace.user("anna").say("after", "general")
        assert app.wait_seen("message")[0]["event"]["text"] == "after"


def test_people_are_told_when_no_app_is_connected(sandbox):
    done = sandbox.workspace.user("anna").command("/reply 1042", channel="amz-nordlicht")
    assert done.error == '/reply failed with the error "dispatch_failed"'


def test_events_are_the_ones_that_the_manifest_names():
    manifest = manifest_of(
        commands=("/reply",),
        shortcuts=(("my_queue", "global"),),
        events=("member_joined_channel", "user_change", "reaction_added", "message.im"),
        scopes=("chat:write",),
    )
    with SlackSandbox(manifest=manifest) as sandbox:
        ws = sandbox.workspace
        post = ws.user("anna").say("a note", "amz-nordlicht")
        ws.user("bob").react(post, "eyes")
        ws.channel("amz-nordlicht").invite("gus")
        ws.user("bob").change(zone="Asia/Tokyo")
        ws.user("bob").say_to_bot("help")
        app = SmallApp(sandbox)
        names = ("message", "member_joined_channel", "user_change", "reaction_added")
        for name in names:
            app.app.event(name)(lambda event: app.note(event["type"], event))
        with app.over_socket_mode():
            sandbox.skip(61)
            joined = app.wait_seen("member_joined_channel")[0]
            assert (joined["user"], joined["channel"], joined["channel_type"]) == ("U0GUEST", "C0NORD", "G")
            assert app.wait_seen("user_change")[0]["user"]["tz"] == "Asia/Tokyo"
            assert app.wait_seen("reaction_added")[0]["item"]["ts"] == post.ts
            assert [event["channel_type"] for event in app.wait_seen("message")] == ["im"]
        refused = ws.user("anna").command("/claim 1042", channel="amz-nordlicht")
        assert refused.error.startswith("/claim is not a valid command.")
        assert not ws.user("anna").global_shortcut("other").ok


def test_a_manifest_that_slack_would_refuse_is_refused():
    names = tuple((f"shortcut_{n}", "message") for n in range(6))
    with pytest.raises(ConfigError, match="6 of type message") as raised:
        SlackSandbox(manifest=manifest_of(commands=("reply", "/" + "x" * 32), shortcuts=names))
    assert len(raised.value.faults) == 3


@pytest.fixture
def over_http():
    with SlackSandbox(mode="http", rate_limits=False) as sandbox:
        app = SmallApp(sandbox)
        with app.over_http():
            yield app


def test_http_events_come_again_with_retry_headers(over_http):
    notes_messages(over_http)
    over_http.sandbox.lose_acks()
    over_http.sandbox.workspace.user("anna").say("a note", "general")
    assert [body["retry"] for body in over_http.wait_seen("message", 2)] == [(0, ""), (1, "http_timeout")]


def test_http_requests_are_signed(over_http):
    @over_http.app.command("/claim")
    def claimed(ack):
        ack("fine")

    anna = over_http.sandbox.workspace.user("anna")
    assert anna.command("/claim 1042", channel="general").ephemerals == ["fine"]
    over_http.sandbox.call(lambda core: setattr(core.delivery, "_secret", "another secret"))
    assert (
        anna.command("/claim 1042", channel="general").error
        == '/claim failed with the error "dispatch_failed"'
    )
