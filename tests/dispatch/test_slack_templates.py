"""Managers write and change templates in Slack; agents are offered the new words at once."""

from dataclasses import replace

import pytest

from bot.desk import library, template_edits
from bot.sandbox.slack.driver import Modal, Outcome
from tests.office import Office
from tests.world import WANG

CHANNEL = "amz-nordlicht"
MANAGER = "wang.fang"
BODY = """Hello{% if buyer_name %} {{ buyer_name }}{% endif %},

{% block thanks %}
Thank you for your message about order {{ order_id }}.
{% endblock %}

{% block problem %}
We are sorry that your parcel has not arrived yet.
{% endblock %}

{% block solution %}
We have asked the carrier and will write to you again by {{ due_date }}.
{% endblock %}

Kind regards
{{ store_name }}"""


def typed(office: Office, command: str, who: str = MANAGER) -> Outcome:
    return office.ws.user(who).command(command, CHANNEL)


def form_of(office: Office, name: str, lang: str = "en") -> Modal:
    return office.opened(typed(office, f"/templates edit {name} {lang}"))


def body_of(office: Office, name: str, lang: str = "en") -> str:
    return library.templates(office.desk).get(name, lang).source.strip("\n")


def test_a_manager_changes_a_template_and_the_next_reply_has_the_new_words(office: Office) -> None:
    case = office.new_case()
    form = form_of(office, "delivery_delay")
    words = form.value("template.body")
    assert words == body_of(office, "delivery_delay")
    form.fill(
        "template.body", words.replace("{% block problem %}\n", "{% block problem %}\nWe are truly sorry. ")
    )
    done = form.submit().modal
    assert done is not None
    done.expect("版本 1").expect("We are truly sorry.").close()
    reply = case.card.select("More templates", "Package is late (carrier, tracking)", by="anna").modal
    assert "We are truly sorry." in reply.value("form.text")


def test_a_wrong_text_is_refused_at_its_field_with_its_line_and_can_be_mended(office: Office) -> None:
    form = form_of(office, "thanks")
    words = form.value("template.body")
    line = words.split("\n").index("{% block thanks %}") + 2
    form.fill(
        "template.body", words.replace("{% block thanks %}\n", "{% block thanks %}\nCall {{ phone }}. ")
    )
    refused = form.submit()
    (said,) = refused.errors.values()
    assert said.startswith(f'第 {line} 行：unknown variable "phone".')
    form.fill(
        "template.body",
        words.replace("{% block thanks %}\n", "{% block thanks %}\nSee www.nordlicht.example "),
    )
    (said,) = form.submit().errors.values()
    assert said.startswith(f"第 {line} 行：亚马逊禁止指向站外的链接")
    form.fill("template.body", words)
    (said,) = form.submit().errors.values()
    assert "没有区别" in said
    form.fill("template.title", "x").fill("template.body", words.replace("{% block thanks %}", "")).submit()
    assert library.templates(office.desk).get("thanks", "en").source.strip("\n") == words


def test_a_new_template_is_written_in_slack_and_found_in_the_list(office: Office) -> None:
    form = office.opened(typed(office, "/templates new"))
    for field, text in (
        ("template.name", "parcel_lost"),
        ("template.title", "Parcel is lost"),
        ("template.title_en", "Parcel is lost"),
        ("template.title_zh", "包裹丢失"),
        ("template.body", BODY),
    ):
        form.fill(field, text)
    form.select("template.lang", "en")
    form.select("template.topic", "delivery")
    done = form.submit().modal
    assert done is not None
    done.expect("parcel_lost").expect("尚未编写").close()
    typed(office, "/templates lost", "anna").expect_ephemeral("Parcel is lost")
    (found,) = [one for one in library.templates(office.desk) if one.name == "parcel_lost"]
    assert (found.topic, found.needs) == ("delivery", ("order_id", "due_date", "store_name"))
    again = office.opened(typed(office, "/templates new"))
    for field, text in (
        ("template.name", "parcel_lost"),
        ("template.title", "a"),
        ("template.title_en", "a"),
    ):
        again.fill(field, text)
    again.fill("template.title_zh", "a").fill("template.body", BODY)
    again.select("template.topic", "delivery")
    assert list(again.submit().errors) == ["template.name"]


def test_choosing_another_language_shows_its_text(office: Office) -> None:
    form = form_of(office, "damaged")
    assert form.value("template.body") == body_of(office, "damaged", "en")
    changed = form.select("template.lang", "de").modal
    office.ws.wait_for(lambda: changed.value("template.body") == body_of(office, "damaged", "de"))
    assert changed.value("template.title") == library.templates(office.desk).get("damaged", "de").title


def test_the_history_shows_who_changed_what_and_leads_back(office: Office) -> None:
    before = body_of(office, "invoice")
    form = form_of(office, "invoice")
    form.fill("template.body", before.replace("{% block problem %}\n", "{% block problem %}\nWe see. "))
    saved = form.submit().modal
    assert saved is not None
    saved.close()
    form = form_of(office, "invoice")
    assert "We see." in form.value("template.body")
    history = office.opened(form.press("template.history"))
    history.expect("<@U0WANG>").expect("We see.").expect("使用中")
    history.press("template.back.0")
    history.expect("恢复到文件内容")
    office.until(lambda: body_of(office, "invoice") == before)
    history.close()
    below = office.ws.user(MANAGER).modal()
    office.ws.wait_for(lambda: below.value("template.body") == before)
    again = office.opened(below.press("template.history"))
    again.press("template.retire")
    again.expect("停用")
    office.until(
        lambda: "en" not in [one.lang for one in library.templates(office.desk) if one.name == "invoice"]
    )


def test_two_managers_at_once_the_later_is_told_and_keeps_the_text(office: Office) -> None:
    first = form_of(office, "warranty")
    words = first.value("template.body")
    first.fill("template.body", words.replace("{% block problem %}\n", "{% block problem %}\nWe see. "))
    now = template_edits.editable(office.desk, "warranty", "en", by=WANG).wording
    template_edits.save(office.desk, replace(now, title_en="Warranty?"), seen=0, by=WANG)
    refused = first.submit().modal
    assert refused is not None
    refused.expect("没有保存").close()
    assert "We see." in office.ws.user(MANAGER).modal().value("template.body")


def test_the_list_has_buttons_for_managers_only(shared: Office) -> None:
    typed(shared, "/templates").expect_ephemeral("新建模板")
    seen = typed(shared, "/templates", "anna").expect_ephemeral("Templates (")
    assert "New template" not in seen
    post = next(
        one
        for one in reversed(shared.ws.channel(CHANNEL).messages(shared.ws.user(MANAGER).id))
        if one.message.ephemeral_to == shared.ws.user(MANAGER).id and "新建模板" in one.plain
    )
    form = shared.opened(post.click("新建模板", by=MANAGER))
    form.expect("名称").close()
    picked = shared.opened(post.select("template.edit", "thanks", by=MANAGER))
    picked.expect("thanks").close()
    post.click("template.report", by=MANAGER).expect_ephemeral("首次解决率")


def test_the_report_is_for_managers_and_takes_a_period(shared: Office) -> None:
    typed(shared, "/templates report 30").expect_ephemeral("最近 30 天")
    typed(shared, "/templates report soon").expect_ephemeral("例如 `report 30`")
    typed(shared, "/templates report", "anna").expect_ephemeral("Only a manager can do this")


@pytest.mark.parametrize("is_retired", [False, True])
def test_a_template_that_is_not_in_english_is_found_without_its_language(
    office: Office, is_retired: bool
) -> None:
    words = template_edits.editable(office.desk, "thanks", "de", by=WANG).wording
    template_edits.add(office.desk, replace(words, name="late_thanks"), by=WANG)
    if is_retired:
        template_edits.retire(office.desk, "late_thanks", "de", seen=1, by=WANG)
    office.opened(typed(office, "/templates history late_thanks")).expect("<@U0WANG>").close()
    form = office.opened(typed(office, "/templates edit Late_Thanks"))
    form.expect("德语")
    assert form.value("template.body") == body_of(office, "thanks", "de")


@pytest.mark.parametrize("word", ["edit", "history", "Edit"])
def test_whoever_names_no_template_is_shown_all_of_them(shared: Office, word: str) -> None:
    assert "delivery_delay" in typed(shared, f"/templates {word}").expect_ephemeral("thanks")


@pytest.mark.parametrize("words", ["new", "edit thanks", "edit thanks de", "history thanks"])
def test_agents_can_not_change_templates(shared: Office, words: str) -> None:
    modal = shared.opened(typed(shared, f"/templates {words}", "anna"))
    modal.expect("Only a manager can do this").close()


@pytest.mark.parametrize(
    ("words", "said"),
    [("edit nosuch", "nosuch"), ("edit thanks xx", "没有这种语言"), ("history nosuch de", "nosuch")],
)
def test_what_is_not_there_is_said(shared: Office, words: str, said: str) -> None:
    shared.opened(typed(shared, f"/templates {words}")).expect(said).close()


def test_the_reply_modal_says_why_a_template_is_suggested(shared: Office) -> None:
    case = shared.new_case("Where is my parcel? It should have come on Monday.")
    form = shared.opened(case.card.click("case.reply", by="anna"))
    select = next(
        block["element"] for block in form.view["blocks"] if block["block_id"].startswith("form.template")
    )
    first, last = select["options"][0], select["options"][-1]
    assert first["description"]["text"].startswith("fits: Where is my order?")
    assert "description" not in last
    form.close()
