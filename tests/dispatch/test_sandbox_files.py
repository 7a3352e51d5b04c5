"""Files in modals of the Slack sandbox: in the view's state, given out to the app's token alone."""

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.offer import manifest_of
from bot.sandbox.slack.server import SlackSandbox
from tests.dispatch.sandbox_app import SmallApp, button, card, modal, text_input

PDF = b"%PDF-1.4 an invoice"


def _file_input(**more):
    element = {"type": "file_input", "action_id": "files", **more}
    return text_input("files") | {"element": element}


def _opened(small: SmallApp, blocks):
    @small.app.action("case.files")
    def clicked(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=blocks))

    @small.app.view("reply")
    def submitted(ack, body):
        small.note("submitted", body)
        ack()

    small.client.chat_postMessage(
        channel="C0NORD", text="Case 1042", blocks=card(button("Files", "case.files"))
    )
    post = small.sandbox.workspace.channel("amz-nordlicht").expect(text="Case 1042")
    return post.click("Files", by="anna").modal


@pytest.fixture
def small():
    with SlackSandbox(rate_limits=False) as sandbox, SmallApp(sandbox).over_socket_mode() as app:
        yield app


def test_a_chosen_file_stands_in_the_view_s_state_and_its_bytes_can_be_fetched_with_the_token(small):
    shown = _opened(small, [_file_input(filetypes=["pdf"], max_files=2)])
    shown.attach("files", ("Rechnung 1.pdf", PDF))

    assert shown.submit().closed

    values = small.wait_seen("submitted")[0]["view"]["state"]["values"]
    (file,) = values["files"]["files"]["files"]
    assert (file["name"], file["mimetype"], file["size"]) == ("Rechnung 1.pdf", "application/pdf", len(PDF))
    assert small.client.files_info(file=file["id"])["file"]["user"] == "U0ANNA"
    token = {"authorization": f"Bearer {small.sandbox.bot_token}"}
    assert httpx.get(file["url_private_download"], headers=token).content == PDF


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer xoxb-other"}])
def test_without_the_token_slack_leads_to_its_page_for_logging_in(small, headers):
    shown = _opened(small, [_file_input()]).attach("files", ("a.txt", b"words"))
    url = shown.value("files")[0]["url_private_download"]

    answer = httpx.get(url, headers=headers)

    assert (answer.status_code, answer.headers["location"]) == (302, "/signin")


def test_slack_s_own_client_keeps_to_number_and_kinds_and_asks_for_what_is_required(small):
    shown = _opened(small, [_file_input(filetypes=["pdf"], max_files=1)])

    assert shown.submit().errors == {"files": "Please complete this required field."}
    with pytest.raises(AssertionError, match="Only these kinds"):
        shown.attach("files", ("virus.exe", b"MZ"))
    with pytest.raises(AssertionError, match="up to 1"):
        shown.attach("files", ("a.pdf", PDF), ("b.pdf", PDF))


def test_an_app_that_may_not_read_files_can_t_ask_for_any():
    manifest = manifest_of(scopes=("chat:write",))
    with SlackSandbox(manifest=manifest) as sandbox:
        trigger = sandbox.call(lambda core: core.tokens.issue_trigger("U0ANNA", ""))
        client = SmallApp(sandbox).client
        with pytest.raises(SlackApiError) as refused:
            client.views_open(trigger_id=trigger, view=modal(blocks=[_file_input()]))
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "files:read"


def test_the_page_hands_a_file_over_by_its_bytes(small):
    url = f"{small.sandbox.url}/page/upload"
    answer = httpx.post(url, params={"as": "U0ANNA", "name": "é.pdf"}, content=PDF).json()

    assert answer["ok"]
    assert (answer["file"]["name"], answer["file"]["size"]) == ("é.pdf", len(PDF))
    assert httpx.post(url, params={"as": "nobody", "name": "a.pdf"}, content=PDF).status_code == 400
