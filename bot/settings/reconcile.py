"""How reports of Amazon's are read, as config/reconcile.yaml spells it: names of columns, times, zone."""

import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.domain.report import Layout
from bot.domain.sheet_reading import plain_name
from bot.settings.strict import Strict
from bot.settings.values import Zone

_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)")
_WORD = re.compile(r"[A-Z]{1,5}")


def _format(text: str) -> str:
    if text in ("iso", "serial"):
        return text
    sample = datetime(2026, 11, 25, 13, 14)  # noqa: DTZ001 - a wall time
    try:
        back = datetime.strptime(sample.strftime(text), text)  # noqa: DTZ007 - the same
    except ValueError as why:
        raise ValueError(f'"{text}" is no format of a time ({why}); expected such as %d.%m.%Y %H:%M') from why
    if back != sample:
        raise ValueError(
            f'"{text}" does not say the whole of a time; expected a year, month, day, hour and minute, with '
            "%p beside %I, such as %m/%d/%Y %I:%M %p (or iso, or serial)"
        )
    return text


def _some(formats: tuple[str, ...]) -> tuple[str, ...]:
    # Not min_length: pydantic counts the good ones only, and would complain twice of a bad one.
    if not formats:
        raise ValueError("the list is empty; expected at least one format, such as iso")
    return formats


def _offset(text: str) -> str:
    if not _OFFSET.fullmatch(text) or offset_of(text) > timedelta(hours=14):
        raise ValueError(f'"{text}" is no offset from UTC; expected such as -08:00')
    return text


def _zone_word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise ValueError(f'"{text}" is no word for a zone; expected up to 5 capitals, such as PST')
    return text


def _column(text: str) -> str:
    if not plain_name(text):
        raise ValueError(f'"{text}" has no letter; expected the name of a column, such as Order ID')
    return text


def offset_of(text: str) -> timedelta:
    """How far ahead of UTC `-08:00` is."""
    hours, minutes = int(text[1:3]), int(text[4:6])
    size = timedelta(hours=hours, minutes=minutes)
    return -size if text[0] == "-" else size


TimeFormat = Annotated[str, AfterValidator(_format)]
Offset = Annotated[str, AfterValidator(_offset)]
ZoneWord = Annotated[str, AfterValidator(_zone_word)]
Names = tuple[Annotated[str, AfterValidator(_column)], ...]


class ColumnNames(Strict):
    """The names that each column may have. Capitals, blanks and signs don't matter."""

    order_id: Names = (
        *("Order ID", "Amazon order ID", "Order number", "Bestellnummer", "Amazon-Bestellnummer"),
        *("Numéro de commande", "ID de commande", "Numero d'ordine", "ID ordine", "Número de pedido"),
        *("ID del pedido", "N.º de pedido", "注文番号", "订单编号", "订单号", "亚马逊订单编号"),
    )
    amazon_case_id: Names = (
        *("Case ID", "Thread ID", "Conversation ID", "Message thread", "Fall-ID", "Vorgangsnummer"),
        *("ID du cas", "ID caso", "ID de caso", "ケースID", "问题编号", "会话编号"),
    )
    buyer: Names = (
        *("Buyer email", "Buyer alias", "Buyer e-mail address", "Customer email", "E-Mail des Käufers"),
        *("E-mail de l'acheteur", "E-mail dell'acquirente", "Correo del comprador", "購入者のEメール"),
        *("买家邮箱", "买家电子邮件"),
    )
    received_at: Names = (
        *("Received at", "Received", "Message received", "Date received", "Received time", "Contact time"),
        *("Empfangen am", "Eingegangen am", "Eingang", "Reçu le", "Date de réception", "Ricevuto il"),
        *("Data di ricezione", "Recibido el", "Fecha de recepción", "受信日時", "受信日", "接收时间"),
        *("收到时间", "消息接收时间", "来信时间"),
    )
    answered_at: Names = (
        *("Responded at", "Answered at", "Responded", "First response", "Replied at"),
        *("Beantwortet am", "Antwort am", "Antwortdatum", "Répondu le", "Date de réponse", "Risposto il"),
        *(
            "Data di risposta",
            "Respondido el",
            "Fecha de respuesta",
            "返信日時",
            "回答日時",
            "回复时间",
            "答复时间",
        ),
    )
    overdue: Names = (
        *(
            "Overdue",
            "Late",
            "Late response",
            "Überfällig",
            "Verspätet",
            "En retard",
            "In ritardo",
            "Retrasado",
        ),
        *("期限超過", "逾期", "是否逾期"),
    )


class ReconcileSettings(Strict):
    """How the file is read that `reply24 sla reconcile` is given."""

    columns: ColumnNames = ColumnNames()
    zone: Zone = "UTC"
    formats: Annotated[tuple[TimeFormat, ...], AfterValidator(_some)] = Field(
        default=(
            *(
                "iso",
                "serial",
                "%Y/%m/%d %H:%M:%S",
                "%Y/%m/%d %H:%M",
                "%Y/%m/%d %p %I:%M:%S",
                "%Y/%m/%d %p %I:%M",
            ),
            *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M:%S", "%d.%m.%Y, %H:%M"),
            *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%y %I:%M %p", "%b %d, %Y %I:%M:%S %p"),
            *("%b %d, %Y %I:%M %p", "%b %d, %Y, %I:%M %p", "%B %d, %Y %I:%M %p", "%d-%b-%Y %H:%M:%S"),
            *("%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M"),
            *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M"),
            *(
                "%Y年%m月%d日 %H:%M:%S",
                "%Y年%m月%d日 %H:%M",
                "%Y年%m月%d日 %H時%M分",
                "%Y年%m月%d日 %H时%M分",
            ),
        ),
    )
    offsets: dict[ZoneWord, Offset] = Field(
        default={
            **{
                "PST": "-08:00",
                "PDT": "-07:00",
                "MST": "-07:00",
                "MDT": "-06:00",
                "EST": "-05:00",
                "EDT": "-04:00",
            },
            **{"WET": "+00:00", "WEST": "+01:00", "CET": "+01:00", "CEST": "+02:00", "MEZ": "+01:00"},
            **{"MESZ": "+02:00", "JST": "+09:00"},
        }
    )
    overdue_words: Names = (
        *("yes", "y", "true", "1", "overdue", "late", "no response", "over 24 hours", "ja", "überfällig"),
        *(
            "verspätet",
            "oui",
            "en retard",
            "sì",
            "in ritardo",
            "sí",
            "retrasado",
            "はい",
            "期限超過",
            "是",
            "逾期",
        ),
        *("已逾期", "超时"),
    )
    in_time_words: Names = (
        *("no", "n", "false", "0", "in time", "on time", "responded", "answered", "nein", "pünktlich", "non"),
        *("à temps", "in tempo", "a tiempo", "いいえ", "期限内", "否", "未逾期", "按时", "已回复"),
    )
    tolerance_hours: float = Field(default=12, gt=0, le=72)

    def layout(self, zone: str | None = None) -> Layout:
        """The same as the domain has it; `zone` in the place of the one that is set."""
        named = self.columns.model_dump()
        return Layout(
            columns={field: tuple(map(plain_name, names)) for field, names in named.items()},  # type: ignore[misc]  # the fields of ColumnNames
            formats=self.formats,
            offsets={word: offset_of(text) for word, text in self.offsets.items()},
            overdue=frozenset(map(plain_name, self.overdue_words)),
            in_time=frozenset(map(plain_name, self.in_time_words)),
            zone=zone or self.zone,
        )
