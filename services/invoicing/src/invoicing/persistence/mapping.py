"""Between rows and the domain's invoices, lines and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from invoicing.domain.discount import Discount
from invoicing.domain.estimate import Estimate
from invoicing.domain.invoice import Content, Invoice, Payer
from invoicing.domain.line import Line, Tax
from invoicing.domain.note import Note, NoteAmounts, NoteLine
from invoicing.domain.rounding import RoundingPolicy
from invoicing.domain.totals import LineAmounts, Pricing, TaxGroup, Totals, reasons_of
from invoicing.persistence import adjustments, claims


def invoice_row(invoice: Invoice, changed_at: datetime) -> tuple[Any, ...]:
    """The row of an invoice, in the order of `tables.INVOICES`."""
    content, pricing, policy = invoice.content, invoice.pricing, invoice.pricing.policy
    payer = content.payer or Payer(None, None)
    return (
        invoice.id,
        invoice.clinic_id,
        invoice.patient_id,
        content.appointment_id,
        invoice.origin,
        invoice.status,
        invoice.version,
        len(content.lines) + 1,
        pricing.currency,
        pricing.prices_include_tax,
        pricing.cash_rounding_to,
        policy.id,
        policy.version,
        *_discount_columns(content.document_discount),
        content.document_discount.tax_code if content.document_discount else None,
        adjustments.discounts_json(content.discounts),
        content.note,
        content.due_date,
        payer.id,
        payer.name,
        content.price_list_id,
        content.membership,
        invoice.created_at,
        invoice.created_by,
        changed_at,
        *issue_columns(invoice),
    )


def issue_columns(invoice: Invoice) -> tuple[Any, ...]:
    """What issuing adds to the row: number to taxes, and the amounts of the document's charges."""
    totals = invoice.frozen
    if totals is None:
        return (*(None,) * 12, adjustments.document_charges_json(invoice.content.charges))
    return (
        invoice.number,
        invoice.series_number,
        invoice.issue_date,
        invoice.due_date,
        invoice.issued_at,
        invoice.issued_by,
        totals.net,
        totals.discount,
        totals.tax,
        totals.cash_rounding,
        totals.total,
        taxes_json(totals.groups),
        adjustments.document_charges_json(invoice.content.charges, totals.charges),
    )


def taxes_json(groups: Iterable[TaxGroup]) -> str:
    """The frozen tax groups as JSON; amounts are minor units."""
    return orjson.dumps(
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
    ).decode()


def line_rows(invoice: Invoice) -> list[tuple[Any, ...]]:
    """The rows of an invoice's lines, in the order of `tables.LINES`."""
    if invoice.frozen is None:
        return [line_row(invoice, line, None) for line in invoice.lines]
    amounts = invoice.frozen.lines
    return [line_row(invoice, line, own) for line, own in zip(invoice.lines, amounts, strict=True)]


def line_row(invoice: Invoice, line: Line, amounts: LineAmounts | None) -> tuple[Any, ...]:
    """One line's row; its amounts are stored once they are frozen."""
    return (
        line.id,
        invoice.clinic_id,
        invoice.id,
        line.position,
        line.kind,
        line.description,
        line.quantity,
        int(line.unit_price // 1),
        line.unit_price % 1,
        line.base_quantity,
        line.tax.code,
        line.tax.category,
        line.tax.rate,
        line.tax.exemption_reason,
        line.code_system,
        line.code,
        line.sku,
        *_discount_columns(line.discount),
        line.procedure_id,
        line.date_of_service,
        line.provider_id,
        line.provider_name,
        line.tooth,
        line.surface,
        line.treatment_plan_id,
        line.treatment_plan_item_id,
        *(adjustments.amount_columns(amounts) if amounts else (None,) * 5),
        adjustments.charges_json(line.charges),
        estimates_json(line.estimates),
        line.price_from,
        line.tax_typed,
        claims.claim_json(line.claim),
    )


PATIENT_NAME = """
    (SELECT p.given_name || ' ' || p.family_name FROM patients p
      WHERE p.clinic_id = i.clinic_id AND p.patient_id = survivor_of(i.clinic_id, i.patient_id)
        AND p.forgotten_at IS NULL) AS patient_name
"""
"""What a row of invoice `i` is read with beside its own columns."""


def invoice_of(row: Any, lines: Iterable[Any]) -> Invoice:
    """The invoice of a row and its lines' rows, in order."""
    line_rows_ = list(lines)
    return Invoice(
        id=row.id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        pricing=_pricing_of(row),
        content=Content(
            lines=tuple(line_of(line) for line in line_rows_),
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
        created_by=row.created_by,
        created_at=row.created_at,
        origin=row.origin,
        status=row.status,
        version=row.version,
        looked_at=row.looked_at,
        number=row.number,
        series_number=row.series_number,
        issue_date=row.issue_date,
        due_date=row.due_date,
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        voided_on=row.voided_on,
        voided_by=row.voided_by,
        void_reason=row.void_reason,
        frozen=None if row.status == "draft" else _totals_of(row, line_rows_),
        debited=row.debited_minor,
        credited=row.credited_minor,
        settled=row.settled_minor,
        forgiven=row.forgiven_minor,
        contractual=row.contractual_minor,
        bad_debt=row.bad_debt_minor,
        recovered=row.recovered_minor,
        plan_id=row.installment_plan_id,
        installment_due_on=row.installment_due_on,
        patient_name=row.patient_name,
    )


def _pricing_of(row: Any) -> Pricing:
    policy = RoundingPolicy(row.rounding_policy, row.rounding_version)
    return Pricing(row.currency, row.prices_include_tax, row.cash_rounding_to, policy)


def line_of(row: Any) -> Line:
    """The line of a row."""
    return Line(
        id=row.id,
        position=row.position,
        kind=row.kind,
        description=row.description,
        quantity=row.quantity,
        unit_price=exact(row.unit_price_minor, row.unit_price_fraction),
        base_quantity=row.base_quantity,
        tax=_tax_of(row),
        code_system=row.code_system,
        code=row.code,
        discount=_discount_of(row, "discount_"),
        charges=adjustments.charges_of(row.charges),
        procedure_id=row.procedure_id,
        sku=row.sku,
        date_of_service=row.date_of_service,
        provider_id=row.provider_id,
        provider_name=row.provider_name,
        tooth=row.tooth,
        surface=row.surface,
        treatment_plan_id=row.treatment_plan_id,
        treatment_plan_item_id=row.treatment_plan_item_id,
        estimates=tuple(estimate_of(one) for one in row.estimates or ()),
        price_from=row.price_from,
        tax_typed=row.tax_typed,
        claim=claims.claim_of(row.claim),
    )


def exact(minor: int, fraction: Decimal) -> int | Decimal:
    """A price in minor units; whole, where there is no fraction of one (`MON-7`)."""
    return minor + fraction if fraction else minor


def note_of(row: Any, lines: Iterable[Any]) -> Note:
    """The note of a row and its lines' rows, in order."""
    return Note(
        id=row.id,
        clinic_id=row.clinic_id,
        invoice_id=row.invoice_id,
        side=row.side,
        kind=row.kind,
        reason=row.reason,
        author=row.author,
        amounts=NoteAmounts(tuple(_note_line_of(line) for line in lines), row.cash_rounding_minor),
        issue_date=row.issue_date,
        created_at=row.created_at,
        number=row.number,
        series_number=row.series_number,
        refund_id=row.refund_id,
        undoes_id=row.undoes_id,
        undone_by_id=row.undone_by_id,
        decision_id=row.decision_id,
    )


def estimates_json(estimates: Iterable[Estimate]) -> str | None:
    """Estimates as JSON; amounts are minor units. NULL where there are none, as on most lines."""
    written = [
        {
            "payer_id": str(one.payer_id),
            "payer_name": one.payer_name,
            "sequence": one.sequence,
            "expected": one.expected,
            "write_off": one.write_off,
            "patient_part": one.patient_part,
            "allowed": one.allowed,
            "claim_id": one.claim_id,
            "payer_identifier": one.payer_identifier,
        }
        for one in estimates
    ]
    return orjson.dumps(written).decode() if written else None


def estimate_of(one: dict[str, Any]) -> Estimate:
    """The estimate of its JSON."""
    claim_id = one["claim_id"]
    ids = {"payer_id": UUID(one["payer_id"]), "claim_id": UUID(claim_id) if claim_id else None}
    return Estimate(**(one | ids))


def _note_line_of(row: Any) -> NoteLine:
    tax = Tax(row.tax_category, row.tax_rate, row.exemption_reason)
    return NoteLine(row.description, row.net_minor, row.tax_minor, tax, row.invoice_line_id, row.debit_note_id)


def _totals_of(row: Any, lines: Iterable[Any]) -> Totals:
    taxes = [_tax_of(one) for one in lines] + [one.tax for one in adjustments.document_charges_of(row.charges)]
    return Totals(
        lines=tuple(
            LineAmounts(
                one.amount_minor,
                one.own_discount_minor,
                one.document_discount_minor,
                one.net_minor,
                one.charge_minor or 0,
            )
            for one in lines
        ),
        groups=tuple(_group_of(one, taxes) for one in row.taxes),
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


def _discount_columns(discount: Discount | None) -> tuple[Any, ...]:
    if discount is None:
        return (None,) * 4
    return discount.percent, discount.minor, discount.reason, discount.author


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
