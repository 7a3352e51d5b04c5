"""What a machine says and what a person wrote: a message that is taken for an automatic reply has no clock."""

from datetime import UTC, datetime

import pytest

from bot.domain.mail import Kind
from bot.mail.parse import read

NOW = datetime(2026, 11, 26, 10, 1, tzinfo=UTC)
INQUIRY = "Inquiry from Amazon customer Kat"
WEAK = "Auto-Submitted: auto-generated\r\n"


def kind(text: str, subject: str = INQUIRY, more: str = "") -> Kind:
    mail = (
        "From: Kat - Amazon Marketplace <abcdef1234567+c1@marketplace.amazon.de>\r\n"
        f"To: s@x.example\r\nSubject: {subject}\r\nMessage-ID: <1@amazonses.example>\r\n{more}"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    )
    return read(mail.encode(), NOW).kind


@pytest.mark.parametrize("more", ["", "X-Space-Notification-Type: BBC_MESSAGE_SENT_TO_MERCHANT\r\n", WEAK])
@pytest.mark.parametrize(
    "text",
    [
        "Hello, this is an automatic watch, isn't it? How do I wind it?",
        "This is an automatic umbrella and it does not open.",
        "I was told this is an automated feeder. Does it work with 220V?",
        "I got your automatic reply. That is no answer! Please respond as soon as you read this.",
        "I received only an automated response from you. I want my money back.",
        "Sorry, I am out of the office until Monday. Please deliver it after that!",
        "I am on leave and will reply once back. But the item is broken and I want a refund.",
        "I am on holiday in Spain. In urgent cases call my neighbour to accept the delivery.",
        "Ship it a week later, we're on holiday",
        "Ich bin im Urlaub, bitte antworten Sie mir nach meiner Rückkehr am Freitag.",
        "Ich bin ab morgen im Urlaub und melde mich, sobald ich zurück bin. Das Gerät ist defekt.",
        "Wir sind im Urlaub. In dringenden Fällen bitte beim Nachbarn abgeben.",
        "Dies ist eine automatische Nachricht von DHL: Paket zugestellt. Es ist aber nicht da.",
        "Je suis actuellement absent, merci de livrer en cas d'urgence chez le voisin.",
        "C'est un message automatique que vous m'avez envoyé, répondez-moi",
        "Envíenlo una semana después, estamos de vacaciones",
        "Sono in ferie, al mio ritorno vorrei il rimborso",
        "自动回复没有用，我要退款",
        "这是自动回复吗？我要人工客服",
        "これは自動返信ですか？返金してください。",
    ],
)
def test_who_wants_something_is_a_person(text: str, more: str) -> None:
    assert kind(text, more=more) is Kind.BUYER_MESSAGE


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your email. I am currently out of the office with no access to email. I will return on "
        "Monday. If you need immediate assistance, please contact my colleague Bob at +1 555 0100.",
        "I am on annual leave until Monday. I will reply to your email upon my return. For urgent matters call Bob.",
        "This is an automatically generated response, please do not reply to this email.",
        "This is an automated message. We have received your email. For help see https://acme.example/faq?x=1",
        "Automatic reply: I am away from my desk and will get back to you on Monday.",
        "Ich bin bis 30.11. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie "
        "sich bitte an Frau Weber. Bitte antworten Sie nicht auf diese E-Mail.",
        "Je suis absent du bureau jusqu'au 30. Je répondrai à mon retour. En cas d'urgence, Mme Dupont me remplace.",
        "Esta es una respuesta automática. Gracias por su correo.",
        "Sono fuori ufficio fino al 30 novembre. Risponderò al mio rientro. Per urgenze contattare Luca.",
        "Ik ben op vakantie tot 30 november. Bij terugkomst beantwoord ik uw e-mail.",
        "To jest automatyczna odpowiedź. Przebywam poza biurem.",
        "11月30日まで休暇中です。戻り次第返信いたします。",
        "[自动回复] 您的邮件已收到，我会尽快给您回复。",
        "您好，这是自动回复。我正在休假，回来后会尽快回复您的邮件。",
        "هذا رد تلقائي. أنا خارج المكتب حتى يوم الأحد.",
    ],
)
def test_who_only_says_that_they_are_away_is_a_machine(text: str) -> None:
    assert kind(text) is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Automatic reply: Inquiry", "I am away.", Kind.AUTO_REPLY),
        ("Out of Office AutoReply: Your order", "Back on Monday", Kind.AUTO_REPLY),
        ("Abwesenheit: Ihre Bestellung", "Bin im Urlaub.", Kind.AUTO_REPLY),
        ("自动回复: 订单", "已收到", Kind.AUTO_REPLY),
        ("Out of office chair", "A castor broke off.", Kind.BUYER_MESSAGE),
        ("Re: Automatic reply: Your order", "That is no answer. Where is my parcel?", Kind.BUYER_MESSAGE),
    ],
)
def test_the_subject_of_a_machine(subject: str, text: str, expected: Kind) -> None:
    assert kind(text, subject) is expected


@pytest.mark.parametrize(
    "words",
    [
        "My message to the seller was not delivered. Where is it?",
        "The customer does not wish to receive another one.",
    ],
)
def test_what_a_buyer_tells_customer_service_is_no_word_of_amazons(words: str) -> None:
    mail = (
        "From: Amazon <cust.service@amazon.com>\r\nTo: s@x.example\r\nMessage-ID: <1@amazon.example>\r\n"
        "Subject: Contact about order 111-1234567-1234567\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Hello,\n\nWe've been contacted by a customer regarding order 111-1234567-1234567.\n\n"
        f"Reason: Where's my stuff\nDetails: {words}\n\nPlease reply to this email.\n"
    )
    found = read(mail.encode(), NOW)
    assert (found.kind, found.order_id) == (Kind.BUYER_MESSAGE, "111-1234567-1234567")
    assert words in found.text
