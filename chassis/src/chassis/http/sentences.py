"""What is wrong with a member of a request, in plain words of our own, by one table (`ALL-2`).

A sentence goes on from the member's name, which stands beside it: `invoice_id` "is not an id such as …". None repeats
what was sent: it may be personal data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chassis.http.patterns import UNEXPLAINED, refusal_of
from chassis.sentence import Sentence

_ID = "is not an id such as 018f0000-0000-7000-8000-0000000000a1"
_DAY = "is not a day such as 2026-11-23"
_INSTANT = "is not an instant with its zone, such as 2026-11-23T15:04:05Z"
_TIME = "is not a time of day such as 18:30"
_SPAN = "is not a span of time such as PT1H"
_NUMBER = "is not a number"
_WHOLE = "is not a whole number"
_DECIMAL = "is not a decimal such as 12.5"
_TEXT = "is not text"
_LIST = "is not a list"
_OBJECT = "is not an object with members"
_YES_NO = "is not true or false"
_ADDRESS = "is not an address such as https://example.org/hook"
_KIND = "does not say of which kind it is"

# By the type of pydantic's error; the bounds are those of its context.
SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this request",
    "invalid_key": "is not a field of this request",
    "none_required": "is not null",
    "literal_error": "is not {expected}",
    "enum": "is not {expected}",
    "union_tag_invalid": _KIND,
    "union_tag_not_found": _KIND,
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "uuid_version": _ID,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_past": "is not before today",
    "date_future": "is not after today",
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_past": "is not in the past",
    "datetime_future": "is not in the future",
    "timezone_naive": "is not to name a zone",
    "timezone_aware": _INSTANT,
    "timezone_offset": _INSTANT,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_type": _DECIMAL,
    "decimal_parsing": _DECIMAL,
    "decimal_max_digits": "has more than {max_digits} digits",
    "decimal_max_places": "has more than {decimal_places} decimals",
    "decimal_whole_digits": "has more than {whole_digits} digits before its decimals",
    "greater_than": "is not above {gt}",
    "greater_than_equal": "is below {ge}",
    "less_than": "is not below {lt}",
    "less_than_equal": "is above {le}",
    "multiple_of": "is not a multiple of {multiple_of}",
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_unicode": "has characters that are not text",
    "string_not_ascii": "has characters other than those of ASCII",
    "string_too_short": "has fewer characters than {min_length}",
    "string_too_long": "has more characters than {max_length}",
    "bytes_type": _TEXT,
    "bytes_too_short": "has fewer bytes than {min_length}",
    "bytes_too_long": "has more bytes than {max_length}",
    "bytes_invalid_encoding": "has characters that are not text",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "too_short": "has fewer items than {min_length}",
    "too_long": "has more items than {max_length}",
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dataclass_exact_type": _OBJECT,
    "json_type": "is not JSON",
    "json_invalid": "is not JSON",
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_too_long": "has more characters than {max_length}",
    "url_scheme": _ADDRESS,
}
_NAMED = re.compile(r"\{(\w+)\}")
_EMPTY = {"string_too_short": "is empty", "too_short": "is empty"}
"""Where one is the least, nothing at all is what was sent."""
_OWN = ("value_error", "assertion_error")
"""Raised by validators of ours: their words are the sentence."""


def sentence_of(error: Mapping[str, Any]) -> str:
    """What is wrong, of one of pydantic's errors."""
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return refusal_of(context["pattern"])
    if kind in _OWN:
        cause = context.get("error")
        return Sentence.of(cause) if isinstance(cause, BaseException) and str(cause) else UNEXPLAINED
    if kind in _EMPTY and context.get("min_length") == 1:
        return _EMPTY[kind]
    form = SENTENCES.get(kind, UNEXPLAINED)
    return Sentence(form, **{name: context[name] for name in _NAMED.findall(form)})
