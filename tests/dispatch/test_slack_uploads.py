"""Fetching what a person put into a modal, from the sandbox over HTTP: within bounds, with reasons."""

import socket
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.domain.passed_on import MOST_BYTES
from bot.domain.typed_messages import MessageFile
from bot.errors import Unreachable, WrongInput
from bot.sandbox.slack import uploads as sandbox_uploads
from bot.sandbox.slack.offer import manifest_of
from bot.sandbox.slack.server import SlackSandbox
from bot.slack.uploads import fetch

PDF = b"%PDF-1.4 an invoice"


@pytest.fixture
def sandbox() -> Iterator[SlackSandbox]:
    with SlackSandbox(rate_limits=False) as found:
        yield found


def client_of(sandbox: SlackSandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url)


def put(sandbox: SlackSandbox, name: str, content: bytes = PDF) -> str:
    return sandbox.call(lambda core: sandbox_uploads.take(core, "U0ANNA", name, content))["id"]


def refusal(client: WebClient, *ids: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(WrongInput) as refused:
        fetch(client, ids)
    return refused.value.key, refused.value.facts


def test_files_come_with_name_kind_and_bytes_in_the_order_in_which_they_were_chosen(sandbox):
    ids = [put(sandbox, "Rechnung.pdf"), put(sandbox, "说明.txt", b"words")]
    assert fetch(client_of(sandbox), ids) == (
        MessageFile("Rechnung.pdf", "application/pdf", PDF),
        MessageFile("说明.txt", "text/plain", b"words"),
    )


def test_all_files_together_keep_to_the_limit_and_no_byte_more_is_read(sandbox):
    half = b"%PDF" + b" " * (MOST_BYTES // 2)
    ids = [put(sandbox, "a.pdf", half), put(sandbox, "b.pdf", half)]
    assert refusal(client_of(sandbox), *ids) == ("files_too_large", {"most": "10 MB"})


def test_a_file_that_is_larger_than_slack_says_is_given_up(sandbox):
    """The size that Slack tells is a claim; what is read is bounded all the same."""
    id_ = put(sandbox, "a.pdf", b"%PDF" + b" " * MOST_BYTES)
    sandbox.call(lambda core: setattr(core.store.files[id_], "size", 10))
    assert refusal(client_of(sandbox), id_)[0] == "files_too_large"


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"MZ\x90 a program"), ("a.exe", b"MZ"), ("a.pdf", b"not a pdf")]
)
def test_what_is_dangerous_or_not_what_its_name_says_is_not_taken(sandbox, name, content):
    assert refusal(client_of(sandbox), put(sandbox, name, content)) == ("file_dangerous", {"file": name})


def test_a_file_that_is_gone_is_said_to_be_gone(sandbox):
    assert refusal(client_of(sandbox), "F0GONE")[0] == "file_gone"


def test_an_app_that_may_not_read_files_says_what_is_missing():
    with SlackSandbox(manifest=manifest_of(scopes=("chat:write",)), rate_limits=False) as sandbox:
        assert refusal(client_of(sandbox), put(sandbox, "a.pdf"))[0] == "files_not_readable"


def test_slack_s_page_for_logging_in_is_no_file(sandbox):
    """It comes instead of the file where the token does not count any more; its address is not followed."""
    id_, client = put(sandbox, "a.pdf"), client_of(sandbox)
    sandbox.bot_token = "xoxb-renewed"
    assert refusal(client, id_)[0] == "files_not_readable"


def test_a_file_elsewhere_is_not_fetched_and_the_token_stays_here(sandbox):
    id_, client = put(sandbox, "a.pdf"), client_of(sandbox)
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"http://127.0.0.1:{other.getsockname()[1]}"
        sandbox.call(lambda core: setattr(core.store, "url", place))
        assert refusal(client, id_) == ("file_elsewhere", {"file": "a.pdf"})
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_file_that_does_not_end_is_given_up_in_bounded_time(sandbox):
    with pytest.raises(Unreachable, match="could not be fetched"):
        fetch(client_of(sandbox), [put(sandbox, "a.pdf")], patience_s=0)
