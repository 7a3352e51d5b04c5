"""A reply on its whole way out: composed, handed over, taken (or not) by the relay's stand-in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.domain.mail import Attachment, Kind, Notice
from bot.errors import NotOurs, Refused, Unreachable, Unsure, WrongInput
from bot.mail import parse
from bot.mail.compose import Letter, compose
from bot.mail.folder import FolderMailbox
from bot.mail.smtp import SmtpAccess, check_login, send
from bot.sandbox.relay import BuyerMail, MailRelay
from bot.sandbox.relay_texts import RelayStore
from bot.sandbox.scenario import Scenario

NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NINE)


@pytest.fixture
def relay(tmp_path: Path, clock: FixedClock) -> Iterator[MailRelay]:
    with MailRelay(tmp_path / "mail", clock) as relay:
        yield relay


def access(relay: MailRelay, **more) -> SmtpAccess:
    return SmtpAccess(relay.host, relay.port, "none", timeout_s=0.5, **more)


def reply_to(relay: MailRelay, buyer: BuyerMail, text: str = "Guten Tag,\n.\nunterwegs!\n", **more):
    store = relay.stores[buyer.store]
    letter = Letter(
        reply_id=88,
        sender=store.sender,
        sender_name=store.display_name,
        to=buyer.alias,
        subject=buyer.subject,
        text=text,
        in_reply_to=buyer.message_id,
        references=(buyer.message_id,),
        sent_at=NINE,
        **more,
    )
    return send(access(relay), compose(letter, salt="s"), letter.sender, letter.to)


def arrived(relay: MailRelay) -> list:
    """The mails in all the stores' Maildirs, oldest first."""
    found = []
    for store in relay.stores:
        box = FolderMailbox(relay.folder_of(store))
        box.connect()
        found += (relay.folder_of(store) / "new").iterdir()
        assert box.status()[1] == len(list((relay.folder_of(store) / "new").iterdir()))
    found.sort(key=lambda path: path.name.partition(".")[2])
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def test_a_reply_arrives_as_it_was_written(relay):
    buyer = relay.write_as_buyer("Wo ist mein Paket?", marketplace="DE")
    rechnung = Attachment("Rechnung.pdf", "application/pdf", 9, b"%PDF-1.7\n")
    receipt = reply_to(relay, buyer, attachments=(rechnung,))
    (sent,) = relay.wait_for_sent(1)
    assert receipt.code == 250
    assert sent.message_id == receipt.message_id
    assert sent.text == "Guten Tag,\n.\nunterwegs!\n"
    assert (sent.to, sent.sender, sent.store) == (buyer.alias, "support@nordlicht.example", "nordlicht")
    assert sent.in_reply_to == buyer.message_id
    assert sent.subject == f"Re: {buyer.subject}"
    assert (sent.at, sent.status, sent.attachments) == (NINE, "delivered", ("Rechnung.pdf",))


@pytest.mark.parametrize(
    ("what", "ending", "kept"),
    [("refuse", Refused, 0), ("defer", Unreachable, 0), ("drop_after_data", Unsure, 1), ("hang", Unsure, 1)],
)
def test_what_the_relay_can_do_to_a_reply_it_does_once(relay, what, ending, kept):
    buyer = relay.write_as_buyer("Wo ist mein Paket?")
    relay.next(what)
    with pytest.raises(ending):
        reply_to(relay, buyer)
    assert len(relay.sent) == kept
    reply_to(relay, buyer)
    assert len(relay.wait_for_sent(kept + 1)) == kept + 1


def test_a_bounce_names_our_message_id_and_says_that_it_is_final(relay):
    buyer = relay.write_as_buyer("Wo ist mein Paket?")
    relay.next("bounce")
    receipt = reply_to(relay, buyer)
    assert relay.wait_for_sent(1)[0].status == "bounced"
    report = arrived(relay)[-1]
    assert report.get_content_type() == "multipart/report"
    _text, status, headers = report.iter_parts()
    assert "Status: 5.7.1" in status.as_string()
    assert receipt.message_id in headers.as_string()
    assert report["To"] == "support@nordlicht.example"


def test_an_opt_out_notice_names_the_order(relay):
    buyer = relay.write_as_buyer("Wo ist mein Paket?")
    relay.next("opt_out")
    reply_to(relay, buyer)
    assert relay.wait_for_sent(1)[0].status == "opted_out"
    notice = arrived(relay)[-1]
    assert notice["X-Space-Notification-Type"] == "BUYER_OPTED_OUT_BSM_MESSAGES"
    assert f"[{buyer.order_id}]" in notice.get_body(("html",)).get_content()


def test_only_approved_senders_are_let_in_and_only_to_buyers(relay):
    buyer = relay.write_as_buyer("Wo ist mein Paket?")
    with pytest.raises(Refused, match="approved") as no:
        send(access(relay), b"Subject: x\r\n\r\nx\r\n", "else@nordlicht.example", buyer.alias)
    assert no.value.code == "550"
    with pytest.raises(Refused, match="buyers"):
        send(access(relay), b"Subject: x\r\n\r\nx\r\n", "support@nordlicht.example", "a@mail.example")
    assert relay.sent == []


def test_login(relay):
    check_login(access(relay, user="support@sunrise.example", password=relay.password))
    for user, password in [("support@sunrise.example", "no"), ("a@b.example", relay.password)]:
        with pytest.raises(Refused) as no:
            check_login(access(relay, user=user, password=password))
        assert no.value.code == "535"


def test_stopping_ends_connections_and_the_port_is_free(relay):
    buyer = relay.write_as_buyer("Wo ist mein Paket?")
    reply_to(relay, buyer)
    relay.stop()
    relay.stop()
    with pytest.raises(Unreachable):
        check_login(access(relay))


def test_waiting_for_a_reply_that_does_not_come(relay):
    with pytest.raises(TimeoutError, match="took 0 replies"):
        relay.wait_for_sent(1, timeout_s=0.01)


@pytest.mark.parametrize(
    ("marketplace", "start", "end", "host"),
    [
        ("DE", "Anfang der Nachricht", "Ende der Nachricht", "marketplace.amazon.de"),
        ("FR", "Début du message", "Fin du message", "marketplace.amazon.fr"),
        ("UK", "Message:", "End message", "marketplace.amazon.co.uk"),
        ("ES", "Message:", "Finalizar mensaje", "marketplace.amazon.es"),
        ("IT", "Messaggio:", "Fine messaggio", "marketplace.amazon.it"),
        ("JP", "メッセージはここから", "メッセージはここまで", "marketplace.amazon.co.jp"),
    ],
)
def test_a_buyer_message_looks_like_amazons(tmp_path, clock, marketplace, start, end, host):
    store = RelayStore("all", "All", "all@team.example", (marketplace,))
    relay = MailRelay(tmp_path, clock, stores=(store,))
    written = relay.write_as_buyer("Größe 囍 <b>?</b>\n--- hm ---", marketplace=marketplace, photo=True)
    (mail,) = arrived(relay)
    assert mail["From"].addresses[0].addr_spec == written.alias == mail["Reply-To"]
    assert mail["To"] == "all@team.example"
    assert written.alias.endswith(f"+{written.amazon_case_id}@{host}")
    assert mail["X-Space-Notification-Type"] == "BBC_MESSAGE_SENT_TO_MERCHANT"
    assert "dkim=pass" in mail["Authentication-Results"]
    assert mail["Message-ID"] == written.message_id
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    head, rest = text.split(start)
    assert f"# {written.order_id}:" in head
    assert f"[ASIN: {written.asin}]" in head
    assert "Größe 囍 <b>?</b>\n--- hm ---" in rest.split(end)[0]
    assert "no-response-needed" in rest.split(end)[1]
    html = mail.get_body(("html",)).get_content()
    assert "Größe 囍 &lt;b&gt;?&lt;/b&gt;\n--- hm ---</pre>" in html.replace("\r\n", "\n")
    (photo,) = mail.iter_attachments()
    assert (photo.get_filename(), photo.get_content()[:8]) == ("photo.png", b"\x89PNG\r\n\x1a\n")


def test_our_reader_understands_what_the_relay_writes(relay):
    for sample in relay.page_relay()["samples"]:
        code = {"de": "DE", "fr": "FR"}.get(sample["lang"], "US")
        written = relay.write_as_buyer(sample["text"], marketplace=code, lang=sample["lang"], photo=True)
        (newest,) = (relay.folder_of(written.store) / "new").iterdir()
        mail = parse.read(newest.read_bytes(), NINE)
        newest.unlink()
        assert (mail.kind, mail.text) == (Kind.BUYER_MESSAGE, sample["text"])
        assert (mail.buyer_alias, mail.buyer_base) == (written.alias, written.base)
        assert (mail.buyer_name, mail.marketplace, mail.lang) == (written.name, code, sample["lang"])
        assert (mail.order_id, mail.asins) == (written.order_id, (written.asin,))
        assert (mail.message_id, mail.amazon_case_id) == (written.message_id, written.amazon_case_id)
        assert [file.name for file in mail.attachments] == ["photo.png"]


def test_amazon_writes_in_the_language_of_the_account(tmp_path, clock):
    store = RelayStore("cn", "CN", "cn@team.example", ("US",), account_lang="zh")
    relay = MailRelay(tmp_path, clock, stores=(store,))
    relay.write_as_buyer("Where is it?", name="Ann", order_id="112-1234567-1234567")
    (mail,) = arrived(relay)
    assert mail["Subject"] == "来自亚马逊买家 Ann 的咨询 (订单: 112-1234567-1234567)"
    read = parse.read(mail.as_bytes(), NINE)
    assert (read.kind, read.text, read.lang) == (Kind.BUYER_MESSAGE, "Where is it?", "en")


def test_our_reader_finds_the_failed_reply_in_a_bounce(relay):
    buyer = relay.write_as_buyer("Wo ist mein Paket?")
    relay.next("bounce")
    receipt = reply_to(relay, buyer)
    bounce = parse.read(arrived(relay)[-1].as_bytes(), NINE)
    assert (bounce.kind, bounce.failed_message_id) == (Kind.BOUNCE, receipt.message_id)
    assert bounce.failure_is_final


def test_a_follow_up_has_the_same_alias_and_no_references(relay, clock):
    first = relay.write_as_buyer("Wo?", marketplace="FR", name="Noé Perrault", order_id=None)
    clock.advance(timedelta(hours=2))
    second = relay.follow_up(first, "Allô ?")
    mails = arrived(relay)
    assert first.alias == second.alias
    assert first.message_id != second.message_id
    assert [str(mail["Date"])[17:25] for mail in mails] == ["09:00:00", "11:00:00"]
    assert mails[1]["References"] is None
    assert "#" not in mails[0].get_body(("plain",)).get_content().partition("Début")[0]


def test_notices_copies_and_spoofs(relay):
    buyer = relay.write_as_buyer("Wo?")
    for kind in ("cancel_request", "return_request", "refund", "a_to_z", Notice.UNKNOWN):
        relay.notice(kind, buyer)
    relay.copy_of_reply(buyer, "Gestern geschrieben")
    relay.spoof(buyer)
    relay.spoof(buyer, "dkim")
    relay.deliver_raw("nordlicht", b"no mail at all")
    mails = arrived(relay)[1:]
    assert [mail["X-Space-Notification-Type"] for mail in mails[:6]] == [
        "BRC_SELLER_NOTIFICATION",
        "RETURN_REQUEST",
        "REFUND_ISSUED",
        "A_Z_CLAIM_RESPONDENT_NOTIFY",
        "SOMETHING_NOT_SEEN_BEFORE",
        "BBC_MESSAGE_CONFIRMATION_TO_MERCHANT",
    ]
    assert all(buyer.order_id in mail.get_body(("html",)).get_content() for mail in mails[:6])
    assert all("dkim=fail" in mail["Authentication-Results"] for mail in mails[6:8])
    assert not mails[6]["From"].addresses[0].domain.endswith("amazon.com")
    assert len({mail["Message-ID"] for mail in mails[:8]}) == 8


def test_each_demo_store_has_a_maildir_of_its_own_and_stores_can_share_one(tmp_path, clock):
    relay = MailRelay(tmp_path, clock)
    relay.write_as_buyer("Hi", marketplace="US")
    assert [FolderMailbox(tmp_path / name).status()[1] for name in ("nordlicht", "sunrise")] == [0, 1]
    shared = (
        RelayStore("a", "A", "a@team.example", ("DE",)),
        RelayStore("b", "B", "b@team.example", ("US",)),
    )
    relay = MailRelay(tmp_path / "one", clock, stores=shared)
    relay.write_as_buyer("Hi", marketplace="US")
    relay.write_as_buyer("Hallo", marketplace="DE")
    assert FolderMailbox(tmp_path / "one").status()[1] == 2


def test_nobody_writes_where_no_store_sells(relay):
    with pytest.raises(WrongInput, match="JP"):
        relay.write_as_buyer("Hi", marketplace="JP")
    with pytest.raises(WrongInput):
        relay.next("dance")


def test_the_page_reads_and_writes(relay):
    changes = []
    relay.on_change = lambda: changes.append(len(relay.buyers))
    assert relay.write(marketplace="US", store="sunrise", name="Tess", order_id="", text="Hi") == {"ok": True}
    (buyer,) = relay.page_relay()["buyers"]
    assert (buyer["name"], buyer["marketplace"], buyer["store"]) == ("Tess", "US", "sunrise")
    assert relay.write(alias=buyer["alias"], text="Hi again", attachment=True) == {"ok": True}
    assert len(arrived(relay)) == 2
    for wrong in ({"text": " "}, {"text": "x", "alias": "nobody"}, {"text": "x", "marketplace": "JP"}):
        answer = relay.write(**wrong)
        assert not answer["ok"]
        assert answer["error"]
    assert relay.set_next("bounce") == {"ok": True}
    assert relay.page_relay()["next"] == {"bounce": True, "opt_out": False}
    assert not relay.set_next("dance")["ok"]
    reply_to(relay, relay.buyer(buyer["alias"]))
    (sent,) = relay.page_relay()["sent"]
    assert (sent["status"], sent["store"], sent["at"]) == ("bounced", "sunrise", NINE.timestamp())
    assert len(changes) >= 4
    assert json.dumps(relay.page_relay())


def test_the_page_gets_samples_in_five_languages(relay):
    samples = relay.page_relay()["samples"]
    assert {sample["lang"] for sample in samples} == {"de", "fr", "en", "es", "zh"}
    assert len(samples) == 40
    assert [row["code"] for row in relay.page_relay()["marketplaces"]] == ["DE", "FR", "UK", "US"]


def test_the_scenario_is_the_same_each_time_and_has_everything_in_it(tmp_path):
    kinds, mails = [], []
    for folder in ("one", "two"):
        clock = FixedClock(NINE)
        relay = MailRelay(tmp_path / folder, clock)
        scenario = Scenario(relay, clock, seed=7)
        kinds.append([scenario.step() for _ in range(40)])
        mails.append([mail.as_bytes() for mail in arrived(relay)])
    assert kinds[0] == kinds[1]
    assert mails[0] == mails[1]
    assert set(kinds[0]) == {"message", "follow_up", "thanks", "return_notice", "spoof"}
    assert kinds[0].count("spoof") == 1


def test_the_scenario_writes_as_time_passes_and_stops(relay, clock):
    with Scenario(relay, clock, per_hour=60) as scenario:
        while len(relay.buyers) < 3:
            clock.advance(timedelta(minutes=1))
        scenario.stop()
        written = len(arrived(relay))
        clock.advance(timedelta(hours=1))
    assert len(arrived(relay)) == written


def test_what_was_taken_away_meanwhile_is_not_handed_over(relay: MailRelay) -> None:
    def taken_away() -> None:
        raise NotOurs("A person has decided about it.")

    buyer, looks = relay.write_as_buyer("Where is it?", marketplace="UK", lang="en"), []
    mail, sender = b"Subject: x\r\n\r\nHello\r\n", relay.stores[buyer.store].sender
    with pytest.raises(NotOurs):
        send(access(relay), mail, sender, buyer.alias, taken_away)
    assert relay.sent == []
    send(access(relay), mail, sender, buyer.alias, lambda: looks.append(len(relay.sent)))
    assert (looks, len(relay.sent)) == ([0], 1)
