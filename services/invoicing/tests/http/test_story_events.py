"""No event of invoicing is forgotten by the story: each is a step of it, or is left out here with its reason."""

from __future__ import annotations

from typing import get_args

from contracts.participants import announced_by
from invoicing.http.story_responses import ANNOUNCED, StepKind

from contracts import EVENTS

SECOND_PERSON = "of a request, which changes nothing; what is credited or voided when it is approved is the step"
LEFT_OUT: dict[str, str] = {
    "billing.refund_adjustment.decided.v1": "says what is not credited for a refund; its note, or none, is the step",
    "billing.invoice.credit_requested.v1": SECOND_PERSON,
    "billing.invoice.credit_approved.v1": SECOND_PERSON,
    "billing.invoice.credit_rejected.v1": SECOND_PERSON,
    "billing.invoice.estimated.v1": "tells once of an invoice from before what its issuing had not said yet",
    "billing.clinic.configured.v1": "about a clinic, not about an invoice or its plan",
}


def _of_invoicing() -> set[str]:
    return {event_type for event_type, event in EVENTS.items() if announced_by(event) == "invoicing"}


def test_every_event_of_invoicing_is_a_step_of_the_story_or_left_out_with_a_reason() -> None:
    assert _of_invoicing() - set(ANNOUNCED.values()) == set(LEFT_OUT)


def test_every_event_that_the_story_names_exists() -> None:
    assert set(ANNOUNCED.values()) - set(EVENTS) == set()


def test_every_step_with_an_event_is_a_kind_of_step() -> None:
    assert set(ANNOUNCED) - set(get_args(StepKind)) == set()
