"""Which hosts are this machine."""

import pytest

from bot.domain.loopback import is_loopback


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost", "localhost.", "127.0.0.1", "127.8.9.10", "::1", "[::1]"]
)
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0.0.0.0",
        "::",
        "10.0.0.1",
        "128.0.0.1",
        "localhost.example",
        "my.localhost.example",
        "127.0.0.1.example",
        "127.1",
        "mail.seller.example",
    ],
)
def test_any_other(host: str) -> None:
    assert not is_loopback(host)
