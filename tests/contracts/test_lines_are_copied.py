"""An invoice's line has the same members from the request to the PDF: each is copied by name, or named here.

A new member of `contracts.claims.ClaimLine` fails here until invoicing's noun, request and response have it, and until
every consumer of lines either keeps it or is said to leave it out (`INS-2`, `RCP-2`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from chassis.members import names_of
from contracts.claims import ClaimLine
from contracts.clinical import ProcedureCompleted
from contracts.golden.invoices import FILLING_FROZEN
from contracts.invoicing import InvoiceLine
from frontdesk.invoice_lines import _KEPT_OF_LINES as KEPT_BY_THE_DESK
from invoicing.announcements.bills import invoice_line
from invoicing.domain import claim
from invoicing.domain.adjustments import Adjustments
from invoicing.domain.line import Line, Tax
from invoicing.domain.totals import Pricing, total_up
from invoicing.http.line_requests import LineIn
from invoicing.http.line_responses import LineOut
from receipts.consumers.invoices import _line as kept_by_receipts
from receipts.domain import printed_invoice

CLAIM = set(names_of(ClaimLine))
SAID = claim.ActDetails(
    provider_id=UUID(int=1),
    provider_name="Dr. Calderón",
    provider_npi="1234567893",
    tooth="36",
    surface="MO",
    oral_cavity_area="30",
    place_of_service="11",
    prior_authorization="PA-55120",
    prosthesis="replacement",
    prior_placement_on=date(2019, 5, 2),
    appliance_placed_on=date(2026, 3, 1),
    orthodontic_months=24,
    orthodontic_months_left=18,
)
LINE = Line(UUID(int=2), 1, "custom", "A thing", Decimal(1), 9_500, Tax("E", Decimal(0)), claim=SAID)
PRICING = Pricing("USD", prices_include_tax=False)

NOT_KEPT_BY_RECEIPTS = {
    # of a claim: who treated is printed by name, where as the tooth and its surface
    *(CLAIM - {"provider_name", "tooth", "surface"}),
    "procedure_id",
    "code_system",
    "treatment_plan_id",
    "treatment_plan_item_id",
    "returned",  # the quantity is below zero
    "charge",
    "creditable",
    "estimates",  # what is printed of insurers is the invoice's
}


def test_what_is_said_of_an_act_has_the_same_members_everywhere() -> None:
    assert set(names_of(claim.ActDetails)) == CLAIM
    for form in (LineIn, LineOut, InvoiceLine, ProcedureCompleted):
        assert set(names_of(form)) >= CLAIM, form


def test_every_member_is_announced() -> None:
    assert all(getattr(SAID, name) not in (None, "") for name in CLAIM), "say something of the new member above"
    own = total_up((LINE,), Adjustments(None, (), ()), PRICING).lines[0]
    announced = invoice_line(LINE, own, PRICING, creditable=9_500)
    assert {name: getattr(announced, name) for name in CLAIM} == {name: getattr(SAID, name) for name in CLAIM}


def test_every_member_is_answered() -> None:
    own = total_up((LINE,), Adjustments(None, (), ()), PRICING).lines[0]
    answered = LineOut.of(LINE, own, "USD")
    assert {name: getattr(answered, name) for name in CLAIM} == {name: getattr(SAID, name) for name in CLAIM}


def test_a_request_says_every_member() -> None:
    said = {name: getattr(SAID, name) for name in CLAIM}
    body = LineIn.model_validate({"kind": "custom", "description": "A thing", **said})
    assert body.to_domain(0).claim == SAID


def test_receipts_keep_every_member_that_is_not_left_out_here() -> None:
    kept = set(names_of(InvoiceLine)) - NOT_KEPT_BY_RECEIPTS
    assert kept <= set(names_of(printed_invoice.InvoiceLine)), "keep it, or say here that receipts leave it out"
    assert NOT_KEPT_BY_RECEIPTS & set(names_of(printed_invoice.InvoiceLine)) == set()
    line = kept_by_receipts(FILLING_FROZEN)
    for name in kept - {"unit_price", "discount", "net", "price", "charges"}:
        assert getattr(line, name) == getattr(FILLING_FROZEN, name), name


def test_a_draft_that_is_changed_at_the_desk_keeps_every_member() -> None:
    """What the form has no field for stays as it was saved."""
    typed = {"kind", "procedure_id", "unit_price", "discount", "charges"}
    assert set(names_of(LineIn)) - typed == set(KEPT_BY_THE_DESK)
