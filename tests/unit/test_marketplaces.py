"""Our table of Amazon's sites against the library's, which is kept by others."""

import pytest
from sp_api.base import Marketplaces

from bot.domain.marketplaces import MARKETPLACES, of_relay_host
from bot.domain.zones import is_zone


def test_ids_are_those_that_the_api_library_knows() -> None:
    known = {name: one.marketplace_id for name, one in Marketplaces.__members__.items()}
    assert {code: one.id for code, one in MARKETPLACES.items()}.items() <= known.items()


def test_every_zone_exists() -> None:
    assert all(is_zone(one.zone) for one in MARKETPLACES.values())


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("marketplace.amazon.de", "DE"),
        ("Marketplace.Amazon.CO.JP", "JP"),
        ("m.marketplace.amazon.co.jp", "JP"),
        ("marketplace.amazon.com.br", "BR"),
        ("marketplace.amazon.de.evil.example", None),
        ("evilmarketplace.amazon.de", None),
        ("amazon.de", None),
        ("marketplace.amazon.cn", None),
        ("", None),
    ],
)
def test_relay_hosts(host: str, code: str | None) -> None:
    found = of_relay_host(host)
    assert (found.code if found else None) == code
