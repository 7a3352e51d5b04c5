"""Known secrets and a buyer's words go through the whole bot; then everything that it keeps or says is searched."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog
from sqlalchemy import Table, select

from bot import log
from bot.db.root import PII, Base
from bot.desk.knowledge import Knowledge
from bot.sandbox.relay import What
from bot.slack.pulse import Pulse
from bot.work.health import Watch
from bot.work.metrics import Metrics
from tests.office import Office
from tests.office import office as running_office

TOKENS = ("xoxb-sandbox", "xapp-sandbox", "sandbox-signing-secret")
WORDS = ("sapphire", "Zebulon", "Quagmire", "Quokkastra", "0171 2345678", "zebulon@quokka.example", "teapot")
PLANTED = (
    "The sapphire teapot leaks. Zebulon Quagmire, Quokkastraße 5, 10115 Berlin, 0171 2345678, "
    "zebulon@quokka.example"
)
REPLY = "Hello Zebulon, thank you for your message. I am sorry about the teapot. A new one arrives on Friday."
_HOLD_NO_WORDS = (
    "ledger",
    "outbox",
    "posts",
    "people",
    "pings",
    "switches",
    "leases",
    "user_groups",
    "deadlines",
)


@pytest.fixture(scope="module")
def lines() -> Iterator[io.StringIO]:
    """All that is logged, as in production, debug lines too."""
    kept, handlers = io.StringIO(), logging.getLogger().handlers[:]
    with redirect_stderr(kept):
        log.set_up("debug")
        yield kept
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge, lines: io.StringIO
) -> Iterator[Office]:
    """An office in which much has happened, and much has gone wrong."""
    with running_office(tmp_path_factory.mktemp("secrets"), knowledge, mode="http") as office:
        case = office.new_case(PLANTED, name="Zebulon Quagmire")
        case.claim("anna")
        office.opened(case.card.click("Reveal…", by="anna")).close()
        office.ws.user("anna").command(f"/note {case.number} sapphire teapot", "amz-nordlicht")
        office.until(lambda: case.now.notes)
        case.preview("Write to zebulon@quokka.example, dear Zebulon", by="anna").close()
        endings: tuple[What, ...] = ("refuse", "drop_after_data", "bounce")
        for ending in endings:
            other = office.new_case(PLANTED, name="Zebulon Quagmire")
            other.send(REPLY, by="bob")
            office.relay.next(ending, to=other.buyer.alias)
            office.tick(seconds=46)
        office.sandbox.next_errors("chat.postMessage", "invalid_auth", times=1)
        office.sandbox.next_errors("chat.update", "invalid_blocks", times=2)
        case.write_again("Zebulon and the sapphire again")
        office.tick(hours=22)
        office.ws.user("gus").command(f"/claim {case.number}", "general")
        yield office


def test_the_log_has_neither_secrets_nor_words(lived: Office, lines: io.StringIO) -> None:
    written = lines.getvalue()
    assert '"event": "slack_refused"' in written
    assert '"event": "reply_tried"' in written
    assert [secret for secret in (*TOKENS, *WORDS) if secret in written] == []


def rows(office: Office, table: Table) -> list[dict[str, object]]:
    with office.desk.database.reading() as tx:
        return [dict(row._mapping) for row in tx.execute(select(table))]


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_no_table_holds_a_secret_and_words_stand_only_in_columns_that_are_purged(
    lived: Office, name: str
) -> None:
    table = Base.metadata.tables[name]
    private = {column.name for column in table.columns if column.info == PII}
    for row in rows(lived, table):
        everything = repr(row)
        assert [secret for secret in TOKENS if secret in everything] == []
        rest = repr({key: value for key, value in row.items() if key not in private})
        assert [word for word in WORDS if word in rest] == [], f"{name}: {rest}"


def test_the_tables_that_must_hold_no_words_are_there_and_have_rows(lived: Office) -> None:
    filled = {name for name in _HOLD_NO_WORDS if rows(lived, Base.metadata.tables[name])}
    assert filled >= {"ledger", "posts", "people", "pings", "deadlines"}
    assert any(row["what"] == "revealed" for row in rows(lived, Base.metadata.tables["ledger"]))


def test_metrics_and_settings_say_neither(lived: Office) -> None:
    page = Metrics(Watch(lived.desk, Pulse(lived.clock)), "all").text().decode()
    assert "reply24_database_up 1.0" in page
    for said in (page, repr(lived.desk.settings), repr(lived.bot.secrets), repr(lived.desk)):
        assert [secret for secret in (*TOKENS, *WORDS) if secret in said] == []


def _hidden_parts(value: object) -> Iterator[str]:
    """Metadata, values and ids: what Slack carries for us and nobody reads."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in (
                "metadata",
                "private_metadata",
                "value",
                "block_id",
                "action_id",
                "callback_id",
                "external_id",
            ):
                yield json.dumps(one, ensure_ascii=False)
            else:
                yield from _hidden_parts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _hidden_parts(one)
    elif isinstance(value, str) and value[:1] in "{[":
        try:
            yield from _hidden_parts(json.loads(value))
        except ValueError:
            return


def test_what_slack_carries_for_us_unseen_holds_ids_only(lived: Office) -> None:
    unseen = [part for call in lived.sandbox.calls() for part in _hidden_parts(call.args)]
    assert any("reply24_outbox" in part for part in unseen)
    found = [part for part in unseen if any(secret in part for secret in (*TOKENS, *WORDS))]
    assert found == []


def test_errors_that_people_see_carry_no_secret(lived: Office) -> None:
    said = json.dumps(
        [call.args for call in lived.sandbox.calls() if call.method != "auth.test"], default=str
    )
    shown = [token for token in TOKENS if token in said]
    assert shown == []
