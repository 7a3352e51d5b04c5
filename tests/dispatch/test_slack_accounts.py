"""What managers see when Amazon thinks differently of an account. Wang Fang reads Chinese, channels English."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.desk import Desk, manual, notifications
from bot.desk.knowledge import Knowledge
from bot.domain.notifications import Notification, read
from bot.sandbox.amazon.queue_server import KEY_ID, REGION, SECRET, QueueSandbox
from bot.settings.api import ApiSettings
from bot.settings.queues import QueueSettings
from bot.settings.shape import AmazonSettings, Settings
from tests.notifications import account_status
from tests.office import Office
from tests.office import office as running_office
from tests.world import START, WANG

LEADS = "amz-leads"


def listening(office: Office) -> Desk:
    """The office's desk; Nordlicht is known by its subscription."""
    names = {"refresh_token_env": "A_TOKEN", "client_id_env": "AN_ID", "client_secret_env": "A_SECRET"}
    api = ApiSettings(**names, subscriptions=("sub-us",))
    settings = office.desk.settings
    stores = {**settings.stores, "nordlicht": settings.stores["nordlicht"].model_copy(update={"api": api})}
    return replace(office.desk, settings=settings.model_copy(update={"stores": stores}))


def said(office: Office, before: str, after: str, **more: object) -> Notification:
    about = {"id": f"{before}-{after}", "at": office.desk.now()} | more
    return read(json.dumps(account_status(before, after, **about)))


def test_an_account_at_risk_brings_the_runbook_and_well_again_says_that_manual_mode_is_still_on(
    office: Office,
) -> None:
    desk = listening(office)
    notifications.take(desk, said(office, "NORMAL", "AT_RISK"), "m1")
    office.quiet()
    card = office.ws.channel(LEADS).expect("Manual mode: Nordlicht")
    card.expect("Amazon changed the status of the account from NORMAL to AT_RISK").expect("reply24")
    card.expect("names the violation and how to appeal")
    office.ws.user("wang.fang").expect_dm("亚马逊已将账户状态由 NORMAL 变为 AT_RISK")
    contact = office.opened(card.click("Text for Contact Us", by="wang.fang"))
    contact.expect("was changed from NORMAL to AT_RISK")

    office.tick(hours=2)
    notifications.take(desk, said(office, "AT_RISK", "NORMAL"), "m2")
    office.quiet()
    better = office.ws.channel(LEADS).expect("Nordlicht: account status NORMAL")
    better.expect("Manual mode is still on")
    office.ws.user("wang.fang").expect_dm("账户状态 NORMAL")
    end = office.opened(better.click("End manual mode", by="wang.fang"))
    end.expect("亚马逊已将账户状态由 NORMAL 变为 AT_RISK")


def test_where_nobody_knows_whose_account_it_is_managers_are_told_how_to_find_out(office: Office) -> None:
    notifications.take(listening(office), said(office, "NORMAL", "DEACTIVATED", subscription="sub-new"), "m1")
    office.quiet()
    post = office.ws.channel(LEADS).expect("One of your stores: account status DEACTIVATED")
    post.expect("sub-new").expect("does not say whose account it is")
    assert manual.modes(office.desk) == ()
    assert office.opened(post.click("Manual mode", by="wang.fang")).expect("立即关闭自动化")


def test_a_store_in_manual_mode_already_gets_a_word_of_its_own(office: Office) -> None:
    manual.switch_on(office.desk, "nordlicht", "odd bounces", by=WANG)
    office.tick(hours=1)
    notifications.take(listening(office), said(office, "NORMAL", "AT_RISK"), "m1")
    office.quiet()
    office.ws.channel(LEADS).expect("Nordlicht: account status AT_RISK").expect("The runbook is in")
    assert office.desk.now() - manual.modes(office.desk)[0].since >= timedelta(hours=1)


def test_what_comes_into_the_queue_is_read_by_the_running_bot_and_told(
    tmp_path: Path,
    knowledge: Knowledge,
    demo_settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = {"refresh_token_env": "A_TOKEN", "client_id_env": "AN_ID", "client_secret_env": "A_SECRET"}
    for name in names.values():
        monkeypatch.setenv(name, "unused")
    monkeypatch.setenv("KEY_ID", KEY_ID)
    monkeypatch.setenv("KEY_SECRET", SECRET)
    with QueueSandbox(clock=FixedClock(START)) as there:
        queue = QueueSettings(url=there.url, region=REGION, key_id_env="KEY_ID", secret_env="KEY_SECRET")
        nowhere = AmazonSettings(token_url="http://127.0.0.1:9/token", queues={"main": queue})
        stores = demo_settings().stores
        api = ApiSettings(**names, endpoint="http://127.0.0.1:9", seller_id="A1SELLERUS")
        found = stores | {"nordlicht": stores["nordlicht"].model_copy(update={"api": api})}
        with running_office(tmp_path, knowledge, stores=found, amazon=nowhere) as office:
            told = account_status("NORMAL", "AT_RISK", sellerId="A1SELLERUS", at=START)
            there.put(told)
            office.ws.channel(LEADS).expect("Manual mode: Nordlicht", timeout_s=20)
            assert there.wait_until_empty()
