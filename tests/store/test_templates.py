"""Templates that managers change: versions, what is refused, what every process sees. Both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.queries import ledger
from bot.db.tables_templates import TemplateVersionRow
from bot.desk import Desk, library, read, reply, settle, suggest, template_edits, template_report
from bot.desk.knowledge import Shelf
from bot.desk.reply import Outgoing
from bot.domain.ledger import first_fault
from bot.domain.template_versions import Saved, TemplateFault, Wording
from bot.domain.templates import TemplateSet
from bot.errors import NotAllowed, NotFound, Stale, WrongInput
from bot.settings.templates import load_templates, read_template, written
from tests import world
from tests.world import ANNA, GUEST, LI_WEI, WANG, Post, buyer_mail

DAY = timedelta(days=1)
CALL = "Rufen Sie uns an: 0170 1234567."
NAME = "delivery_delay"


def german(desk: Desk, **changes: Any) -> Wording:
    return replace(template_edits.editable(desk, NAME, "de", by=WANG).wording, **changes)


def reworded(desk: Desk, words: str = "Wir bitten um Entschuldigung.") -> Wording:
    now = german(desk)
    return replace(now, body=now.body.replace("{% block problem %}\n", f"{{% block problem %}}\n{words} "))


def change(desk: Desk, words: str = "Wir bitten um Entschuldigung.", *, seen: int = 0) -> Saved:
    return template_edits.save(desk, reworded(desk, words), seen=seen, by=WANG)


def text_of(desk: Desk, lang: str = "de", name: str = NAME) -> str:
    return written(library.templates(desk).get(name, lang))


def records(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    with desk.database.reading() as tx:
        every = list(ledger.records(tx))
    assert first_fault(every) is None
    return [(one.who, one.what, dict(one.facts)) for one, _hash in every]


@contextmanager
def second_process(desk: Desk) -> Iterator[Desk]:
    """Another process on the same database: with a memory and connections of its own."""
    url = desk.database.engine.url.render_as_string(hide_password=False)
    database = open_database(url)
    yield Desk(database, desk.settings, desk.clock, desk.knowledge)
    database.close()


def test_a_changed_template_is_a_version_and_every_process_has_it_at_once(desk: Desk) -> None:
    with second_process(desk) as other:
        before = text_of(other)
        saved = change(desk)
        assert (saved.name, saved.lang, saved.version) == (NAME, "de", 1)
        assert "Wir bitten um Entschuldigung." in saved.sample
        assert (saved.missing_languages, saved.differs) == ((), ())
        for one in (desk, other):
            assert text_of(one) == before.replace(
                "{% block problem %}\n", "{% block problem %}\nWir bitten um Entschuldigung. "
            )
        assert len(library.templates(other)) == 161
        change(other, "Es tut uns leid.", seen=1)
        assert "Es tut uns leid." in text_of(desk)
    assert records(desk) == [
        (WANG, "template_changed", {"template": NAME, "lang": "de", "version": 1, "restores": None}),
        (WANG, "template_changed", {"template": NAME, "lang": "de", "version": 2, "restores": None}),
    ]


def test_versions_are_never_overwritten_and_going_back_is_a_new_one(desk: Desk, clock: FixedClock) -> None:
    original = text_of(desk)
    change(desk, "Erste Fassung.")
    clock.advance(DAY)
    change(desk, "Zweite Fassung.", seen=1)
    assert template_edits.restore(desk, NAME, "de", 1, seen=2, by=WANG).version == 3
    assert "Erste Fassung." in text_of(desk)
    assert "Zweite Fassung." not in text_of(desk)
    assert template_edits.restore(desk, NAME, "de", 0, seen=3, by=WANG).version == 4
    assert text_of(desk) == original
    found = template_edits.history(desk, NAME, "de", by=WANG)
    assert [(one.version, one.what, one.restores, one.author) for one in found] == [
        (4, "restored", 0, WANG),
        (3, "restored", 1, WANG),
        (2, "changed", None, WANG),
        (1, "changed", None, WANG),
        (0, "file", None, None),
    ]
    assert any("Erste Fassung." in line for line in found[3].new)
    assert any("Zweite Fassung." in line for line in found[2].new)
    assert found[2].at == clock.now()
    with pytest.raises(NotFound):
        template_edits.restore(desk, NAME, "de", 9, seen=4, by=WANG)


def test_a_retired_template_is_offered_no_more_until_somebody_goes_back(desk: Desk) -> None:
    template_edits.retire(desk, NAME, "de", seen=0, by=WANG)
    with pytest.raises(NotFound):
        library.templates(desk).get(NAME, "de")
    assert library.templates(desk).get(NAME, "en").lang == "en"
    files, retired = template_edits.exported(desk)
    assert retired == (f"{NAME}/de.txt",)
    assert f"{NAME}/de.txt" not in files
    form = template_edits.editable(desk, NAME, "de", by=WANG)
    assert (form.retired, form.version, form.wording.title) == (True, 1, "Paket verspätet (Sendungsnummer)")
    template_edits.retire(desk, NAME, "de", seen=1, by=WANG)
    assert template_edits.save(desk, form.wording, seen=1, by=WANG).version == 2
    assert library.templates(desk).get(NAME, "de").title == form.wording.title
    assert [what for _who, what, _facts in records(desk)] == ["template_retired", "template_changed"]


def refusal(desk: Desk, wording: Wording) -> list[TemplateFault]:
    with pytest.raises(WrongInput) as caught:
        template_edits.save(desk, wording, seen=0, by=WANG)
    assert caught.value.key == "template_faults"
    found = caught.value.facts["faults"]
    assert isinstance(found, tuple)
    return list(found)


@pytest.mark.parametrize(
    ("old", "new", "line_of", "rule", "text"),
    [
        pytest.param("{{ carrier }}", "{{ carier }}", "carier", "", "Did you mean", id="an unknown variable"),
        pytest.param("{% block problem %}", "{% blok problem %}", "blok", "", "blok", id="syntax"),
        pytest.param("{{ carrier }}", "{{ carrier.x }}", "carrier.x", "", "not allowed", id="reaching"),
        pytest.param(
            "{% block thanks %}\n", "{% block thanks %}\nmail@nordlicht.example ", "mail@", "email_address",
            "e-mail", id="what Amazon forbids",
        ),
    ],
)  # fmt: skip
def test_a_wrong_text_is_refused_with_line_and_reason(
    desk: Desk, old: str, new: str, line_of: str, rule: str, text: str
) -> None:
    body = german(desk).body
    assert old in body
    body = body.replace(old, new, 1)
    faults = refusal(desk, german(desk, body=body))
    line = next(place for place, line in enumerate(body.split("\n"), start=1) if line_of in line)
    hits = [one for one in faults if one.rule == rule]
    assert (hits[0].part, hits[0].line) == ("body", line)
    assert text.lower() in hits[0].text.lower()
    assert records(desk) == []
    with desk.database.reading() as tx:
        assert tx.query(TemplateVersionRow).count() == 0


def test_a_part_that_is_missing_a_wrong_language_and_a_bad_title_are_refused(desk: Desk) -> None:
    whole = german(desk)
    no_part = whole.body.replace("{% block thanks %}", "").replace("{% endblock %}", "", 1)
    assert {one.part for one in refusal(desk, replace(whole, body=no_part))} == {"body"}
    english = template_edits.editable(desk, NAME, "en", by=WANG).wording.body
    assert {one.rule for one in refusal(desk, replace(whole, body=english))} == {"language_mismatch"}
    assert [one.part for one in refusal(desk, replace(whole, title="x" * 41))] == ["title"]
    assert [one.part for one in refusal(desk, replace(whole, title=" ", topic="nonsense"))] == [
        "title",
        "topic",
    ]
    assert [one.part for one in refusal(desk, replace(whole, marketplaces=("XX",)))] == ["marketplaces"]
    long = whole.body.replace("{% block thanks %}", "{% block thanks %}" + "Danke für Ihre Nachricht. " * 100)
    assert any("characters" in one.text for one in refusal(desk, replace(whole, body=long)))


def test_needs_follow_from_the_body_and_what_other_languages_have_differently_is_told(desk: Desk) -> None:
    body = german(desk).body.replace("{{ carrier }}", "dem Paketdienst")
    saved = template_edits.save(desk, german(desk, body=body), seen=0, by=WANG)
    assert "carrier" not in library.templates(desk).get(NAME, "de").needs
    assert saved.differs == ("needs",)


def test_a_new_template_begins_in_one_language_and_a_second_one_joins_it(desk: Desk) -> None:
    first = replace(
        template_edits.editable(desk, NAME, "en", by=WANG).wording, name="late_again", title="Late again"
    )
    saved = template_edits.add(desk, first, by=WANG)
    assert (saved.version, saved.missing_languages) == (1, ("de", "fr", "es", "it", "ja", "zh"))
    with pytest.raises(WrongInput, match="There is a template"):
        template_edits.add(desk, first, by=WANG)
    form = template_edits.editable(desk, "late_again", "de", by=WANG)
    assert (form.version, form.langs, form.wording.lang, form.wording.body) == (0, ("en",), "de", first.body)
    joined = replace(form.wording, title="Wieder spät", body=german(desk).body)
    assert template_edits.save(desk, joined, seen=0, by=WANG).differs == ()
    assert {one.lang for one in library.templates(desk) if one.name == "late_again"} == {"de", "en"}
    assert [what for _who, what, _facts in records(desk)] == ["template_added", "template_added"]
    assert [one.what for one in template_edits.history(desk, "late_again", "de", by=WANG)] == ["added"]


@pytest.mark.parametrize(
    ("name", "lang", "key"), [("No Way", "de", "template_name"), (NAME, "xx", "template_language")]
)
def test_a_name_or_language_that_can_not_be_is_refused(desk: Desk, name: str, lang: str, key: str) -> None:
    with pytest.raises(WrongInput) as caught:
        template_edits.save(desk, german(desk, name=name, lang=lang), seen=0, by=WANG)
    assert caught.value.key == key


def test_saving_what_stands_already_saves_nothing(desk: Desk) -> None:
    with pytest.raises(WrongInput, match="Nothing was changed"):
        template_edits.save(desk, german(desk), seen=0, by=WANG)
    change(desk)
    with pytest.raises(WrongInput, match="Nothing was changed"):
        template_edits.save(desk, german(desk), seen=1, by=WANG)


def test_who_began_with_an_older_version_is_told_who_changed_it(desk: Desk) -> None:
    change(desk)
    with pytest.raises(Stale) as caught:
        template_edits.save(desk, reworded(desk, "Anders."), seen=0, by=WANG)
    assert caught.value.facts["who"] == WANG


def test_of_many_who_save_at_once_one_wins_and_no_number_is_given_twice(desk: Desk) -> None:
    wordings = [reworded(desk, f"Fassung {number}.") for number in range(6)]
    start, ends = Barrier(6), []

    def save(wording: Wording) -> None:
        start.wait()
        try:
            ends.append(template_edits.save(desk, wording, seen=0, by=WANG).version)
        except Stale:
            ends.append(None)

    threads = [Thread(target=save, args=(one,)) for one in wordings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends, key=str) == [1] + [None] * 5
    assert [facts["version"] for _who, _what, facts in records(desk)] == [1]


def test_the_name_of_a_retired_template_is_not_new(desk: Desk) -> None:
    words = german(desk, name="late_again")
    template_edits.add(desk, words, by=WANG)
    template_edits.retire(desk, "late_again", "de", seen=1, by=WANG)
    with pytest.raises(WrongInput) as refused:
        template_edits.add(desk, words, by=WANG)
    assert refused.value.key == "template_exists"


@pytest.mark.parametrize("who", [LI_WEI, ANNA, GUEST, "U0NOBODY"])
def test_only_managers_touch_templates(desk: Desk, who: str) -> None:
    wording = reworded(desk)
    for act in (
        lambda: template_edits.save(desk, wording, seen=0, by=who),
        lambda: template_edits.add(desk, replace(wording, name="other"), by=who),
        lambda: template_edits.restore(desk, NAME, "de", 0, seen=0, by=who),
        lambda: template_edits.retire(desk, NAME, "de", seen=0, by=who),
        lambda: template_edits.editable(desk, NAME, "de", by=who),
        lambda: template_edits.history(desk, NAME, "de", by=who),
        lambda: template_report.report_for(desk, 90, by=who),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert records(desk) == []


def test_a_version_that_broke_is_left_out_with_its_line_and_can_be_mended(desk: Desk) -> None:
    change(desk)
    with desk.database.writing() as tx:
        row = tx.query(TemplateVersionRow).one()
        tx.add(
            TemplateVersionRow(
                name=NAME,
                lang="de",
                version=2,
                text=row.text.replace("{{ carrier }}", "{{ courier }}"),
                author=WANG,
                at=desk.now(),
            )
        )
    (fault,) = {one.text: one for one in library.faults(desk) if "courier" in one.text}.values()
    assert fault.file == f"{NAME}/de version 2"
    assert fault.line > 6
    with pytest.raises(NotFound):
        library.templates(desk).get(NAME, "de")
    form = template_edits.editable(desk, NAME, "de", by=WANG)
    assert "{{ courier }}" in form.wording.body
    assert form.version == 2
    mended = replace(
        form.wording,
        title="Paket verspätet (Sendungsnummer)",
        body=form.wording.body.replace("courier", "carrier"),
    )
    assert template_edits.save(desk, mended, seen=2, by=WANG).version == 3
    assert library.faults(desk) == ()


def test_a_file_that_the_policy_check_would_block_is_never_offered_and_a_warning_does_not_matter(
    desk: Desk,
) -> None:
    known = desk.knowledge.templates
    fine, other = known.get(NAME, "de"), known.get(NAME, "en")
    calling = replace(
        fine, source=fine.source.replace("{% block problem %}\n", f"{{% block problem %}}\n{CALL} ")
    )
    thankless = replace(other, source=other.source.replace("Thank you", "Hello"))
    files = TemplateSet(tuple({fine: calling, other: thankless}.get(one, one) for one in known))
    knowledge = replace(desk.knowledge, templates=files, flaws={})
    odd = replace(desk, knowledge=knowledge, shelf=Shelf())
    offered = library.templates(odd)
    assert offered.get(NAME, "en") == thankless
    with pytest.raises(NotFound):
        offered.get(NAME, "de")
    assert len(tuple(offered)) == len(tuple(known)) - 1
    faults = library.faults(odd)
    line = fine.first_line + fine.source.splitlines().index("{% block problem %}") + 1
    assert {(fault.file, fault.line) for fault in faults} == {(fine.file, line)}
    assert any("phone_number with the sample order full: 0170 1234567" in fault.text for fault in faults)


def test_what_is_exported_is_the_files_with_the_changes_and_loads_again(desk: Desk, tmp_path: Path) -> None:
    files, retired = template_edits.exported(desk)
    folder = world.ROOT / "templates"
    assert retired == ()
    assert {path: text.encode() for path, text in files.items()} == {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.txt")
    }
    change(desk)
    files, _retired = template_edits.exported(desk)
    found, faults = read_template(NAME, "de", files[f"{NAME}/de.txt"], "x")
    assert faults == []
    assert found is not None
    assert written(found) == files[f"{NAME}/de.txt"] == text_of(desk)
    for path, text in files.items():
        (tmp_path / "out" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / path).write_bytes(text.encode())
    again, wrong = load_templates(tmp_path / "out")
    assert (len(again), wrong) == (161, ())


def send(desk: Desk, text: str, template: str | None, *, by: str = LI_WEI) -> int:
    shown = reply.preview(desk, 1001, text, template, by=by)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, template)
    number = reply.send(desk, 1001, out, by=by)
    reply.send_now(desk, number, by=by)
    with desk.database.writing() as tx:
        row = tx.get_one(reply.ReplyRow, number)
        row.state = "sending"
    settle.accepted(desk, number, code=250)
    return number


def filled(desk: Desk) -> str:
    text = suggest.filled(desk, read.case(desk, 1001), "delivery_delay", "Li", by=LI_WEI).text
    for name, value in {"carrier": "DHL", "promised_date": "November 20", "due_date": "November 30"}.items():
        text = text.replace(f"{{{name}}}", value)
    for name in ("tracking", "ship_date", "product"):
        text = text.replace(f"{{{name}}}", "JD014600006281230701")
    assert "{" not in text
    return text


def test_the_report_counts_uses_edits_answers_and_what_buyers_wrote_after(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail())
    clock.advance(timedelta(hours=2))
    send(desk, filled(desk), NAME)
    assert template_report.report(desk, 90).figures[0].undecided == 1
    clock.advance(DAY)
    post.deliver(buyer_mail("It has not come. Where is it?"))
    clock.advance(timedelta(hours=4))
    send(desk, filled(desk) + "\n\nWe are very sorry.", NAME)
    send(desk, "Hello, thank you for your message. I am sorry about this. It comes on Friday.", None)
    clock.advance(8 * DAY)
    found = template_report.report(desk, 90)
    assert found.figures[0] == replace(
        found.figures[0], name=NAME, sent=2, unchanged=1, edited=1, resolved=1, unresolved=1, undecided=0
    )
    assert found.figures[0].average_seconds == 3 * 3600
    assert 0 < (found.figures[0].average_change or 0) < 0.1
    assert found.titles[NAME][0] == "Package is late (carrier, tracking)"
    assert [one.sent for one in found.figures[1:]] == [0] * 22
    assert template_report.report(desk, 7).figures[0].sent == 0
    with desk.database.reading() as tx:
        kept = [row.edited for row in tx.query(reply.ReplyRow).order_by(reply.ReplyRow.id)]
    assert kept[0] == 0
    assert kept[2] is None


def test_a_reply_that_came_back_is_in_no_figure(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    number = send(desk, filled(desk), NAME)
    with desk.database.writing() as tx:
        tx.get_one(reply.ReplyRow, number).state = "bounced"
    assert {one.sent for one in template_report.report(desk, 90).figures} == {0}


def test_a_template_after_which_buyers_write_again_sinks_in_the_suggestions(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail())
    case = read.case(desk, 1001)
    names = [one.template.name for one in suggest.suggestions(desk, case)]
    assert len(set(names)) == len(names) > 1
    first = names[0]
    for _ in range(4):
        send(desk, "Hello, thank you for your message. I am sorry about this. It comes on Friday.", first)
        clock.advance(timedelta(hours=1))
        post.deliver(buyer_mail("And now? Where is my parcel?"))
    clock.advance(timedelta(minutes=11))
    after = suggest.suggestions(desk, read.case(desk, 1001))
    assert after[0].template.name != first
    sunk = next(one for one in after if one.template.name == first)
    assert (sunk.resolved, sunk.decided) == (0, 4)


def test_a_risky_case_has_no_suggestions(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail("The battery caught fire and burned my hand, where is my parcel?"))
    assert suggest.suggestions(desk, read.case(desk, 1001)) == ()
