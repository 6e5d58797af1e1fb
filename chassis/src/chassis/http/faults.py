"""What a fault of the database or of ours is answered with: no detail, but a trace id, and whether to try again."""

from __future__ import annotations

import structlog
from starlette.responses import Response

from chassis.database.faults import is_away, is_busy, is_refused_value, sqlstate_of
from chassis.database.outbox import EventTooLarge
from chassis.http.problems import BUSY, INTERNAL, INVALID, UNAVAILABLE, FieldError, Problem, problem_response

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
    if is_refused_value(error):
        return INVALID
    if is_busy(error):
        return BUSY
    return UNAVAILABLE if is_away(error) else INTERNAL
