"""Which store a mail is for, where several share a mailbox."""

from dataclasses import replace

import pytest

from bot.desk.incoming import store_of
from bot.settings.shape import StoreSettings
from tests import world
from tests.world import buyer_mail

BOX = "nordlicht"


def stores(**changes: object) -> dict[str, StoreSettings]:
    """Both stores read one mailbox; `changes` are keys of both in config/stores.yaml."""
    recipients = {"nordlicht": ("eu@acme.example", "Shop@acme.example"), "sunrise": ("us@acme.example",)}
    return {
        key: store.model_copy(update={"mailbox": BOX, "recipients": recipients[key], **changes})
        for key, store in world.settings().stores.items()
    }


@pytest.mark.parametrize(
    ("to", "marketplace", "expected"),
    [
        (("us@acme.example",), "DE", "sunrise"),
        (("buyers@acme.example", "eu@acme.example"), "US", "nordlicht"),
        (("shop@acme.example",), "US", "nordlicht"),
        (("support@sunrise.example",), "DE", "sunrise"),
        (("eu@acme.example", "us@acme.example"), "DE", None),
        (("buyers@acme.example",), "US", "sunrise"),
        (("buyers@acme.example",), "JP", None),
        ((), "DE", "nordlicht"),
    ],
)
def test_the_address_says_whose_it_is_then_the_sender_then_the_marketplace(
    to: tuple[str, ...], marketplace: str, expected: str | None
) -> None:
    mail = replace(buyer_mail(), recipients=to, marketplace=marketplace)
    assert store_of(stores(), BOX, mail) == expected


def test_stores_that_answer_under_one_name_are_told_apart_by_what_is_written_to() -> None:
    """It went to review, each mail of that store: the address was in question because both send as it."""
    mail = replace(buyer_mail(), recipients=("shop@acme.example",), marketplace="DE")
    assert store_of(stores(sender="shop@acme.example"), BOX, mail) == "nordlicht"
    other = replace(mail, recipients=("us@acme.example",), marketplace="US")
    assert store_of(stores(sender="shop@acme.example"), BOX, other) == "sunrise"
