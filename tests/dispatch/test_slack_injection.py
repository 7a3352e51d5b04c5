"""A buyer who tries everything: names, subjects, texts and files that would do something if anything read them."""

import json
from email.message import EmailMessage
from typing import Any

import pytest

from tests.office import Case, Office

NASTY = (
    "<!channel> <!here> <!everyone> <@U0WANG> <!subteam^S0ONCALL> @here <https://evil.example|Click me> "
    "https://evil.example/x *bold* _it_ ~s~ `code` ```block``` :tada: &lt;!channel&gt; "
    "{{ 8191 * 8193 }} {% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %} "
    '=HYPERLINK("https://evil.example") \u202eevil \x00\x07 {"type":"button"}'
)


@pytest.fixture(scope="module")
def case(shared: Office) -> Case:
    case = shared.new_case(NASTY, name="<!channel> {{8191*8193}} *x*")
    case.claim("anna")
    case.write_again(f"Again {NASTY}")
    shared.tick(hours=21)
    return case


def _parsed(value: Any) -> list[str]:
    """Every text that Slack would read as markup: mrkdwn objects, fallback texts."""
    if isinstance(value, dict):
        own = [str(value["text"])] if value.get("type") == "mrkdwn" else []
        return own + [text for one in value.values() for text in _parsed(one)]
    if isinstance(value, list):
        return [text for one in value for text in _parsed(one)]
    return []


def _said(office: Office) -> list[str]:
    found: list[str] = []
    for call in office.sandbox.calls():
        if call.method.startswith(("chat.", "views.")):
            found += [str(call.args.get("text") or "")]
            for part in ("blocks", "view"):
                given = call.args.get(part)
                found += _parsed(json.loads(given) if isinstance(given, str) else given)
    return found


def test_nothing_of_the_buyers_fires_anywhere_in_slack(shared: Office, case: Case) -> None:
    shared.opened(case.card.click("Details, merge, split…", by="anna")).close()
    said = _said(shared)
    assert any("again" in text.lower() for text in said)
    for text in said:
        assert "<!channel" not in text
        assert "<!here" not in text
        assert "<!everyone" not in text
        assert "<!subteam" not in text
        assert "evil.example|" not in text
        assert "https://evil.example" not in text
        assert "\u202e" not in text
        assert "\x00" not in text


def test_nobody_is_rung_by_a_mention_that_a_buyer_typed(shared: Office, case: Case) -> None:
    of_buyer = [
        one
        for one in shared.ws.user("wang.fang").notifications()
        if "evil" in one.text and "Case" not in one.text
    ]
    assert of_buyer == []
    assert case.now.assignee is not None


def test_no_template_language_of_a_buyers_is_ever_worked_out(shared: Office, case: Case) -> None:
    form = shared.opened(case.card.click("case.reply", by="anna"))
    form.select("form.template", form_template(form.view))
    shared.until(lambda: shared.ws.user("anna").modal().plain)
    said = json.dumps(
        [call.args for call in shared.sandbox.calls() if call.method.startswith("views.")], default=str
    )
    assert "67108863" not in "".join(_said(shared))
    assert "<class" not in said
    shared.close_modals()


def form_template(view: dict[str, Any]) -> str:
    """The first template that the modal offers."""
    for block in view["blocks"]:
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", [])):
            for option in (element or {}).get("options", []):
                return str(option["value"])
            for group in (element or {}).get("option_groups", []):
                return str(group["options"][0]["value"])
    raise AssertionError("the form offers no template")


def test_a_reply_to_such_a_buyer_has_no_header_of_the_buyers(shared: Office) -> None:
    case = shared.new_case("Hello", name="Ann {{8191*8193}}")
    case.answer(by="anna")
    sent = [one for one in shared.relay.sent if one.to == case.buyer.alias]
    assert len(sent) == 1
    assert "evil.example" not in sent[0].text
    assert "67108863" not in sent[0].text


def test_a_file_is_named_with_what_may_be_wrong_and_nothing_of_it_is_uploaded(shared: Office) -> None:
    mail = EmailMessage()
    mail["From"] = "Ann <annfile000001+c77@marketplace.amazon.co.uk>"
    mail["To"] = "uk@nordlicht.example"
    mail["Subject"] = "Inquiry from Amazon customer Ann (Order: 203-5550001-5550002)"
    mail["Message-ID"] = "<files-1@x.example>"
    mail.set_content("See the files")
    for name, content in (
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
        ("invoice.pdf.exe", b"MZ\x90"),
        ("@here <!channel>.zip", b"PK"),
    ):
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    (shared.relay.folder_of("nordlicht") / "new" / "1.files.eml").write_bytes(mail.as_bytes())
    card = shared.ws.channel("amz-nordlicht").expect("See the files", timeout_s=30)
    card.expect("a program: do not open it").expect("an archive: nobody has looked inside").expect("photo")
    assert "@here" not in card.plain
    shared.quiet()
    assert not shared.sandbox.calls("files.getUploadURLExternal")
