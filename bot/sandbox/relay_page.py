"""What the sandbox page reads and writes of the mail relay, as plain JSON data."""

from typing import TYPE_CHECKING, Any

from bot.errors import NotFound, WrongInput
from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.relay_texts import NAMES, SAMPLES, TOPIC_LABELS

if TYPE_CHECKING:
    from bot.sandbox.relay import About, MailRelay, SentMail, What


def state(relay: "MailRelay") -> dict[str, Any]:
    """All that the page shows of the relay; times are epoch seconds of the relay's clock."""
    return {
        "marketplaces": [
            {
                "code": code,
                "store": store.name,
                "store_name": store.display_name,
                "languages": sorted(NAMES),
            }
            for store in relay.stores.values()
            for code in store.marketplaces
        ],
        "samples": [
            {"id": f"{topic}-{lang}", "label": TOPIC_LABELS[topic], "lang": lang, "text": text}
            for topic, texts in SAMPLES.items()
            for lang, text in texts.items()
        ],
        "sent": [_sent(sent) for sent in relay.sent],
        "buyers": [_buyer(buyer) for buyer in relay.buyers],
        "next": {"bounce": relay.coming == "bounce", "opt_out": relay.coming == "opt_out"},
    }


def write(relay: "MailRelay", fields: dict[str, Any]) -> dict[str, Any]:
    """Write as a buyer; with `alias` as one who wrote before. Answers {ok} or {ok, error}."""
    text = str(fields.get("text") or "").strip()
    photo = bool(fields.get("attachment"))
    alias = str(fields.get("alias") or "")
    if not text and not photo:
        return {"ok": False, "error": "Write something first."}
    try:
        if alias:
            relay.follow_up(relay.buyer(alias), text, photo=photo)
        else:
            relay.write_as_buyer(text, **_about(fields))
    except (NotFound, WrongInput) as why:
        return {"ok": False, "error": str(why)}
    return {"ok": True}


def set_next(relay: "MailRelay", what: "What") -> dict[str, Any]:
    """What happens to the next reply. Answers {ok} or {ok, error}."""
    try:
        relay.next(what)
    except WrongInput as why:
        return {"ok": False, "error": str(why)}
    return {"ok": True}


def _about(fields: dict[str, Any]) -> "About":
    """An empty field of the page's form is the same as none: the relay invents it."""
    about: About = {"photo": bool(fields.get("attachment"))}
    if fields.get("marketplace"):
        about["marketplace"] = str(fields["marketplace"])
    if fields.get("store"):
        about["store"] = str(fields["store"])
    if fields.get("name"):
        about["name"] = str(fields["name"])
    if fields.get("order_id"):
        about["order_id"] = str(fields["order_id"])
    return about


def _sent(sent: "SentMail") -> dict[str, Any]:
    return {
        "id": sent.id,
        "at": sent.at.timestamp(),
        "to": sent.to,
        "subject": sent.subject,
        "text": sent.text,
        "store": sent.store,
        "status": sent.status,
        "attachments": list(sent.attachments),
    }


def _buyer(buyer: BuyerMail) -> dict[str, Any]:
    return {
        "alias": buyer.alias,
        "name": buyer.name,
        "store": buyer.store,
        "marketplace": buyer.marketplace,
        "order_id": buyer.order_id,
        "lang": buyer.lang,
    }
