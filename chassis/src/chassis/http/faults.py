"""What a fault of the database or of ours is answered with: no detail, but a trace id, and whether to try again."""

from __future__ import annotations

import asyncpg
import structlog
from sqlalchemy import exc
from starlette.responses import Response

from chassis.database.faults import CHANGED_SCHEMA, DRIVER_FAULTS
from chassis.database.outbox import EventTooLarge
from chassis.http.problems import BUSY, INTERNAL, INVALID, UNAVAILABLE, FieldError, Problem, problem_response

# SQLSTATE classes and codes (PostgreSQL, appendix A).
_CONNECTION_CLASSES = ("08", "53", "57P", "55000")  # 55000: the database takes no connections at the moment
_BUSY_CODES = ("40001", "40P01", "55P03", "57014", "25P03", "25P04")
_DATA_CLASS = "22"
_UNREACHABLE = (
    OSError,
    TimeoutError,
    *CHANGED_SCHEMA,
    *DRIVER_FAULTS,
    asyncpg.PostgresConnectionError,
)

log = structlog.get_logger(__name__)


def response_to_fault(error: BaseException) -> Response:
    """The answer to an error that nobody foresaw."""
    problem = problem_of_fault(error)
    if isinstance(error, EventTooLarge):
        log.warning("event_too_large", reason=str(error))
        return problem_response(INVALID, errors=[FieldError("request", str(error))])
    if problem is INVALID:
        log.warning("value_refused_by_database", error_type=type(error).__name__)
        return problem_response(INVALID, errors=[FieldError("request", "a value is outside of what can be kept")])
    if problem is INTERNAL:
        log.error("request_failed", exc_info=error)
    else:
        log.warning("request_not_served", error_type=type(error).__name__, sqlstate=sqlstate_of(error))
    return problem_response(problem)


def problem_of_fault(error: BaseException) -> Problem:
    """Unavailable or busy where trying again can help, invalid where the database refused a value, else internal."""
    if isinstance(error, EventTooLarge):
        return INVALID
    code = sqlstate_of(error) or ""
    cause = _driver_error(error)
    if code.startswith(_DATA_CLASS) or isinstance(cause, asyncpg.DataError):
        return INVALID
    if code in _BUSY_CODES or isinstance(error, exc.TimeoutError):
        return BUSY
    lost = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    if lost or code.startswith(_CONNECTION_CLASSES) or isinstance(cause, _UNREACHABLE):
        return UNAVAILABLE
    return INTERNAL


def sqlstate_of(error: BaseException) -> str | None:
    """PostgreSQL's code of an error, through whatever wraps it."""
    code = getattr(_driver_error(error), "sqlstate", None)
    return code if isinstance(code, str) else None


def _driver_error(error: BaseException) -> BaseException:
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
