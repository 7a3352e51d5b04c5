"""Settings: what is read, and that each fault is told with its place, all of them at once."""

import shutil
import socket
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import Settings, config_folder, load_settings, shipped
from bot.settings.load import FILES

ADVICE = "a secret was pasted here"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the example files but those that name agents and have tests of their own, for the test to change."""
    folder = tmp_path / "config"
    folder.mkdir()
    for name in FILES.keys() - {"rota.yaml", "notify.yaml"}:
        shutil.copy(shipped("config") / name, folder)
    return folder


FURTHER = '    further_folders: ["\\\\Junk"]\n'


def change(config: Path, name: str, *changes: tuple[str, str]) -> None:
    text = (config / name).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (config / name).write_text(text)


def test_a_folder_needs_its_path(config: Path) -> None:
    change(config, "mailboxes.yaml", ("kind: imap", "kind: folder"), (FURTHER, ""))
    [fault] = faults(config)
    assert "mailboxes.acme: a mailbox of kind folder needs `path`" in fault


def place(config: Path, name: str, text: str) -> str:
    """Where the first line that begins with `text` stands, as a fault spells it."""
    lines = (config / name).read_text().splitlines()
    number = next(number for number, line in enumerate(lines) if line.lstrip(" -").startswith(text))
    return f"config/{name}:{number + 1}:{lines[number].index(text) + 1}"


def faults(config: Path, environ: dict[str, str] | None = None) -> list[str]:
    """The faults of the files in `config`, as if the folder were called so: `config/stores.yaml:14:5: ...`."""
    with pytest.raises(ConfigError) as caught:
        load_settings(config, environ or {})
    return [fault.replace(str(config), "config") for fault in caught.value.faults]


def test_the_example_files_are_valid(config: Path) -> None:
    settings = load_settings(config, {})
    assert settings.stores["acme-us"].channels == {"CA": "amz-acme-ca"}
    assert [one.role for one in settings.agents.values()] == ["agent", "agent", "manager"]
    assert settings.slack.command_names == {}


def test_the_numbers_in_the_example_files_are_the_defaults(config: Path) -> None:
    written = load_settings(shipped("config"), {})
    (config / "thresholds.yaml").unlink()
    (config / "amazon.yaml").unlink()
    missing = load_settings(config, {})
    assert (missing.thresholds, missing.amazon) == (written.thresholds, written.amazon)
    rules = {"zone", "layers", "vacations"}
    assert missing.shifts.model_dump(exclude=rules) == written.shifts.model_dump(exclude=rules)
    assert missing.notify.after_minutes == written.notify.after_minutes
    assert missing.rota is None


def test_the_demo_files_are_valid_for_servers_anywhere(demo_settings, data_folder: Path) -> None:
    settings: Settings = demo_settings(slack_url="http://127.0.0.1:8080/api", smtp_port=2525)
    assert settings.slack.api_url == "http://127.0.0.1:8080/api/"
    assert settings.outgoing["relay"].port == 2525
    assert settings.mailboxes["nordlicht"].path == data_folder / "mail/nordlicht"
    assert list(settings.stores) == ["nordlicht", "sunrise"]


def test_relative_paths_start_above_the_folder(config: Path) -> None:
    change(config, "mailboxes.yaml", ("kind: imap", "kind: folder\n    path: mail/acme"), (FURTHER, ""))
    settings = load_settings(config, {})
    assert settings.mailboxes["acme"].path == config.parent / "mail/acme"
    assert settings.templates_folder == shipped("templates")
    (config.parent / "templates").mkdir()
    assert load_settings(config, {}).templates_folder == config.parent / "templates"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, f"sqlite:///{Path.cwd()}/data/reply24.db", id="in the working folder if not set"),
        pytest.param(
            {"REPLY24_DATABASE_URL": "sqlite:///a/b.db"},
            f"sqlite:///{Path.cwd()}/a/b.db",
            id="a relative file",
        ),
        pytest.param(
            {"REPLY24_DATABASE_URL": "sqlite:////a/b.db"}, "sqlite:////a/b.db", id="an absolute file"
        ),
        pytest.param(
            {"REPLY24_DATABASE_URL": "postgresql://u:p@db/x"}, "postgresql://u:p@db/x", id="PostgreSQL"
        ),
    ],
)
def test_database(config: Path, given: dict[str, str], expected: str) -> None:
    settings = load_settings(config, given)
    assert settings.database_url == expected
    assert expected not in repr(settings)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:geheim@db/x", "reply24.db"])
def test_a_database_that_forgets_or_is_unknown_is_refused_and_its_password_not_shown(
    config: Path, url: str
) -> None:
    assert faults(config, {"REPLY24_DATABASE_URL": url}) == [
        "environment: REPLY24_DATABASE_URL: expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
    ]


def test_where_the_settings_are() -> None:
    assert config_folder({}) == Path("config")
    assert config_folder({"REPLY24_CONFIG": "/etc/reply24"}) == Path("/etc/reply24")


def test_a_marketplace_for_all_questions_is_refused(config: Path) -> None:
    assert faults(config, {"SP_API_DEFAULT_MARKETPLACE": "US"}) == [
        "environment: SP_API_DEFAULT_MARKETPLACE: is set, and would send every question about an order to that "
        "one marketplace; unset it"
    ]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AWS_ENV", "SANDBOX", "is not PRODUCTION"),
        ("AWS_ENV", "staging", "is not PRODUCTION"),
        ("SP_API_REFRESH_TOKEN", "Atzr-x", "such as ACME_US_REFRESH_TOKEN, and unset this one"),
        ("LWA_APP_ID", "amzn1", "such as ACME_US_LWA_APP_ID, and unset this one"),
        ("LWA_CLIENT_SECRET", "geheim", "such as ACME_US_LWA_CLIENT_SECRET, and unset this one"),
        ("SP_API_AWS_SECRET_ID", "prod", "would count for every store"),
    ],
)
def test_credentials_that_would_count_for_every_store_are_refused(
    config: Path, name: str, value: str, told: str
) -> None:
    [fault] = faults(config, {name: value})
    assert fault.startswith(f"environment: {name}: ")
    assert told in fault
    assert value not in fault.partition(": ")[2].partition(": ")[2]
    assert load_settings(config, {f"{name}_ACME": value, "AWS_ENV": "PRODUCTION"}).stores


def test_a_misspelt_variable_is_noticed(config: Path) -> None:
    assert faults(config, {"REPLY24_DATABSE_URL": "postgresql://u:geheim@db/x"}) == [
        "environment: REPLY24_DATABSE_URL: nobody reads this variable. Did you mean REPLY24_DATABASE_URL?"
    ]


def test_all_faults_of_all_files_are_told_at_once_in_order(config: Path) -> None:
    change(
        config,
        "stores.yaml",
        ("channel: amz-acme-us", "chanel: amz-acme-us"),
        ("mailbox: acme\n", "mailbox: acm\n"),
    )
    change(config, "mailboxes.yaml", ("port: 993", "port: 99x3"), ("port: 465", "prot: 465"))
    change(config, "agents.yaml", ("role: manager", "role: boss"), ("[acme-us]", "[acme-uk]"))
    change(config, "thresholds.yaml", ("minutes_left: 15", "minutes_left: 75"))
    stores, mailboxes, agents = "stores.yaml", "mailboxes.yaml", "agents.yaml"
    found = faults(config, {"SP_API_DEFAULT_MARKETPLACE": "US"})
    assert found[0].startswith("environment: SP_API_DEFAULT_MARKETPLACE: ")
    assert found[1:] == [
        f"{place(config, stores, 'acme-us:')}: stores.acme-us.channel: this key is needed and is missing",
        f"{place(config, stores, 'mailbox: acm')}: stores.acme-us.mailbox: there is no mailboxes entry "
        '"acm". Did you mean "acme"? (expected: acme)',
        f"{place(config, stores, 'chanel:')}: stores.acme-us.chanel: unknown key. Did you mean "
        '"channel"? (expected: name, marketplaces, mailbox, recipients, sender, sender_name, outgoing, channel, '
        "channels, zone, quote_original, api)",
        f"{place(config, mailboxes, 'port: 99x3')}: mailboxes.acme.port: expected a whole number, found "
        '"99x3"',
        f'{place(config, mailboxes, "prot:")}: outgoing.acme.prot: unknown key. Did you mean "port"? '
        "(expected: host, port, tls, user, password_env, timeout_seconds)",
        f"{place(config, agents, 'stores: [acme-uk')[:-1]}14: agents.maria.stores.0: there is no store "
        '"acme-uk". Did you mean "acme-us"? (expected: acme-us, acme-eu)',
        f"{place(config, agents, 'role: boss')}: agents.chen.role: expected one of 'agent' or 'manager', "
        'found "boss"',
        f"{place(config, 'thresholds.yaml', 'minutes_left: 75')}: thresholds.pings.4.minutes_left: 75 follows "
        "60; expected less and less time from stage to stage",
    ]


def test_a_missing_folder_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is no folder\. Copy the examples: cp -r .*config"):
        load_settings(tmp_path / "nowhere", {})


def test_a_missing_file_says_which_and_how_to_copy_the_example(config: Path) -> None:
    (config / "agents.yaml").unlink()
    example = shipped("config") / "agents.yaml"
    assert faults(config) == [
        "config/agents.yaml: this file is missing. Copy the example and change it: "
        f"cp {example} config/agents.yaml"
    ]


@pytest.mark.parametrize(("old", "new"), [("slack.yaml", "slak.yaml"), ("thresholds.yaml", "threshold.yml")])
def test_a_misspelt_file_name_is_noticed_even_if_the_file_may_be_missing(
    config: Path, old: str, new: str
) -> None:
    (config / old).rename(config / new)
    assert faults(config) == [f'config/{new}: nobody reads this file. Did you mean "{old}"? Rename it']


@pytest.mark.parametrize("name", ["rota-2027.yaml", "shifts.yaml", "rota.yaml.txt", "ROTA.YAML", "plan.json"])
def test_settings_under_a_name_that_nobody_looks_for_are_noticed(config: Path, name: str) -> None:
    """Without its rota the bot would take everybody for being on shift, and say nothing."""
    is_json = name.endswith(".json")
    (config / name).write_text('{"rota": {}}' if is_json else (shipped("config") / "rota.yaml").read_text())
    assert faults(config) == [
        f"config/{name}: nobody reads this file, but it has the key rota, which stands in rota.yaml. "
        "Rename it to rota.yaml, or move it to another folder"
    ]
    shutil.copy(shipped("config") / "rota.yaml", config)
    assert load_settings(config, {}).rota is not None, "beside the real one it is somebody's draft"


def test_a_file_that_is_needed_and_has_another_name_is_found(config: Path) -> None:
    (config / "stores.yaml").rename(config / "shops.yml")
    assert "config/shops.yml: nobody reads this file, but it has the key stores" in faults(config)[0]


def test_phrases_of_the_team_that_would_not_count_are_noticed(config: Path) -> None:
    shutil.copytree(shipped("config") / "policy", config / "policy")
    [fault] = faults(config)
    assert fault.startswith(
        "config/topics.yaml: this file is missing, and without it nobody reads config/policy"
    )
    shutil.copy(shipped("config") / "topics.yaml", config)
    (config / "policy/de.yaml").rename(config / "policy/de.yml")
    assert faults(config) == [
        'config/policy/de.yml: nobody reads this file. Did you mean "de.yaml"? Rename it'
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("kind: imap, host: a.example, user: me", "kind: imap, host: A.example, user: Me, folder: inbox"),
        ("kind: folder, path: mail/a", "kind: folder, path: ./mail/a/"),
    ],
)
def test_no_mailbox_is_read_under_two_names(config: Path, first: str, second: str) -> None:
    """Each store would get the mails of both, and buyers two answers."""
    password = ", password_env: ACME_IMAP_PASSWORD" if "imap" in first else ""
    boxes = f"mailboxes:\n  acme: {{{first}{password}}}\n  acme-eu: {{{second}{password}}}\n"
    outgoing = (config / "mailboxes.yaml").read_text().partition("\noutgoing:\n")
    (config / "mailboxes.yaml").write_text(boxes + "".join(outgoing[1:]))
    stores = (config / "stores.yaml").read_text().rpartition("mailbox: acme\n")
    (config / "stores.yaml").write_text(f"{stores[0]}mailbox: acme-eu\n{stores[2]}")
    [fault] = faults(config)
    assert fault.startswith('config/mailboxes.yaml:3:3: mailboxes.acme-eu: is the same mailbox as "acme"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("slack:\n\tmode: http\n", "config/slack.yaml:2:1: not valid YAML: ", id="a tab"),
        pytest.param(
            "slack:\n  mode： http\n  language: en\n",
            'config/slack.yaml:2:7: not valid YAML: a full-width "："',
            id="a full-width colon is told where it stands",
        ),
        pytest.param(
            "slack:\n  mode:http\n\n  language: en\n",
            "config/slack.yaml:2:8: not valid YAML: a space is missing",
            id="no space behind a colon",
        ),
        pytest.param(
            "slack:\n\u3000mode: http\n  language: en\n",
            "config/slack.yaml:2:1: not valid YAML: a tab or a full-width space",
            id="a full-width space",
        ),
        pytest.param(
            "slack:\n   mode: http\n\n  a: [https://x]\n",
            "config/slack.yaml:4:3: not valid YAML: this line is indented otherwise than line 1",
            id="one space too many",
        ),
        pytest.param(
            "slack:\n  hours: 9：00\n  a:\n    - https://x\n   b: 1\n",
            "config/slack.yaml:5:4: not valid YAML: this line is indented otherwise",
            id="neither a colon in a value nor an address is a slip",
        ),
        pytest.param("slack: [1\nx: 2\n", "config/slack.yaml:2:2: not valid YAML: ", id="an open bracket"),
        pytest.param("a: 1\nb: 'x\nc: 1\n", "config/slack.yaml:2:4: not valid YAML: ", id="an open quote"),
        pytest.param("a: \x01\n", "config/slack.yaml: not valid YAML: ", id="a control character"),
        pytest.param("- slack\n", "config/slack.yaml:1:1: expected the key slack", id="a list"),
        pytest.param("", "config/slack.yaml:1:1: slack: this key is needed and is missing", id="nothing"),
        pytest.param(
            "slack:\n", "config/slack.yaml:1:1: slack: has no value; expected keys", id="nothing below"
        ),
        pytest.param("slack: !x 1\n", "config/slack.yaml:1:8: not valid YAML: ", id="a tag"),
        pytest.param("slack: &s\n  a: *s\n", "config/slack.yaml:1:8: slack.a: this *alias", id="a circle"),
    ],
)
def test_a_broken_file_is_a_fault_with_its_place(config: Path, text: str, expected: str) -> None:
    (config / "slack.yaml").write_text(text)
    assert any(fault.startswith(expected) for fault in faults(config))


def test_a_file_in_another_charset_is_a_fault(config: Path) -> None:
    (config / "slack.yaml").write_bytes("slack: grün".encode("latin-1"))
    assert faults(config) == ["config/slack.yaml: is not UTF-8 text (byte 10); save it as UTF-8"]


def test_a_key_given_twice_is_a_fault(config: Path) -> None:
    change(config, "slack.yaml", ("  mode: socket", "  mode: socket\n  mode: http"))
    first = place(config, "slack.yaml", "mode: socket").split(":")[1]
    assert faults(config) == [
        f"{place(config, 'slack.yaml', 'mode: http')}: slack.mode: this key is given twice "
        f"(first on line {first}); keep one"
    ]


S, M, A, K, T = "stores.yaml", "mailboxes.yaml", "agents.yaml", "slack.yaml", "thresholds.yaml"
RENAMED = "# command_names:\n  #   case: /amz-case"


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (A, "  maria:", "  Maria:", 'agents.Maria: "Maria" is no name'),
        (S, "[US, CA]", "US", 'marketplaces: expected a list, such as [a, b], found "US"'),
        (S, "[US, CA]", "[]", "stores.acme-us.marketplaces: expected at least 1 in the list"),
        (S, "[US, CA]", "[GB, CA]", 'unknown marketplace "GB"'),
        (S, "[US, CA]", "[US]", "channels.CA: this store does not sell in CA (its marketplaces: US)"),
        (S, "name: Acme US", "name: 24", 'name: expected text (if it is a number or true/false, put it in quotes)'),
        (S, "channel: amz-acme-us", "channel: Amz US", 'channel: "Amz US" is no Slack channel'),
        (S, "channel: amz-acme-us", "channel: #amz", "channel: has no value; expected text"),
        (S, "zone: Europe/Berlin", "zone: CET+1", 'zone: unknown time zone "CET+1"'),
        (S, "sender: us@acme.example", "sender: Us <us@acme.example>", "sender: "),
        (S, "    recipients: [us@acme.example]\n", "", 'mailbox: mailbox "acme" serves 2 stores; each needs'),
        (S, "[eu@acme.example]", "[US@acme.example]", 'recipients.0: mail to "US@acme.example" already belongs'),
        (M, "tls: ssl", "tls: none", "mailboxes.acme.tls: without TLS the password can be read"),
        (M, "    host: imap.acme.example\n", "", "mailboxes.acme: a mailbox of kind imap needs host"),
        (M, "# token_env", "token_env", "mailboxes.acme.token_env: has a password_env beside it"),
        (M, "password_env: ACME_SMTP_PASSWORD", "", "outgoing.acme: needs both `user` and `password_env`"),
        (M, "poll_seconds: 60", "poll_seconds: .nan", "mailboxes.acme.poll_seconds: expected a number"),
        (M, "outgoing:\n", "outgoing:\n  spare: {host: a.test}\n", "outgoing.spare: no store has `outgoing: spare`"),
        (A, "    slack: U0EXAMPLE2\n", "", "agents.maria: needs `slack`"),
        (A, "U0EXAMPLE2", "U0EXAMPLE1", 'agents.maria.slack: agent "li-wei" has the same'),
        (A, "U0EXAMPLE2", "maria", "agents.maria.slack: expected text of the form"),
        (A, "[acme-us, acme-eu]", "everything", "stores: expected all, or a list of stores"),
        (A, "[en, es]", "[english]", 'languages.0: "english" is no language code'),
        (K, "api_url: https://slack.com/api/", "api_url: slack.com/api/", 'api_url: "slack.com/api/" is no address'),
        (K, RENAMED, "command_names: {cases: /c}", 'command_names: there is no command "cases". Did you mean "case"?'),
        (K, RENAMED, "command_names: {case: amz}", 'command_names.case: "amz" is no slash command'),
        (K, RENAMED, "command_names: {case: /x, note: /x}", "command_names: two commands have the same name"),
        (K, "http_port: 3000", "http_port: 70000", "http_port: expected less than or equal to 65535"),
        (T, "undo_seconds: 45", "undo_seconds: 4.5", 'undo_seconds: expected a whole number, found "4.5"'),
        (T, "response_rate: 0.90", "response_rate: 0.99", "0.99 is above target_response_rate, 0.95"),
        (T, "minutes_left: 720", "minutes_left: 99999999999999", "minutes_left: expected less than or equal to 1440"),
        (T, "unclaimed_minutes: 30", "unclaimed_minutes: 99999999999999", "expected less than or equal to 1000000"),
        (M, "poll_seconds: 60", "poll_seconds: 60000000", "poll_seconds: expected less than or equal to 86400"),
        (T, "name: 6h", "name: 12h", 'pings.1.name: "12h" is given twice'),
        (T, "[badge]", "[bagde]", "pings.0.where.0: expected one of 'badge'"),
    ],
)  # fmt: skip
def test_one_fault(config: Path, name: str, old: str, new: str, expected: str) -> None:
    change(config, name, (old, new))
    [fault] = faults(config)
    assert fault.startswith(f"config/{name}:")
    assert expected in fault


def test_a_mailbox_that_no_store_uses_and_a_store_that_nobody_works_for(config: Path) -> None:
    change(config, M, ("mailboxes:\n", "mailboxes:\n  old:\n    kind: folder\n    path: x\n"))
    change(
        config,
        A,
        ("[acme-us, acme-eu]", "[acme-us]"),
        ("role: manager", "role: manager\n    stores: [acme-us]"),
    )
    assert faults(config) == [
        f"{place(config, S, 'acme-eu:')}: stores.acme-eu: no agent works for this store; add it to an agent's "
        "`stores` in agents.yaml",
        f"{place(config, M, 'old:')}: mailboxes.old: no store has `mailbox: old`; name it in a store, or "
        "remove it",
    ]


def test_one_sender_leaves_by_one_server(config: Path) -> None:
    change(
        config,
        S,
        ("sender: eu@acme.example\n    outgoing: acme", "sender: us@acme.example\n    outgoing: two"),
    )
    change(config, M, ("outgoing:\n", "outgoing:\n  two: {host: mx.acme.example}\n"))
    [fault] = faults(config)
    assert 'stores.acme-eu.sender: store "acme-us" sends as us@acme.example too' in fault


def test_tls_may_be_off_on_this_machine(config: Path) -> None:
    change(config, M, ("tls: ssl", "tls: none"), ("host: imap.acme.example", "host: 127.0.0.1"))
    assert load_settings(config, {}).mailboxes["acme"].tls == "none"


def test_a_channel_may_be_written_with_its_sign_or_as_an_id(config: Path) -> None:
    change(
        config, S, ("channel: amz-acme-us", 'channel: "#amz-acme-us"'), ("CA: amz-acme-ca", "CA: C0ACME42")
    )
    store = load_settings(config, {}).stores["acme-us"]
    assert (store.channel, store.channels["CA"]) == ("amz-acme-us", "C0ACME42")


def test_numbers_and_words_of_yaml_1_1_stay_what_was_typed(config: Path) -> None:
    change(
        config, S, ("name: Acme US", "name: no"), ("sender_name: Acme Customer Service", "sender_name: 17:30")
    )
    change(config, A, ("name: Maria Lopez", "name: 2026-11-25"))
    settings = load_settings(config, {})
    store = settings.stores["acme-us"]
    assert (store.name, store.sender_name, settings.agents["maria"].name) == ("no", "17:30", "2026-11-25")


def token(*parts: str) -> str:
    """Put together here, so that no scanner takes this file for a leak."""
    return "-".join(parts)


@pytest.mark.parametrize(
    "line", ["  bot_token_env: {}", "  # the old one was {}", "  review_channel: {}", '  team_id: "{}"']
)
def test_a_pasted_token_is_refused_and_never_repeated(config: Path, line: str) -> None:
    secret = token("xoxb", "123456789", "abcdef")
    with (config / K).open("a") as file:
        file.write(line.format(secret) + "\n")
    found = faults(config)
    number = len((config / K).read_text().splitlines())
    assert any(fault.startswith(f"config/slack.yaml:{number}:") and ADVICE in fault for fault in found)
    assert secret not in "\n".join(found)


def test_a_password_in_place_of_the_name_of_its_variable_is_not_repeated(config: Path) -> None:
    change(config, M, ("password_env: ACME_IMAP_PASSWORD", "password_env: hunter2"))
    [fault] = faults(config)
    assert "expected the NAME of an environment variable" in fault
    assert "hunter2" not in fault


def test_variables_in_texts(config: Path) -> None:
    change(
        config, M, ("host: imap.acme.example", "host: ${MAIL}.acme.example"), ("port: 993", "port: ${PORT}")
    )
    box = load_settings(config, {"MAIL": "imap2", "PORT": "1993"}).mailboxes["acme"]
    assert (box.host, box.port) == ("imap2.acme.example", 1993)
    assert faults(config, {"PORT": token("xapp", "1", "abc")}) == [
        f"{place(config, M, 'host: ${MAIL}')}: mailboxes.acme.host: the environment variable MAIL is not set; "
        "set it, or write the value here",
        f"{place(config, M, 'port: ${PORT}')}: mailboxes.acme.port: the environment variable PORT holds a "
        "secret; only keys that end in _env may name it",
    ]


def test_a_variable_has_a_plain_name(config: Path) -> None:
    change(config, S, ("name: Acme US", "name: ${name:-Acme}"))
    [fault] = faults(config)
    assert "${name:-Acme} names no environment variable" in fault


def test_reading_settings_asks_no_server(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        change(
            config,
            M,
            ("host: imap.acme.example", f"host: 127.0.0.1\n    port: {server.getsockname()[1]}"),
            ("    port: 993\n", ""),
        )
        load_settings(config, {})
        with pytest.raises(BlockingIOError):
            server.accept()
