"""What every billing API has in common: tokens, problem documents, idempotent changes, paging, ETags."""

from chassis.http.auth import in_the_name_of
from chassis.http.bodies import RequestBody, ResponseBody
from chassis.http.change import Change, Changing, Read, Reading
from chassis.http.etags import PreconditionFailed, PreconditionRequired, etag_of
from chassis.http.money import MoneyIn, MoneyOut, money_in, money_out
from chassis.http.paging import Page, Paging
from chassis.http.patterns import CURRENCY, EMAIL, LINE_OF_WORDS, NOT_BLANK, ONE_LINE, TEXT, pattern
from chassis.http.problems import (
    FieldError,
    FieldRefused,
    Invalid,
    NotFound,
    Problem,
    ProblemError,
    ProblemTable,
    problem_response,
    problems,
)
from chassis.http.tokens import TokenSource, TokenSourceUnavailable
from chassis.http.waiting import Arrivals, until_known

__all__ = [
    "CURRENCY",
    "EMAIL",
    "LINE_OF_WORDS",
    "NOT_BLANK",
    "ONE_LINE",
    "TEXT",
    "Arrivals",
    "Change",
    "Changing",
    "FieldError",
    "FieldRefused",
    "Invalid",
    "MoneyIn",
    "MoneyOut",
    "NotFound",
    "Page",
    "Paging",
    "PreconditionFailed",
    "PreconditionRequired",
    "Problem",
    "ProblemError",
    "ProblemTable",
    "Read",
    "Reading",
    "RequestBody",
    "ResponseBody",
    "TokenSource",
    "TokenSourceUnavailable",
    "etag_of",
    "in_the_name_of",
    "money_in",
    "money_out",
    "pattern",
    "problem_response",
    "problems",
    "until_known",
]
