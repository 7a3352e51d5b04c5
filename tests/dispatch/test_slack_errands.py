"""What a modal waits for: shown when it is there, few at once, and an error is shown as words."""

import threading
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.errors import WrongInput
from bot.sandbox.slack.driver import Modal
from bot.sandbox.slack.server import SlackSandbox
from bot.slack.blocks import Block, modal, section
from bot.slack.errands import Errands, Screen
from bot.slack.texts import Say

EN = Say("en")


def view(words: str, **more: object) -> Block:
    return modal("modal.loading", "Title", [section(words)], close="Close") | more


def waiting() -> Block:
    return view("wait", external_id="mine")


@pytest.fixture
def sandbox() -> Iterator[SlackSandbox]:
    with SlackSandbox(rate_limits=False) as found:
        yield found


@pytest.fixture
def client(sandbox: SlackSandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url)


def opened(sandbox: SlackSandbox, client: WebClient) -> Modal:
    trigger = sandbox.call(lambda core: core.tokens.issue_trigger("U0ANNA", ""))
    client.views_open(trigger_id=trigger, view=waiting())
    return sandbox.workspace.user("anna").modal()


def test_what_it_makes_is_shown_in_a_modal_that_an_ack_opens_a_moment_later(sandbox, client):
    assert Errands().run("store", Screen(client, external_id="mine"), EN, lambda: view("there it is"))
    sandbox.wait_for(lambda: sandbox.calls("views.update"))
    opened(sandbox, client).expect("there it is")


def test_an_error_is_shown_as_its_words_and_one_of_ours_as_a_number(sandbox, client):
    shown, errands = opened(sandbox, client), Errands()

    def gone() -> Block:
        raise WrongInput("A file is gone.", key="file_gone")

    errands.run("store", Screen(client, external_id="mine"), EN, gone)
    shown.expect("A file is not in Slack any more")
    client.views_update(view_id=shown.view["id"], view=waiting())
    errands.run("store", Screen(client, view_id=shown.view["id"]), EN, lambda: {}["bug"])
    shown.expect("Something went wrong on our side")


def test_who_has_closed_the_modal_gets_nothing_and_nothing_fails(sandbox, client):
    shown, errands = opened(sandbox, client), Errands()
    screen = Screen(client, view_id=shown.view["id"])
    shown.close()
    assert errands.run("store", screen, EN, lambda: view("too late"))
    sandbox.wait_for(lambda: sandbox.calls("views.update"))
    assert not sandbox.workspace.user("anna").has_modal


def test_who_has_gone_on_in_the_modal_keeps_what_is_there(sandbox, client):
    shown, errands, go_on = opened(sandbox, client), Errands(), threading.Event()

    def slow() -> Block:
        assert go_on.wait(20)
        return view("what was asked before")

    errands.run("store", Screen(client, shown.view["id"], seen=shown.view["hash"]), EN, slow)
    client.views_update(view_id=shown.view["id"], view=view("a form, half written"))
    go_on.set()
    sandbox.wait_for(lambda: len(sandbox.calls("views.update")) == 2)
    shown.expect("a form, half written")


def test_few_are_under_way_at_once_about_one_thing_and_in_all(sandbox, client):
    shown, errands, go_on = opened(sandbox, client), Errands(threads=3, each=2), threading.Event()
    screen = Screen(client, view_id=shown.view["id"])

    def hangs() -> Block:
        assert go_on.wait(20)
        return view("there it is")

    assert errands.run("slow", screen, EN, hangs)
    assert errands.run("slow", screen, EN, hangs)
    assert not errands.run("slow", screen, EN, hangs)
    assert errands.run("other", screen, EN, hangs)
    assert not errands.run("third", screen, EN, hangs)
    go_on.set()
    shown.expect("there it is")
    sandbox.wait_for(lambda: len(sandbox.calls("views.update")) == 3)
