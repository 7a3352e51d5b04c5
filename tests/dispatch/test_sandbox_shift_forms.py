"""The modals of `/shift` in the Slack sandbox: each kind of input can be filled, and arrives as Slack sends it."""

import pytest

from bot.sandbox.slack.server import SlackSandbox
from bot.slack import ids
from bot.slack.limits import fit
from bot.slack.payloads import typed
from bot.slack.texts import Say
from bot.slack.views import shift_modals
from bot.slack.views.shift_modals import SwapForm, error_block
from tests.dispatch.sandbox_app import SmallApp
from tests.unit.request_samples import END, HOUR, READER, START, request, shifts, team

EN = Say("en")
VALUE = f"{int(START.timestamp())}:{int(END.timestamp())}"


@pytest.fixture
def small():
    with SlackSandbox(mode="http", rate_limits=False) as sandbox:
        app = SmallApp(sandbox)
        with app.over_http():
            yield app


def opened(small, view):
    """The modal as Li Wei sees it; what is submitted is noted and answered with the preview."""

    @small.app.command("/shift")
    def commanded(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=fit(view))

    @small.app.view(view["callback_id"])
    def submitted(ack, body):
        small.note("submitted", body["view"])
        ack(response_action="push", view=fit(shift_modals.preview(request(), READER, EN)))

    return small.sandbox.workspace.user("li.wei").command("/shift", channel="amz-nordlicht").modal


def entered(small):
    return {name: value for name, value in typed(small.seen["submitted"][-1]).items() if value is not None}


def test_cover_arrives_with_the_shift_the_part_and_the_note_and_is_previewed(small):
    modal = opened(small, shift_modals.cover(shifts(), (), READER, EN))
    modal.select("Which of your shifts?", "Mon 30 Nov 09:00–18:00 · All stores")
    modal.select(ids.SHIFT_FROM, START + HOUR)
    modal.select(ids.SHIFT_UNTIL, int(END.timestamp()))
    modal.fill("Note for your colleagues", "Doctor")
    done = modal.submit()
    assert done.modal.title == "Before you confirm"
    assert done.modal.depth == 2
    assert entered(small) == {
        ids.SHIFT_MINE: VALUE,
        ids.SHIFT_FROM: str(int((START + HOUR).timestamp())),
        ids.SHIFT_UNTIL: str(int(END.timestamp())),
        ids.SHIFT_NOTE: "Doctor",
    }


def test_choosing_a_colleague_brings_their_shifts_and_keeps_mine(small):
    form = SwapForm(shifts(), team())

    @small.app.action(ids.SHIFT_OTHER)
    def colleague_chosen(ack, body, client):
        ack()
        small.note("chosen", body)
        other = next(one for one in team() if one.person == body["actions"][0]["selected_option"]["value"])
        view = shift_modals.swap(SwapForm(form.mine, form.team, other, shifts()), READER, EN)
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=fit(view))

    modal = opened(small, shift_modals.swap(form, READER, EN))
    modal.select("Your shift", VALUE)
    modal.select("With whom?", "Bob Rivera")
    modal.expect("Shift of Bob Rivera that you work instead")
    modal.select(f"{ids.SHIFT_THEIRS}.U0BOB", VALUE)
    modal.submit()
    assert entered(small) == {ids.SHIFT_MINE: VALUE, ids.SHIFT_OTHER: "U0BOB", ids.SHIFT_THEIRS: VALUE}

    modal = small.sandbox.workspace.user("li.wei").modal()
    modal.close()
    modal.select("With whom?", "Katrin Muster")
    modal.expect("Shift of Katrin Muster that you work instead")
    assert modal.value(f"{ids.SHIFT_THEIRS}.U0ANNA") is None


def test_time_off_arrives_with_its_reason_and_the_box(small):
    modal = opened(small, shift_modals.off(READER, EN))
    modal.select("From", START)
    modal.select("Until", END)
    modal.select("Why?", "sick")
    modal.select(ids.SHIFT_ASK, ["yes"])
    modal.submit()
    assert entered(small) == {
        ids.SHIFT_FROM: str(int(START.timestamp())),
        ids.SHIFT_UNTIL: str(int(END.timestamp())),
        ids.SHIFT_REASON: "sick",
        ids.SHIFT_ASK: "yes",
    }


def test_an_override_arrives_with_people_and_stores(small):
    stores = {"nordlicht": "Nordlicht", "sunrise": "Sunrise", "third": "Third"}
    modal = opened(small, shift_modals.override(team(), stores, READER, EN))
    modal.select("Who works?", "Katrin Muster")
    modal.select("Instead of", "Bob Rivera")
    modal.select("From", START)
    modal.select("Until", END)
    modal.select("For which stores?", ["Nordlicht", "Third"])
    modal.submit()
    got = entered(small)
    assert (got[ids.SHIFT_ON], got[ids.SHIFT_INSTEAD]) == ("U0ANNA", "U0BOB")
    assert got[ids.SHIFT_STORES] == "nordlicht,third"


def test_a_mistake_is_shown_at_its_field(small):
    view = shift_modals.off(READER, EN)

    @small.app.command("/shift")
    def commanded(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=fit(view))

    @small.app.view(ids.MODAL_OFF)
    def submitted(ack, body):
        block = error_block(body["view"], "shift_ends_first")
        ack(response_action="errors", errors={block: EN("error.shift_ends_first")})

    modal = small.sandbox.workspace.user("li.wei").command("/shift", channel="amz-nordlicht").modal
    modal.select("From", END)
    modal.select("Until", START)
    assert modal.submit().errors == {"shift.until": "The end must be later than the start."}
