"""What requests about invoices say: contents, searches, which drafts to issue and what of them was seen (`MON-9`)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from chassis.http import LINE_OF_WORDS, TEXT, MoneyIn, RequestBody
from chassis.http.period import require_in_order
from chassis.http.time import Day
from chassis.sentence import Sentence
from pydantic import ConfigDict, Field, StrictBool, StringConstraints

from invoicing.domain.confirmation import Confirmed
from invoicing.domain.content import Payer
from invoicing.domain.draft_line import DraftContent
from invoicing.domain.errors import Invalid
from invoicing.domain.invoice import Status
from invoicing.domain.invoice_filter import InvoiceFilter
from invoicing.http.adjustment_requests import CHARGES_MAX, DocumentChargeIn, DocumentDiscountIn
from invoicing.http.examples import CONFIRMATION as CONFIRMATION_EXAMPLE
from invoicing.http.line_requests import LINE_EXAMPLES, LINES_MAX, USD, LineIn, Name

INVOICE_EXAMPLE: dict[str, Any] = {
    "patient_id": "018f0000-0000-7000-8000-0000000000a1",
    "lines": LINE_EXAMPLES,
    "discount": {"amount": {"amount": "5.00", **USD}, "reason": "family"},
    "issue": True,
}


class PayerIn(RequestBody):
    """The insurer that is asked first."""

    id: UUID | None = None
    name: Name | None = None


class ContentIn(RequestBody):
    """What a draft says."""

    lines: Annotated[tuple[LineIn, ...], Field(max_length=LINES_MAX)] = ()
    procedure_ids: Annotated[tuple[UUID, ...], Field(max_length=LINES_MAX)] = ()
    """Short for lines that bill these procedures as they are; they come first."""
    appointment_id: UUID | None = None
    discount: DocumentDiscountIn | None = None
    """Taken off the whole document, or off one tax category, and split over its lines to the cent (`MON-3`)."""
    discounts: Annotated[tuple[DocumentDiscountIn, ...], Field(max_length=CHARGES_MAX)] = ()
    """Further discounts, one for each tax category, say; a percentage is one of the lines (`INV-13`)."""
    charges: Annotated[tuple[DocumentChargeIn, ...], Field(max_length=CHARGES_MAX)] = ()
    """Added to the document, each in a tax category of its own (`INV-12`)."""
    note: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=2000)] = None
    """Printed on the invoice."""
    due_date: Day | None = None
    """Without it, the clinic's due days decide."""
    primary_payer: PayerIn | None = None
    price_list_id: UUID | None = None
    """The price list that is asked first, for what names no price (`INV-19`)."""
    estimate: StrictBool = False
    """Whether lines without estimates get those that the primary payer's price list gives (`INS-1`)."""
    membership: Name | None = None
    """The patient's membership: its price list is asked next, then the payer's, then the default one."""

    def to_domain(self) -> DraftContent:
        """As the domain takes it."""
        return DraftContent(
            lines=tuple(line.to_domain(index) for index, line in enumerate(self.lines)),
            procedure_ids=tuple(self.procedure_ids),
            appointment_id=self.appointment_id,
            discount=self.discount.to_domain("discount") if self.discount else None,
            discounts=tuple(one.to_domain(f"discounts[{place}]") for place, one in enumerate(self.discounts)),
            charges=tuple(one.to_domain(f"charges[{place}]") for place, one in enumerate(self.charges)),
            note=self.note or None,
            due_date=self.due_date,
            payer=Payer(self.primary_payer.id, self.primary_payer.name) if self.primary_payer else None,
            price_list_id=self.price_list_id,
            membership=self.membership,
            estimate=self.estimate,
        )


class DraftIn(ContentIn):
    """A draft's new content; it replaces the old one as a whole."""

    model_config = ConfigDict(json_schema_extra={"example": {"lines": LINE_EXAMPLES, "note": "Thank you."}})


class PreviewIn(ContentIn):
    """What an invoice would say."""

    model_config = ConfigDict(json_schema_extra={"example": {"lines": LINE_EXAMPLES}})

    invoice_id: UUID | None = None
    """The draft that would say it; without it, a new invoice."""


class InvoiceIn(ContentIn):
    """A new invoice: a draft, or issued at once."""

    model_config = ConfigDict(json_schema_extra={"example": INVOICE_EXAMPLE})

    patient_id: UUID
    issue: StrictBool = False
    """Issue it at once: numbered, dated today, frozen."""


_Words = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT)]


class InvoiceSearchIn(RequestBody):
    """Which invoices are looked for. It is a body, for a name in a URL would stand in logs (`ALL-6`)."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "okafor crow", "overdue": True}})

    text: _Words | None = None
    """Words of the patient's name or chart number, of number, note, descriptions, codes and SKUs, each perhaps only
    begun: all of them have to be there."""
    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    treatment_plan_id: UUID | None = None
    status: Status | None = None
    overdue: StrictBool | None = None
    open: StrictBool | None = None
    from_date: Annotated[Day | None, Field(alias="from")] = None
    """The first issue date; `to` is the last."""
    to_date: Annotated[Day | None, Field(alias="to")] = None
    number: Annotated[str, Field(max_length=60, pattern=TEXT)] | None = None

    def filter(self) -> InvoiceFilter:
        """As the list takes it. Raises Invalid where it ends before it begins."""
        require_in_order(self.from_date, self.to_date)
        return InvoiceFilter(**{name: getattr(self, name) for name in type(self).model_fields}, of_patients=True)


Confirmation = Annotated[str, Field(min_length=1, max_length=64, pattern=LINE_OF_WORDS)]
ISSUED_MAX = 200


class IssueDraftIn(RequestBody):
    """What the person who issues a draft has seen."""

    model_config = ConfigDict(json_schema_extra={"example": {"confirmation": CONFIRMATION_EXAMPLE}})

    confirmation: Confirmation | None = None
    """The draft's own `confirmation`, as it was shown: it stands for every price, tax and total that was seen. Needed
    where prices, rates or categories have changed since it was written, as the 409 `prices-changed` says; refused the
    same way where the draft comes to something else (`MON-9`)."""
    confirmed_total: MoneyIn | None = None
    """Instead, the total that was seen: enough where the total has changed, not where only the tax in it has."""

    def confirmed(self) -> Confirmed:
        """As the use case takes it."""
        return Confirmed(
            self.confirmation, self.confirmed_total.to_money("confirmed_total") if self.confirmed_total else None
        )


class ConfirmedIn(RequestBody):
    """What one of the drafts is to be issued with."""

    invoice_id: UUID
    confirmation: Confirmation | None = None
    """The draft's `confirmation` as it was shown."""
    total: MoneyIn | None = None
    """Instead, its total: enough where the total has changed."""

    def confirmed(self, field: str) -> Confirmed:
        """As the use case takes it. Raises Invalid where it names neither."""
        if self.confirmation is None and self.total is None:
            raise Invalid(f"{field}.confirmation", "say what was seen: the draft's confirmation, or its total")
        return Confirmed(self.confirmation, self.total.to_money(f"{field}.total") if self.total else None)


class IssueIn(RequestBody):
    """Drafts to issue in one go."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "invoice_ids": ["018f0000-0000-7000-8000-0000000000b1", "018f0000-0000-7000-8000-0000000000b2"],
            }
        }
    )

    invoice_ids: Annotated[list[UUID], Field(min_length=1, max_length=ISSUED_MAX)]
    """They are numbered in this order."""
    confirmed: Annotated[tuple[ConfirmedIn, ...], Field(max_length=ISSUED_MAX)] = ()
    """What was seen of drafts whose prices have changed since they were written (`MON-9`)."""

    def all_confirmed(self) -> dict[UUID, Confirmed]:
        """As the use case takes them. Raises Invalid for a draft that is not to be issued."""
        found: dict[UUID, Confirmed] = {}
        for place, one in enumerate(self.confirmed):
            if one.invoice_id not in self.invoice_ids or one.invoice_id in found:
                raise Invalid(f"confirmed[{place}].invoice_id", "each names one of `invoice_ids`, and each another one")
            found[one.invoice_id] = one.confirmed(f"confirmed[{place}]")
        return found

    def require_each_once(self) -> None:
        """Raises Invalid naming the place where a draft is named again."""
        for place, one in enumerate(self.invoice_ids):
            if one in self.invoice_ids[:place]:
                raise Invalid(f"invoice_ids[{place}]", Sentence("draft {id} is named twice", id=one))
