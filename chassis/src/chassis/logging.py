"""Logs as JSON lines on stderr, with nothing personal in them, whatever is handed to a logger (`ALL-6`)."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from opentelemetry import trace

Event = MutableMapping[str, Any]

OWN = ("chassis", "invoicing", "payments", "receipts", "notifications")
"""Loggers whose texts are ours: constants, by the house's rules. Of others only the unfilled template is kept."""

REPEATED_AFTER_SECONDS = 10.0
"""How long what a library has logged is left out where it logs it again: some do so a hundred times a second."""
_REPEATED_MAX = 500
_FRAMES_MAX = 12
_TEXT_MAX = 300
_ALLOWED = frozenset(
    """
    event level logger timestamp service version trace_id span_id role roles port
    error error_type error_chain frames reason state status method route check checks sqlstate
    topic partition partitions offset attempts event_type consumer job name count total rate host key_id
    channel template language series number_series document_kind signal free draining dropped lease
    """.split()
)
_ALLOWED_ENDINGS = ("_id", "_ids", "_count", "_seconds", "_ms", "_bytes", "_version")


def configure_logging(*, service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records of this process through one pipeline to stderr."""
    out = stream or sys.stderr
    # `service` is not bound per request but known to the process, so that middleware may clear what is bound.
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        lambda _logger, _method, event: event | {"service": service},
        add_trace,
        reduce_exception,
        keep_harmless,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), structlog.stdlib.add_logger_name, template_only],
        processors=[
            _take_exception,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *shared,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    handler.addFilter(Repeated())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "asyncio", "aiokafka", "sqlalchemy", "opentelemetry", "alembic", "uvicorn"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger(noisy).level))


class Repeated(logging.Filter):
    """Lets through what others than we log once in a while, each text; the next says how often it was left out.

    A client without its broker says so each time that it tries, in every process, for as long as the broker is away.
    """

    def __init__(self) -> None:
        super().__init__()
        self._since: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is logged."""
        if record.name.startswith(OWN):
            return True
        text = (record.name, record.levelno, str(record.msg).partition("\n")[0])
        last, left_out = self._since.get(text, (float("-inf"), 0))
        if record.created - last < REPEATED_AFTER_SECONDS:
            self._since[text] = last, left_out + 1
            return False
        if len(self._since) >= _REPEATED_MAX:
            self._since.clear()
        self._since[text] = record.created, 0
        if left_out:
            record.left_out_count = left_out
        return True


def add_trace(_logger: Any, _method: str, event: Event) -> Event:
    """Say which request or message this is about."""
    current = trace.get_current_span().get_span_context()
    if current.is_valid:
        event["trace_id"] = format(current.trace_id, "032x")
        event["span_id"] = format(current.span_id, "016x")
    return event


def reduce_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its type and the places it came through: its text may quote a row or a request."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__qualname__
        event["error_chain"] = [type(one).__qualname__ for one in _chain(error)]
        event["frames"] = _frames(error)
    return event


def keep_harmless(_logger: Any, _method: str, event: Event) -> Event:
    """Drop every key that is not known to be harmless, and say which ones, so that a developer notices."""
    dropped = [key for key in event if key not in _ALLOWED and not key.endswith(_ALLOWED_ENDINGS)]
    for key in dropped:
        del event[key]
    for key, value in event.items():
        event[key] = _plain(value)
    if dropped:
        event["dropped"] = dropped
    return event


def template_only(_logger: Any, _method: str, event: Event) -> Event:
    """Of a record that others logged keep the first line of its template, without what was filled into it."""
    record: logging.LogRecord = event["_record"]
    if not record.name.startswith(OWN):
        event["event"] = str(record.msg).partition("\n")[0]
    return event


def _take_exception(_logger: Any, _method: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    if record.exc_info and "exc_info" not in event:
        event["exc_info"] = record.exc_info
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    """It, what a group of them holds, and what each came of."""
    seen: set[int] = set()
    following: list[BaseException] = [error]
    while following:
        current = following.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            following += current.exceptions
        came_of = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if came_of is not None:
            following.append(came_of)


def _frames(error: BaseException) -> list[str]:
    """Innermost last, as `module:line function`; of a group those of the first that it holds."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    found = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return found[-_FRAMES_MAX:]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)[:_TEXT_MAX]


def _json(event: Event, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()
