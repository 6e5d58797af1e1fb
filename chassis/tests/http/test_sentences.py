"""What is wrong with a member is said in plain words, whatever library found it (`ALL-2`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from chassis.http.patterns import UNEXPLAINED, pattern
from chassis.http.problems import FieldError, fields_of
from chassis.http.sentences import SENTENCES, sentence_of
from chassis.identifiers import new_id
from chassis.money import Money
from chassis.sentence import Sentence
from chassis.testing import ServiceHarness
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from pydantic_core.core_schema import ErrorType

ID = "is not an id such as 018f0000-0000-7000-8000-0000000000a1"
# What only code can do wrong, and no text that is sent.
OF_CODE = (
    "no_such_attribute needs_python_object recursion_loop frozen_field frozen_instance get_attribute_error "
    "default_factory_not_called iteration_error is_instance_of is_subclass_of callable_type set_item_not_hashable "
    "arguments_type missing_argument unexpected_keyword_argument missing_keyword_only_argument "
    "unexpected_positional_argument missing_positional_only_argument multiple_argument_values missing_sentinel_error "
    "complex_type complex_str_parsing counter_type deque_type ellipsis_error fraction_parsing fraction_type "
    "frozen_dict_type named_tuple_type ordered_dict_type recursion_depth_exceeded"
).split()
OF_VALIDATORS = ["string_pattern_mismatch", "value_error", "assertion_error"]


class Asked(BaseModel):
    """One member of each kind that requests have."""

    id: UUID
    day: date
    at: AwareDatetime
    count: Annotated[int, Field(ge=1, le=9)]
    kind: Literal["cash", "check"]
    text: Annotated[str, Field(min_length=1, max_length=3)]
    ids: Annotated[list[UUID], Field(min_length=1, max_length=2)]
    yes: bool
    more: dict[str, int]


FITTING: dict[str, Any] = {
    "id": str(new_id()),
    "day": "2026-11-23",
    "at": "2026-11-23T15:00:00Z",
    "count": 1,
    "kind": "cash",
    "text": "x",
    "ids": [str(new_id())],
    "yes": True,
    "more": {},
}


@pytest.mark.parametrize(
    ("member", "given", "said"),
    [
        ("id", "Miller", ID),
        ("id", "018f0000-0000-7000-8000-00000000zzzz", ID),
        ("id", 7, ID),
        ("id", None, ID),
        ("day", "2026-02-30", "is not a day such as 2026-11-23"),
        ("at", "2026-11-23T15:00:00", "is not an instant with its zone, such as 2026-11-23T15:04:05Z"),
        ("count", 0, "is below 1"),
        ("count", 10, "is above 9"),
        ("count", "many", "is not a whole number"),
        ("count", 1.5, "is not a whole number"),
        ("kind", "gold", "is not 'cash' or 'check'"),
        ("text", "", "is empty"),
        ("text", "Miller", "has more characters than 3"),
        ("text", 7, "is not text"),
        ("ids", [], "is empty"),
        ("ids", [str(new_id())] * 3, "has more items than 2"),
        ("ids", "Miller", "is not a list"),
        ("yes", "Miller", "is not true or false"),
        ("more", [], "is not an object with members"),
    ],
)
def test_each_kind_of_member_has_a_sentence_of_its_own(member: str, given: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(FITTING | {member: given})
    assert [(one.field, one.detail) for one in fields_of(refused.value.errors())] == [(member, said)]


def test_whatever_can_be_sent_wrongly_has_a_sentence() -> None:
    """Also what no request asks for yet; a sentence has a place for no more than its error tells."""
    kinds = set(get_args(ErrorType))
    assert kinds - set(SENTENCES) - set(OF_CODE) - set(OF_VALIDATORS) == set()
    bounds = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "max_digits", "decimal_places")
    context = dict.fromkeys((*bounds, "whole_digits", "expected"), 7)
    for name in kinds & set(SENTENCES):
        assert "{" not in sentence_of({"type": name, "ctx": context})


def test_an_expression_has_one_sentence() -> None:
    """ALL-2.2: which field it was refused in cannot be told from the expression."""
    assert pattern(r"^sentence-of-a-test$", "is not it") == pattern(r"^sentence-of-a-test$", "is not it")
    with pytest.raises(ValueError, match="has the sentence 'is not it' already"):
        pattern(r"^sentence-of-a-test$", "is another thing")


def test_no_words_of_a_library_come_through() -> None:
    """An error of a release to come is said plainly, if without a reason."""
    assert sentence_of({"type": "a_new_one", "msg": "Input should be a valid thing"}) == UNEXPLAINED


async def test_an_id_that_is_none_is_told_in_path_body_and_query(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as client:
        path = (await client.get("/v1/books/018f0000-0000-7000-8000-00000000zzzz")).json()
    assert path["errors"] == [{"field": "book_id", "detail": ID}]


@pytest.mark.rule("ALL-2.4")
def test_a_sentence_with_values_says_which_for_another_language() -> None:
    """Money and days as everywhere on the wire; without values a detail is its own form."""
    said = Sentence(
        "{amount} is due on {day}, not {times} times", amount=Money(1200, "USD"), day=date(2026, 1, 2), times=2
    )
    assert FieldError("amount", said).shown() == {
        "field": "amount",
        "detail": "12.00 USD is due on 2026-01-02, not 2 times",
        "sentence": "{amount} is due on {day}, not {times} times",
        "values": {"amount": {"amount": "12.00", "currency": "USD"}, "day": "2026-01-02", "times": "2"},
    }
    assert FieldError("amount", "is blank").shown() == {"field": "amount", "detail": "is blank"}
    refused = sentence_of({"type": "less_than_equal", "ctx": {"le": 7}})
    assert FieldError("count", refused).shown()["values"] == {"le": "7"}
    for error in (ValueError(said), ValueError("is blank")):
        assert Sentence.of(error) == str(error)
    assert Sentence.of_json(Sentence.as_json(ValueError(Sentence("has {most} pixels", most=7))).encode()).values == {
        "most": 7
    }
    assert Sentence.of_json(Sentence.as_json(ValueError("is blank")).encode()) == "is blank"
