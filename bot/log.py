"""Structured logs: one event a line, ids only.

A key that is not in ALLOWED is dropped and named in `dropped`: buyer text, names, addresses and
tokens can't get into a log line by accident (design.md 5, invariant 8).
"""

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "action", "attempts", "case", "channel", "command", "count", "dropped", "error_id", "event",
        "exception", "file", "folder", "http_status", "key", "kind", "lane", "lease", "left", "level",
        "line", "mail", "mailbox", "message", "method", "mode", "name", "person", "port", "posted",
        "reason", "reply", "retry_after", "role", "scope", "stage", "state", "store", "surface", "tick",
        "timestamp", "took_ms", "typed", "uid", "uidvalidity", "url", "version", "why_class",
    ]
)  # fmt: skip


def _only_allowed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    dropped = sorted(key for key in event if key not in ALLOWED)
    for key in dropped:
        del event[key]
    if dropped:
        event["dropped"] = dropped
    return event


def _without_message(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """An exception's text may quote a buyer: keep its class and the places in the code, not its words."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["why_class"] = type(error).__name__
        event["exception"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/bot/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]


def _as_text(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The places of an exception as lines: the text renderer adds them to a line and breaks on a list."""
    if "exception" in event:
        event["exception"] = "\n".join(event["exception"])
    return event


class _Lasting:
    """Standard error, which may be a file on a disk that is full: a line that can't be written is given up.

    Most lines are written where an error is being handled; one more there would end the thread that handles it.
    """

    def __init__(self) -> None:
        self._error = sys.stderr

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._error.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._error.flush()


def _also(report: Callable[[Mapping[str, Any]], None]) -> Callable[..., MutableMapping[str, Any]]:
    def told(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        report(event)
        return event

    return told


def set_up(
    level: str = "info", *, as_json: bool = True, report: Callable[[Mapping[str, Any]], None] | None = None
) -> None:
    """Send our events to standard error, as JSON lines or as text for people; `report` also gets each."""
    rendering: list[Any] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    if not as_json:
        rendering = [_as_text, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_message,
            _only_allowed,
            *([_also(report)] if report else []),
            *rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(_Lasting()),  # type: ignore[arg-type]  # it needs no more
        cache_logger_on_first_use=False,
    )
    # The libraries' own debug lines print headers and bodies, tokens among them.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def get_logger() -> Any:
    """The logger of a module: `log = get_logger()`, then `log.info("case_claimed", case=1042)`."""
    return structlog.get_logger()
