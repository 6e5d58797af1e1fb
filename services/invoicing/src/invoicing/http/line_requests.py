"""What requests about invoices say of lines and insurers' estimates (`INV-3`, `INV-4`, `INS-1`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import NOT_BLANK, MoneyIn, RequestBody, money_in, pattern
from chassis.http.time import Day
from chassis.members import Members
from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from invoicing.domain.claim import ActDetails
from invoicing.domain.draft_line import NO_FRACTION, DraftEstimate, DraftLine
from invoicing.domain.estimate import PayerSequence
from invoicing.domain.line import Kind
from invoicing.http.adjustment_requests import CHARGES_MAX, ChargeIn, DiscountIn, PriceIn
from invoicing.http.field_types import Text
from invoicing.http.insurance_examples import ESTIMATE_EXAMPLE

_QUANTITY = pattern(r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$", "is not a quantity such as 1.5, with at most 4 decimals")
_BASE_QUANTITY = pattern(r"^[0-9]{1,9}(\.[0-9]{1,4})?$", "is not a quantity such as 100, with at most 4 decimals")
NPI = pattern(r"^[0-9]{10}$", "is not a National Provider Identifier of ten digits")
Quantity = Annotated[str, Field(pattern=_QUANTITY, examples=["1"])]
BaseQuantity = Annotated[str, Field(pattern=_BASE_QUANTITY, examples=["100"])]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=NOT_BLANK)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10, pattern=NOT_BLANK)]
Authorization = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=NOT_BLANK)]
Months = Annotated[StrictInt, Field(ge=0, le=240)]
Area = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20, pattern=NOT_BLANK)]
Npi = Annotated[str, Field(pattern=NPI, examples=["1234567893"])]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NOT_BLANK)]
LINES_MAX = 1000

USD = {"currency": "USD"}
LINE_EXAMPLES: list[Any] = [
    {
        "kind": "extra_procedure",
        "code_system": "CDT",
        "code": "D1110",
        "description": "Prophylaxis, adult",
        "quantity": "1",
        "unit_price": {"amount": "95.00", **USD},
        "tooth": "14",
        "discount": {"percent": "10", "reason": "courtesy"},
    },
    {
        "kind": "product",
        "sku": "BRUSH-SOFT",
        "description": "Toothbrush, soft",
        "quantity": "2",
        "unit_price": {"amount": "4.50", **USD},
    },
]


class EstimateIn(RequestBody):
    """What one payer is expected to decide on the line; expected money is never a payment (`INS-1`).

    Payers in turn: what is expected and written off never exceeds what the payers before leave of the line (`INS-4`).
    """

    model_config = ConfigDict(json_schema_extra={"example": ESTIMATE_EXAMPLE})

    payer_id: UUID
    payer_name: Name | None = None
    """As printed; the invoice's primary payer need not be named again."""
    payer_identifier: Annotated[str, Field(min_length=1, max_length=80, pattern=NOT_BLANK)] | None = None
    """The insurer's electronic identifier: its decisions are known by it, whatever name or id they come under."""
    payer_sequence: PayerSequence = "primary"
    claim_id: UUID | None = None
    """The claim, where there already is one."""
    allowed: MoneyIn | None = None
    """What the payer's fee schedule allows."""
    expected: MoneyIn
    """What the payer is expected to pay."""
    write_off: MoneyIn | None = None
    """What the clinic's contract with the payer takes off; nothing, when left out."""
    patient_part: MoneyIn | None = None
    """What this payer is expected to leave for the patient or the next payer."""

    def to_domain(self, field: str) -> DraftEstimate:
        """As the domain takes it."""
        return DraftEstimate(
            payer_id=self.payer_id,
            payer_name=self.payer_name,
            sequence=self.payer_sequence,
            claim_id=self.claim_id,
            payer_identifier=self.payer_identifier,
            allowed=money_in(self.allowed, f"{field}.allowed"),
            expected=self.expected.to_money(f"{field}.expected"),
            write_off=money_in(self.write_off, f"{field}.write_off"),
            patient_part=money_in(self.patient_part, f"{field}.patient_part"),
        )


class LineIn(RequestBody):
    """A line: what it leaves out comes from its procedure, its plan item or the price list (`INV-3`, `INV-4`)."""

    kind: Kind
    """A completed procedure, one typed in, an inventory product, or anything else."""
    description: Text | None = None
    quantity: Quantity = "1"
    """An exact decimal with at most 4 decimals; below zero of returned goods (`INV-14`)."""
    unit_price: PriceIn | None = None
    """Net or gross by the clinic's setting; with up to 6 decimals, whatever the currency has (`MON-7`)."""
    base_quantity: BaseQuantity = "1"
    """For how many `unit_price` is: 0.88 for 100. The line's amount is rounded once."""
    code_system: Code | None = None
    code: Code | None = None
    sku: Code | None = None
    """The product's stock keeping unit; a line of kind `product` has one."""
    tax_category: Code | None = None
    """One of the clinic's tax categories, by its code; procedures are exempt by default, products are not."""
    discount: DiscountIn | None = None
    charges: Annotated[tuple[ChargeIn, ...], Field(max_length=CHARGES_MAX)] = ()
    """What is added to the line, in the line's tax category (`INV-12`)."""
    procedure_id: UUID | None = None
    """The billable procedure that a line of kind `procedure` bills; it names one, and no other kind does."""
    date_of_service: Day | None = None
    provider_id: UUID | None = None
    provider_name: Name | None = None
    tooth: Short | None = None
    surface: Short | None = None
    oral_cavity_area: Area | None = None
    """Where a tooth says too little, a quadrant say; this and what follows is for the claim (`INS-2`)."""
    place_of_service: Short | None = None
    """A CMS code, as 11 for an office."""
    prior_authorization: Authorization | None = None
    """The number of the insurer's prior authorization."""
    provider_npi: Npi | None = None
    """The provider's National Provider Identifier."""
    prosthesis: Literal["initial", "replacement"] | None = None
    """Whether a prosthesis is the first one."""
    prior_placement_on: Day | None = None
    """When the prosthesis that is replaced was placed."""
    appliance_placed_on: Day | None = None
    """When the orthodontic appliance was placed."""
    orthodontic_months: Months | None = None
    """How long the orthodontic treatment takes."""
    orthodontic_months_left: Months | None = None
    """How much of it remains."""
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None
    """The item of an accepted treatment plan that is invoiced ahead (`INV-10`)."""
    estimates: Annotated[tuple[EstimateIn, ...], Field(max_length=3)] = ()
    """What each payer is expected to decide, in turn (`INS-1`)."""

    def to_domain(self, index: int) -> DraftLine:
        """As the domain takes it."""
        field = f"lines[{index}]"
        return DraftLine(
            **_SAME.of(self),
            quantity=Decimal(self.quantity),
            unit_price=self.unit_price.to_money(f"{field}.unit_price") if self.unit_price else None,
            price_fraction=self.unit_price.fraction if self.unit_price else NO_FRACTION,
            base_quantity=Decimal(self.base_quantity),
            tax_code=self.tax_category,
            discount=self.discount.to_domain(f"{field}.discount") if self.discount else None,
            charges=tuple(one.to_domain(f"{field}.charges[{place}]") for place, one in enumerate(self.charges)),
            estimates=tuple(one.to_domain(f"{field}.estimates[{place}]") for place, one in enumerate(self.estimates)),
            claim=ActDetails(**_OF_ACT.of(self)),
        )


_SAME = Members(
    LineIn, DraftLine, without=["quantity", "unit_price", "base_quantity", "discount", "charges", "estimates"]
)
_OF_ACT = Members(LineIn, ActDetails)
