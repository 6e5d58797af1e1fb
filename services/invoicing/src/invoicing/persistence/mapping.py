"""Between rows and the domain's invoices, lines and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.database.rows import Record, Rows, document_as, json_text, record_of, values_of
from chassis.members import Members
from sqlalchemy import BigInteger, Numeric, Text

from invoicing.domain.content import Content, Payer
from invoicing.domain.discount import Discount
from invoicing.domain.estimate import Estimate
from invoicing.domain.invoice import DraftInvoice, FrozenInvoice, Invoice, IssuedInvoice, VoidInvoice
from invoicing.domain.line import Line, Tax
from invoicing.domain.note import Note, NoteAmounts, NoteLine
from invoicing.domain.rounding import RoundingPolicy
from invoicing.domain.totals import LineAmounts, Pricing, TaxGroup, Totals, reasons_of
from invoicing.persistence import adjustments, claims
from invoicing.persistence.tables.invoices import INVOICE_LINES, INVOICES, NOTES

INVOICE_ROWS = Rows(
    INVOICES,
    without=[
        "voided_on",
        "voided_by",
        "void_reason",
        "voided_at",
        "installment_plan_id",
        "overdue_announced_on",
        "installment_due_on",
        "overdue_after",
        "looked_at",
        "words_ended",
    ],
)
_INVOICE = Members(INVOICES, Invoice)
_ISSUE = ("number", "series_number", "issue_date", "due_date", "issued_at", "issued_by")
_VOIDING = ("voided_on", "voided_by", "void_reason")
_NOTE = Members(NOTES, Note)
_LINE = Members(INVOICE_LINES, Line, without=["charges", "estimates", "claim"])
LINE_ROWS = Rows(INVOICE_LINES, also=["unit_price_fraction", "base_quantity", "price_from", "tax_typed"])


def invoice_row(invoice: Invoice, changed_at: datetime) -> Record:
    """The row of an invoice."""
    content, pricing, policy = invoice.content, invoice.pricing, invoice.pricing.policy
    payer = content.payer or Payer(None, None)
    return {
        "id": invoice.id,
        "clinic_id": invoice.clinic_id,
        "patient_id": invoice.patient_id,
        "appointment_id": content.appointment_id,
        "origin": invoice.origin,
        "status": invoice.status,
        "version": invoice.version,
        "next_position": len(content.lines) + 1,
        "currency": pricing.currency,
        "prices_include_tax": pricing.prices_include_tax,
        "cash_rounding_to": pricing.cash_rounding_to,
        "rounding_policy": policy.id,
        "rounding_version": policy.version,
        **_discount_columns(content.document_discount, "document_discount_"),
        "document_discount_tax_code": content.document_discount.tax_code if content.document_discount else None,
        "discounts": adjustments.discounts_json(content.discounts),
        "note": content.note,
        "asked_due_date": content.due_date,
        "payer_id": payer.id,
        "payer_name": payer.name,
        "price_list_id": content.price_list_id,
        "membership": content.membership,
        "created_at": invoice.created_at,
        "created_by": invoice.created_by,
        "changed_at": changed_at,
        **issue_columns(invoice),
    }


def issue_columns(invoice: Invoice) -> Record:
    """What issuing adds to the row: number to taxes, and the amounts of the document's charges."""
    frozen = invoice if isinstance(invoice, FrozenInvoice) else None
    totals = frozen.totals if frozen else None
    return {
        **{name: getattr(frozen, name, None) for name in _ISSUE},
        "net_minor": totals.net if totals else None,
        "discount_minor": totals.discount if totals else None,
        "tax_minor": totals.tax if totals else None,
        "cash_rounding_minor": totals.cash_rounding if totals else None,
        "total_minor": totals.total if totals else None,
        "taxes": taxes_json(totals.groups) if totals else None,
        "charges": adjustments.document_charges_json(invoice.content.charges, totals.charges if totals else ()),
    }


TAX_GROUPS = values_of(category=Text(), rate=Numeric(), base=BigInteger(), tax=BigInteger())
"""What reports read of the frozen tax groups."""


def taxes_json(groups: Iterable[TaxGroup]) -> str:
    """The frozen tax groups as JSON; amounts are minor units."""
    return json_text(
        [
            {
                "category": group.tax.category,
                "rate": str(group.tax.rate),
                "exemption_reason": group.tax.exemption_reason,
                "code": group.tax.code,
                "base": group.base,
                "tax": group.amount,
            }
            for group in groups
        ]
    )


def line_rows(invoice: Invoice) -> list[Record]:
    """The rows of an invoice's lines."""
    if isinstance(invoice, DraftInvoice):
        return [line_row(invoice, line, None) for line in invoice.lines]
    amounts = invoice.totals.lines
    return [line_row(invoice, line, own) for line, own in zip(invoice.lines, amounts, strict=True)]


def line_row(invoice: Invoice, line: Line, amounts: LineAmounts | None) -> Record:
    """One line's row; its amounts are stored once they are frozen."""
    return {
        **_LINE.of(line),
        "clinic_id": invoice.clinic_id,
        "invoice_id": invoice.id,
        **price_columns(line),
        **_discount_columns(line.discount, "discount_"),
        **adjustments.amount_columns(amounts),
        "charges": adjustments.charges_json(line.charges),
        **claims.claim_columns(line.claim, INVOICE_LINES),
    }


def price_columns(line: Line) -> Record:
    """What was looked up for a line: its price, its tax, and what insurers are expected to pay of it."""
    return {
        "unit_price_minor": int(line.unit_price // 1),
        "unit_price_fraction": line.unit_price % 1,
        "tax_code": line.tax.code,
        "tax_category": line.tax.category,
        "tax_rate": line.tax.rate,
        "exemption_reason": line.tax.exemption_reason,
        "estimates": estimates_json(line.estimates),
    }


PATIENT_NAME = """
    (SELECT p.given_name || ' ' || p.family_name FROM patients p
      WHERE p.clinic_id = i.clinic_id AND p.patient_id = survivor_of(i.clinic_id, i.patient_id)
        AND p.forgotten_at IS NULL) AS patient_name
"""
"""What a row of invoice `i` is read with beside its own columns."""


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as its row has it, with its amounts once they are frozen."""

    line: Line
    amounts: LineAmounts | None


def invoice_of(row: Any, lines: Sequence[StoredLine]) -> Invoice:
    """The invoice of a row and its lines, in order."""
    members: dict[str, Any] = dict(
        **_INVOICE.of(row),
        pricing=_pricing_of(row),
        content=Content(
            lines=tuple(stored.line for stored in lines),
            appointment_id=row.appointment_id,
            document_discount=_document_discount_of(row),
            discounts=adjustments.discounts_of(row.discounts),
            charges=adjustments.document_charges_of(row.charges),
            note=row.note,
            due_date=row.asked_due_date,
            payer=Payer(row.payer_id, row.payer_name) if row.payer_id or row.payer_name else None,
            price_list_id=row.price_list_id,
            membership=row.membership,
        ),
        debited=row.debited_minor,
        credited=row.credited_minor,
        settled=row.settled_minor,
        forgiven=row.forgiven_minor,
        contractual=row.contractual_minor,
        bad_debt=row.bad_debt_minor,
        recovered=row.recovered_minor,
        plan_id=row.installment_plan_id,
        patient_name=row.patient_name,
    )
    if row.status == "draft":
        return DraftInvoice(**members)
    members |= {name: getattr(row, name) for name in _ISSUE} | {"frozen": _totals_of(row, lines)}
    if row.status == "issued":
        return IssuedInvoice(**members)
    return VoidInvoice(**members, **{name: getattr(row, name) for name in _VOIDING})


def _pricing_of(row: Any) -> Pricing:
    policy = RoundingPolicy(row.rounding_policy, row.rounding_version)
    return Pricing(row.currency, row.prices_include_tax, row.cash_rounding_to, policy)


def line_of(row: Any) -> StoredLine:
    """The line of a row."""
    line = Line(
        **_LINE.of(row),
        unit_price=exact(row.unit_price_minor, row.unit_price_fraction),
        tax=_tax_of(row),
        discount=_discount_of(row, "discount_"),
        charges=adjustments.charges_of(row.charges),
        estimates=tuple(estimate_of(estimate) for estimate in row.estimates or ()),
        claim=claims.claim_of(row, INVOICE_LINES),
    )
    if row.net_minor is None:
        return StoredLine(line, None)
    own, whole = row.own_discount_minor, row.document_discount_minor
    return StoredLine(line, LineAmounts(row.amount_minor, own, whole, row.net_minor, row.charge_minor or 0))


def exact(minor: int, fraction: Decimal) -> int | Decimal:
    """A price in minor units; whole, where there is no fraction of one (`MON-7`)."""
    return minor + fraction if fraction else minor


def note_of(row: Any, lines: Sequence[NoteLine]) -> Note:
    """The note of a row and its lines, in order."""
    amounts = NoteAmounts(tuple(lines), row.cash_rounding_minor)
    return Note(**_NOTE.of(row), undone_by_id=row.undone_by_id, amounts=amounts)


def estimates_json(estimates: Iterable[Estimate]) -> str | None:
    """Estimates as JSON; amounts are minor units. NULL where there are none, as on most lines."""
    written = [record_of(estimate) for estimate in estimates]
    return json_text(written) if written else None


def estimate_of(one: dict[str, Any]) -> Estimate:
    """The estimate of its JSON."""
    claim_id = one["claim_id"]
    ids = {"payer_id": UUID(one["payer_id"]), "claim_id": UUID(claim_id) if claim_id else None}
    return document_as(Estimate, one, **ids)


def note_line_of(row: Any) -> NoteLine:
    """The line of a note's row."""
    tax = Tax(row.tax_category, row.tax_rate, row.exemption_reason)
    return NoteLine(row.description, row.net_minor, row.tax_minor, tax, row.invoice_line_id, row.debit_note_id)


def _totals_of(row: Any, lines: Sequence[StoredLine]) -> Totals:
    taxes = [stored.line.tax for stored in lines]
    taxes += [charge.tax for charge in adjustments.document_charges_of(row.charges)]
    return Totals(
        lines=tuple(stored.amounts for stored in lines if stored.amounts is not None),
        groups=tuple(_group_of(tax, taxes) for tax in row.taxes),
        charges=adjustments.charge_amounts_of(row.charges),
        net=row.net_minor,
        discount=row.discount_minor,
        tax=row.tax_minor,
        cash_rounding=row.cash_rounding_minor,
        total=row.total_minor,
    )


def _group_of(one: dict[str, Any], taxes: Iterable[Tax]) -> TaxGroup:
    """A frozen group; the reasons of its lines stand in the lines and nowhere else (`MON-10`)."""
    tax = Tax(one["category"], Decimal(one["rate"]), one["exemption_reason"], one["code"])
    members = (other for other in taxes if (other.category, other.rate) == (tax.category, tax.rate))
    return TaxGroup(tax, one["base"], one["tax"], reasons_of(members))


def _tax_of(row: Any) -> Tax:
    return Tax(row.tax_category, row.tax_rate, row.exemption_reason, row.tax_code)


def _document_discount_of(row: Any) -> Discount | None:
    found = _discount_of(row, "document_discount_")
    return replace(found, tax_code=row.document_discount_tax_code) if found else None


def _discount_columns(discount: Discount | None, prefix: str) -> Record:
    members = ("percent", "minor", "reason", "author")
    return {prefix + name: getattr(discount, name) if discount else None for name in members}


def _discount_of(row: Any, prefix: str) -> Discount | None:
    reason = getattr(row, prefix + "reason")
    if reason is None:
        return None
    return Discount(
        reason=reason,
        author=getattr(row, prefix + "author"),
        percent=getattr(row, prefix + "percent"),
        minor=getattr(row, prefix + "minor"),
    )
