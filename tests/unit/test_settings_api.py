"""A store's access to Amazon's API in stores.yaml: which secrets it needs, and what can't be, with its line."""

from pathlib import Path

import pytest

from bot.amazon.access import ENDPOINTS
from bot.clock import RealClock
from bot.errors import ConfigError
from bot.settings import Secrets, load_settings, missing_secrets
from bot.work.amazon import access_of, open_amazon
from tests.unit.test_settings import change, config, faults  # noqa: F401 - a fixture

API = """    quote_original: false
    api:
      refresh_token_env: ACME_US_REFRESH_TOKEN
      client_id_env: ACME_CLIENT_ID
      client_secret_env: ACME_CLIENT_SECRET
"""
SECRETS = {
    "ACME_US_REFRESH_TOKEN": "the refresh token",
    "ACME_CLIENT_ID": "the id",
    "ACME_CLIENT_SECRET": "the secret",
}


@pytest.fixture
def folder(config: Path) -> Path:  # noqa: F811 - the fixture of that name
    change(config, "stores.yaml", ("    quote_original: false\n", API))
    return config


def place(folder: Path, file: str, key: str) -> str:
    lines = (folder / file).read_text().splitlines()
    number = next(number for number, line in enumerate(lines) if line.strip().startswith(key))
    return f"config/{file}:{number + 1}:{len(lines[number]) - len(lines[number].lstrip()) + 1}"


def test_without_it_no_store_has_access_and_no_secret_is_asked_for(config: Path) -> None:  # noqa: F811 - the fixture
    settings = load_settings(config, {})
    assert {one.api for one in settings.stores.values()} == {None}
    assert open_amazon(settings, Secrets(settings, {}), RealClock()).stores == ()


def test_the_region_follows_from_the_marketplaces_and_the_secrets_from_the_environment(folder: Path) -> None:
    settings = load_settings(folder, {})
    access = access_of(settings, "acme-us", Secrets(settings, SECRETS))
    assert (access.endpoint, access.token_url) == (ENDPOINTS["na"], "https://api.amazon.com/auth/o2/token")
    assert (access.refresh_token, access.client_id, access.client_secret) == tuple(SECRETS.values())
    assert open_amazon(settings, Secrets(settings, SECRETS), RealClock()).stores == ("acme-us",)
    assert not [value for value in SECRETS.values() if value in repr(access) + repr(settings)]


def test_a_secret_that_is_missing_says_which_line_asks_for_it(folder: Path) -> None:
    settings = load_settings(folder, {})
    lines = [one for one in missing_secrets(settings, {}) if "ACME_US_" in one or "ACME_CLIENT" in one]
    assert len(lines) == 3
    line = place(folder, "stores.yaml", "refresh_token_env").split(":")[1]
    assert lines[0].startswith("environment: ACME_US_REFRESH_TOKEN: is not set")
    assert lines[0].endswith(f"stores.yaml:{line}: stores.acme-us.api.refresh_token_env")
    with pytest.raises(ConfigError, match="ACME_US_REFRESH_TOKEN"):
        open_amazon(settings, Secrets(settings, {}), RealClock())


def test_an_address_of_ones_own_goes_before_that_of_all_stores_and_of_the_region(folder: Path) -> None:
    change(
        folder,
        "amazon.yaml",
        ("  # endpoint: https://sellingpartnerapi-eu.amazon.com", "  endpoint: http://127.0.0.1:9"),
    )
    settings = load_settings(folder, {})
    secrets = Secrets(settings, SECRETS)
    assert access_of(settings, "acme-us", secrets).endpoint == "http://127.0.0.1:9"
    change(folder, "stores.yaml", ("    api:\n", "    api:\n      endpoint: https://proxy.acme.example\n"))
    settings = load_settings(folder, {})
    assert access_of(settings, "acme-us", secrets).endpoint == "https://proxy.acme.example"


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "told"),
    [
        (
            "stores.yaml", "marketplaces: [US, CA]", "marketplaces: [US, CA, DE]", "api:",
            "stores.acme-us.api: a seller's authorisation is for one region, and this store sells in several "
            "(US: na, CA: na, DE: eu); split it",
        ),
        (
            "stores.yaml", "    api:\n", "    api:\n      region: eu\n", "region: eu",
            'stores.acme-us.api.region: "eu" is not the region of this store\'s marketplaces (US: na, CA: na); '
            "leave it out",
        ),
        (
            "stores.yaml", "    api:\n", "    api:\n      region: us\n", "region: us",
            "stores.acme-us.api.region: expected one of 'na', 'eu' or 'fe', found",
        ),
        (
            "stores.yaml", "    api:\n", "    api:\n      endpoint: http://amazon.example\n", "endpoint: http:",
            'stores.acme-us.api.endpoint: over http tokens can be read on the way to "amazon.example"; '
            "expected https (http is for this machine)",
        ),
        (
            "amazon.yaml", "token_url: https://", "token_url: http://", "token_url: http:",
            'amazon.token_url: over http tokens can be read on the way to "api.amazon.com"; '
            "expected https (http is for this machine)",
        ),
        (
            "stores.yaml", "      client_secret_env: ACME_CLIENT_SECRET\n", "", "api:",
            "stores.acme-us.api.client_secret_env: this key is needed and is missing",
        ),
        (
            "stores.yaml", "refresh_token_env: ACME_US_REFRESH_TOKEN", "refresh_token_env: Atzr-geheim",
            "refresh_token_env: Atzr", "stores.acme-us.api.refresh_token_env: expected the NAME of an environment",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_told_with_its_line(
    folder: Path, file: str, old: str, new: str, key: str, told: str
) -> None:
    change(folder, file, (old, new))
    [fault] = faults(folder)
    line = place(folder, file, key).rpartition(":")[0]
    assert fault.startswith(f"{line}:")
    assert told in fault
    assert "geheim" not in fault


QUEUES = """  queues:
    main:
      url: https://sqs.us-east-1.amazonaws.com/123456789012/reply24
      key_id_env: ACME_AWS_KEY_ID
      secret_env: ACME_AWS_SECRET
"""


def with_queues(folder: Path, queues: str = QUEUES, *, seller: bool = True) -> Path:
    change(folder, "amazon.yaml", ("  queues: {}\n", queues))
    if seller:
        known = "    api:\n      seller_id: A3TH9S8BH6GOGM\n      subscriptions: [7fcacc7e-727b-11e9]\n"
        change(folder, "stores.yaml", ("    api:\n", known))
    return folder


def test_a_queue_has_the_region_of_its_address_and_its_key_from_the_environment(folder: Path) -> None:
    settings = load_settings(with_queues(folder), {})
    assert settings.amazon.queues["main"].region_name == "us-east-1"
    api = settings.stores["acme-us"].api
    assert api is not None
    assert (api.seller_id, api.subscriptions) == ("A3TH9S8BH6GOGM", ("7fcacc7e-727b-11e9",))
    lines = [one for one in missing_secrets(settings, SECRETS) if "ACME_AWS" in one]
    assert [one.split(": ")[1] for one in lines] == ["ACME_AWS_KEY_ID", "ACME_AWS_SECRET"]
    assert lines[0].endswith("amazon.queues.main.key_id_env")


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("https://sqs", "http://sqs", "tokens can be read on the way"),
        ("sqs.us-east-1.amazonaws.com", "queues.example", "does not name the AWS region"),
        ("reply24\n", "reply24\n      region: here\n", "region"),
        ("key_id_env: ACME_AWS_KEY_ID", "key_id_env: AKIA123456789abcd", "NAME of an environment variable"),
    ],
)
def test_what_is_wrong_with_a_queue_is_told(folder: Path, old: str, new: str, text: str) -> None:
    with pytest.raises(ConfigError) as why:
        load_settings(with_queues(folder, QUEUES.replace(old, new)), {})
    assert [line for line in why.value.faults if "amazon.queues.main" in line and text in line]


def test_a_queue_of_another_address_may_say_its_region(folder: Path) -> None:
    there = QUEUES.replace("sqs.us-east-1.amazonaws.com", "queues.example")
    settings = load_settings(with_queues(folder, there + "      region: eu-west-1\n"), {})
    assert settings.amazon.queues["main"].region_name == "eu-west-1"


def test_a_queue_without_a_store_that_it_is_about_is_a_fault(folder: Path) -> None:
    with pytest.raises(ConfigError, match="no store can be told by its notifications"):
        load_settings(with_queues(folder, seller=False), {})
