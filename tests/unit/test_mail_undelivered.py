"""What Amazon says of parcels is no bounce of ours; what it says of our messages is, in every language."""

from datetime import UTC, datetime

import pytest

from bot.domain.mail import Kind
from bot.mail.parse import read

NOW = datetime(2026, 11, 26, 10, 1, tzinfo=UTC)


def kind(subject: str, text: str) -> Kind:
    mail = (
        f"From: Amazon <auto-communication@amazon.com>\r\nTo: s@x.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <1@amazon.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    )
    return read(mail.encode(), NOW).kind


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Delivery attempted",
            "The carrier was unable to deliver the package. Reply to this email if you need help.",
        ),
        ("Action required", "Your shipment could not be delivered. We have sent the buyer a message."),
        (
            "Refund initiated",
            "The parcel came back because it could not be delivered. This e-mail was sent automatically.",
        ),
        ("A listing", "This message was sent to you because the product has been rejected."),
        ("An order", "The customer decided not to receive the item."),
        ("Sold, dispatch now", "The customer opted out of gift wrap."),
        ("Versandmeldung", "Ihre Nachricht ist wichtig. Das Paket wurde nicht zugestellt."),
        ("Information", "Nous vous envoyons ce message car le colis n'a pas été livré."),
        ("Aviso", "Le enviamos este mensaje porque el paquete no se entregó."),
        ("Avviso", "Ti inviamo questo messaggio perché il pacco non è stato consegnato."),
        ("Hinweis", "Der Kunde hat die Annahme abgelehnt."),
        ("Client", "Le client a refusé de recevoir le colis."),
        ("Cliente", "El cliente no desea recibir el producto."),
        ("ご注文", "購入者が商品を受け取らないため返品されます。"),
        ("订单", "买家不接收包裹"),
    ],
)
def test_what_did_not_arrive_was_a_parcel(subject: str, text: str) -> None:
    assert kind(subject, text) is Kind.AMAZON_NOTICE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We were unable to deliver the message that you sent to the buyer.", Kind.BOUNCE),
        ("Your message regarding this item could not be delivered because it has a link.", Kind.BOUNCE),
        ("Your message to the buyer was blocked.", Kind.BOUNCE),
        ("Ihre Nachricht zum Artikel Lampe konnte nicht zugestellt werden.", Kind.BOUNCE),
        ("Votre message concernant le produit Lampe n'a pas été remis.", Kind.BOUNCE),
        ("Tu mensaje sobre el producto Lámpara no se ha entregado.", Kind.BOUNCE),
        ("Il tuo messaggio relativo al prodotto Lampada non è stato consegnato.", Kind.BOUNCE),
        ("Je bericht kon niet worden bezorgd. Uw bericht is niet bezorgd.", Kind.BOUNCE),
        ("商品に関するメッセージは配信されませんでした。", Kind.BOUNCE),
        ("您关于订单的消息未能送达买家。", Kind.BOUNCE),
        (
            "The buyer has opted out of receiving messages from sellers about this product.",
            Kind.OPT_OUT_NOTICE,
        ),
        ("Der Käufer hat Nachrichten von Verkäufern abbestellt.", Kind.OPT_OUT_NOTICE),
        ("L'acheteur a choisi de ne plus recevoir de messages.", Kind.OPT_OUT_NOTICE),
        ("买家已选择不接收卖家的邮件", Kind.OPT_OUT_NOTICE),
    ],
)
def test_what_did_not_arrive_was_our_message(text: str, expected: Kind) -> None:
    assert kind("Notice", text) is expected
