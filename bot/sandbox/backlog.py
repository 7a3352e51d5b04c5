"""What waits in the demo's mailboxes before it starts: a night's messages, some answered in Seller Central.

Their ages are chosen so that in the first minutes each stage of the pings is seen once.
"""

from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import FixedClock
from bot.sandbox.relay import MailRelay
from bot.sandbox.relay_texts import SAMPLES

# (age in minutes, marketplace, language, topic, answered after so many minutes in Seller Central)
_WAITING = (
    (23 * 60 + 43, "US", "en", "wrong_missing", None),
    (22 * 60 + 50, "DE", "de", "delivery", None),
    (20 * 60 + 40, "FR", "fr", "refund", None),
    (17 * 60 + 30, "US", "es", "return", None),
    (11 * 60 + 10, "UK", "en", "invoice", None),
    (3 * 60, "DE", "de", "product_question", None),
    (23 * 60, "DE", "de", "return", 150),
    (21 * 60, "US", "en", "delivery", 95),
    (19 * 60, "UK", "en", "damaged_defective", 240),
    (16 * 60, "FR", "fr", "delivery", 70),
    (14 * 60, "US", "en", "refund", 410),
    (9 * 60, "DE", "de", "invoice", 180),
    (6 * 60, "US", "zh", "delivery", 55),
)
_ANSWERS = {
    "de": "Vielen Dank für Ihre Nachricht. Wir haben Ihr Anliegen geprüft und den Fall heute gelöst.",
    "fr": "Merci pour votre message. Nous avons vérifié votre demande et réglé le problème aujourd'hui.",
    "en": "Thank you for your message. We looked into it and solved it today.",
    "zh": "感谢您的来信。我们已核实您的问题，并已在今天处理完毕。",
}


def write_backlog(maildir: Path, now: datetime) -> None:
    """Put the night's mails into the demo's Maildirs, as they would have come in before `now`."""
    for age, marketplace, lang, topic, answered in sorted(_WAITING, reverse=True):
        clock = FixedClock(now - timedelta(minutes=age))
        relay = MailRelay(maildir, clock, seed=age)
        buyer = relay.write_as_buyer(SAMPLES[topic][lang], marketplace=marketplace, lang=lang)
        if answered is not None:
            clock.advance(timedelta(minutes=answered))
            relay.copy_of_reply(buyer, _ANSWERS[lang])
