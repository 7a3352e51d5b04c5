"""An evidence pack: what is in it, that it proves what it says, that no change stays unseen. Both databases."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli import verify_pack
from bot.cli.evidence import pack, zipped
from bot.clock import FixedClock
from bot.db.tables import LedgerRow
from bot.desk import Desk, anchors, assign, close, evidence, merging, pings
from bot.desk.purge import purge
from bot.desk.solutions import Wish, grant, rma_for
from bot.domain.ledger import Anchor
from bot.domain.mail import Attachment
from bot.domain.purge import GONE
from bot.errors import NotFound
from tests.store.test_merging import DAY, FIRST, HOUR, SECOND, TEXT, answer, second, send
from tests.world import ANNA, WANG, Post, buyer_mail

WORDS = "The lamp <script>alert(1)</script> =1+1 is broken \u202egnp.exe"


@pytest.fixture
def lived(desk: Desk, post: Post, clock: FixedClock) -> Desk:
    """Two orders of one buyer, merged; another buyer's case between; answered, given, anchored."""
    file = Attachment("=cmd.jpg", "image/jpeg", 7, b"content")
    post.deliver(buyer_mail(WORDS, attachments=(file,)))
    other = {
        "order_id": "305-9999999-9999999",
        "amazon_case_id": "x",
        "buyer_base": "a@marketplace.amazon.de",
    }
    post.deliver(buyer_mail("Not hers", buyer_alias="a+x@marketplace.amazon.de", buyer_name="Otto", **other))
    post.deliver(second())
    clock.advance(HOUR)
    assign.claim(desk, 1001, by=ANNA)
    grant(desk, 1001, Wish("partial_refund", "50", "9.50", "damaged", "lamp"), by=ANNA, seen=0)
    rma_for(desk, 1001, by=ANNA)
    clock.advance(19 * HOUR)
    pings.ping_due(desk)
    answer(desk, clock, 1001, then_close=False)
    anchors.put_due(desk)
    close.note(desk, 1002, "of the other", by=ANNA)
    merging.merge(desk, 1003, 1001, by=ANNA)
    close.note(desk, 1001, "she was friendly", by=ANNA)
    send(desk, 1001)
    return desk


def packed(desk: Desk, wanted: str = FIRST) -> dict[str, bytes]:
    return pack(evidence.gather(desk, wanted))[0]


def faults(files: dict[str, bytes], kept: str = "") -> list[str]:
    return verify_pack.check(files, kept)[0]


def test_it_holds_all_of_the_order_and_nothing_of_another(lived: Desk) -> None:
    files = packed(lived)
    assert set(files) == {*verify_pack.PACK, "manifest.json"}
    assert [one["case"] for one in json.loads(files["cases.json"])["cases"]] == [1001, 1003]
    texts = json.loads(files["texts.json"])
    assert [one["text"] for one in texts if one["kind"] == "message"] == [
        WORDS,
        "And where is the other one?",
    ]
    assert [one["state"] for one in texts if one["kind"] == "reply"] == ["accepted", "held"]
    assert {"she was friendly", TEXT} <= {one["text"] for one in texts}
    whats = {one["what"] for one in json.loads(files["timeline.json"])}
    assert {
        "message_received",
        "claimed",
        "pinged",
        "reply_held",
        "reply_accepted",
        "merged",
        "took_in",
    } <= whats
    assert {one["what"] for one in json.loads(files["checks.json"])} == {"reply_held"}
    given = json.loads(files["given.json"])
    assert [(one["what"], one.get("amount")) for one in given] == [
        ("partial_refund", "9.50 EUR"),
        ("rma", None),
    ]
    everything = b"".join(content for name, content in files.items() if name != "verify.py").decode()
    assert "Otto" not in everything
    assert "305-9999999" not in everything
    assert "of the other" not in everything


@pytest.mark.parametrize("wanted", [FIRST, SECOND, "1001", "1003"])
def test_either_order_and_either_case_give_the_same_cases(lived: Desk, wanted: str) -> None:
    assert evidence.gather(lived, wanted).numbers == (1001, 1003)


def test_it_fits_itself_and_the_anchor_that_was_posted(lived: Desk) -> None:
    files = packed(lived)
    assert faults(files) == []
    with lived.database.reading() as tx:
        count = len(tx.scalars(select(LedgerRow.seq)).all())
    ledger = json.loads(files["records.json"])
    assert ledger["head"]["seq"] == count
    assert 0 < ledger["anchor"]["seq"] < count
    posted = anchors.anchor(lived, ledger["anchor"]["seq"])[0]
    assert faults(files, str(posted)) == []
    assert faults(files, f"{posted.seq}:{posted.hash}") == []
    assert faults(files, str(replace(posted, root="0" * 64)))
    assert faults(files, str(replace(posted, hash="0" * 64)))
    assert faults(files, str(Anchor(count + 5, posted.hash)))
    assert verify_pack.check(files)[1][1].endswith("texts and addresses that fit them: 6")


def renewed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files, after whoever changed them made the manifest fit again."""
    listed = json.loads(files["manifest.json"])
    for name in listed["files"]:
        listed["files"][name]["sha256"] = verify_pack.hashlib.sha256(files[name]).hexdigest()
    return files | {"manifest.json": json.dumps(listed).encode()}


@pytest.mark.parametrize("name", verify_pack.PACK)
def test_a_change_to_any_file_is_found(lived: Desk, name: str) -> None:
    files = packed(lived)
    assert faults(files | {name: files[name] + b" "}) == [f"{name} is not the file that was packed"]
    assert f"{name} is missing" in manifest_only({one: files[one] for one in files if one != name})
    assert faults(files | {"more.txt": b""}) == ["more.txt is not in the manifest"]


def manifest_only(files: dict[str, bytes]) -> list[str]:
    return verify_pack.manifest_faults(files)


def changed(content: bytes, where: int, **values: object) -> bytes:
    found = json.loads(content)
    rows = found["records"] if isinstance(found, dict) else found
    rows[where] |= values
    return json.dumps(found).encode()


def test_a_change_is_found_although_the_manifest_was_made_to_fit(lived: Desk) -> None:
    files = packed(lived)
    records, texts, timeline = files["records.json"], files["texts.json"], files["timeline.json"]
    for values in (
        {"who": "U0X"},
        {"at": "2026-11-25T09:00:00.000001+00:00"},
        {"facts": {"reply": 1}},
        {"before": "0" * 64},
    ):
        assert faults(renewed(files | {"records.json": changed(records, 2, **values)})), values
    for place, one in enumerate(json.loads(texts)):
        if one["kind"] != "note":
            assert faults(renewed(files | {"texts.json": changed(texts, place, text="Other words")}))
    assert faults(renewed(files | {"texts.json": changed(texts, 0, salt="ab" * 32)}))
    assert faults(renewed(files | {"timeline.json": changed(timeline, 0, who="U0X")}))
    assert faults(renewed(files | {"timeline.json": json.dumps(json.loads(timeline)[1:]).encode()}))


def test_a_record_made_up_with_fitting_hashes_is_in_no_tree(lived: Desk) -> None:
    files = packed(lived)
    ledger = json.loads(files["records.json"])
    one = ledger["records"][1]
    one["who"] = "U0X"
    one["hash"] = verify_pack.chain_hash(one["before"], one)
    found = faults(renewed(files | {"records.json": json.dumps(ledger).encode()}))
    assert f"record {one['seq']} is not in the ledger that ends at the head" in found
    assert f"record {one['seq']} is not in the ledger that ends at the anchor" in found


def test_the_verifier_needs_nothing_but_python(lived: Desk, tmp_path: Path) -> None:
    place, files = tmp_path / "away" / "pack.zip", packed(lived)
    place.parent.mkdir()
    place.write_bytes(zipped(files))
    again = tmp_path / "again.zip"
    again.write_bytes(zipped(files))
    assert place.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(place) as opened:
        opened.extractall(place.parent / "open")

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", "-B", str(place.parent / "open" / "verify.py"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={}, cwd="/")
        return done.returncode, done.stdout + done.stderr

    assert run()[0] == run(str(place))[0] == 0
    assert "All of it fits" in run()[1]
    assert run("--anchor", "1:2")[0] == 1
    assert run(str(tmp_path / "nothing.zip"))[0] == 2
    (place.parent / "open" / "texts.json").write_bytes(b"[]")
    code, said = run()
    assert code == 1
    assert "texts.json is not the file that was packed" in said
    (place.parent / "open" / "records.json").write_bytes(b"[]")
    assert run()[0] == 2


def test_after_the_purge_the_records_and_proofs_are_left(lived: Desk, clock: FixedClock) -> None:
    close.no_response_needed(lived, 1002, by=WANG)
    answer_rest(lived, clock)
    clock.advance(31 * DAY)
    assert purge(lived).cases == (1001, 1002)
    anchors.put_due(lived)
    files = packed(lived)
    assert faults(files) == []
    assert {one["text"] for one in json.loads(files["texts.json"])} == {GONE}
    said = b"".join(files.values()).decode()
    assert "Katrin" not in said
    assert "lamp" not in said
    assert "were removed on" in files["report.html"].decode()


def answer_rest(desk: Desk, clock: FixedClock) -> None:
    from tests.store.test_merging import leave

    leave(desk, clock, 2 if desk.database.is_sqlite else newest_reply(desk))
    close.no_response_needed(desk, 1001, by=ANNA)


def newest_reply(desk: Desk) -> int:
    from bot.db.tables import ReplyRow

    with desk.database.reading() as tx:
        return max(tx.scalars(select(ReplyRow.id).where(ReplyRow.state == "held")))


def test_that_a_pack_was_made_is_in_the_ledger(lived: Desk) -> None:
    evidence.made(lived, (1001, 1003), "ab" * 32)
    with lived.database.reading() as tx:
        rows = tx.scalars(select(LedgerRow).where(LedgerRow.what == "evidence_made")).all()
    assert [(row.case, row.facts) for row in rows] == [
        (1001, {"manifest": "ab" * 32}),
        (1003, {"manifest": "ab" * 32}),
    ]


def test_an_order_that_nobody_wrote_about_is_said(lived: Desk) -> None:
    for wanted in ("305-0000000-0000000", "9999", "x"):
        with pytest.raises(NotFound):
            evidence.gather(lived, wanted)


def test_the_report_shows_what_somebody_wrote_as_text_alone(lived: Desk) -> None:
    page = packed(lived)["report.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "src=" not in page
    assert "href=" not in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert "Anna Kowalski" in page
    assert "9.50 EUR" in page
