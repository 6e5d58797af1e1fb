"""An invoice's content in the words and formats of its language, ready for the template (`RCP-4`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.lines import (
    carried,
    charge_rows,
    date_column,
    is_long,
    line_details,
    provider_column,
    several_reasons,
    summed,
    unit_price,
)
from receipts.documents.render.payment import payment_view
from receipts.documents.render.taxes import Row, tax_rows
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic
from receipts.domain.printed_invoice import InvoiceLine, PrintedInvoice


def invoice_view(
    content: InvoiceContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    formats = Formatting(content.language, texts)
    invoice = content.invoice
    heading = formats.text("invoice_heading", number=invoice.number)
    title = formats.words["invoice_title"]
    lines = () if brief else invoice.lines
    discounts = any(line.discount.minor for line in lines)
    taxed = invoice.tax.minor != 0
    gross = taxed and invoice.prices_include_tax
    return {
        **frame(formats, clinic, title=heading, heading=title, number=invoice.number, paper=content.paper),
        "subject": f"{heading}, {clinic.name}",
        "created": midnight(invoice.issue_date),
        "amount_label": formats.words["expected_patient" if invoice.insurers else "total_due"],
        "amount": formats.money(invoice.asked_of_patient if invoice.insurers else invoice.total),
        "facts": _facts(formats, invoice),
        "patient": party(formats, content.patient, clinic),
        "dates": date_column(lines),
        "providers": provider_column(lines) and not discounts,
        "price_label": formats.words["col_unit_price_gross" if gross else "col_unit_price"],
        "discount_label": formats.words["col_discount_gross" if gross else "col_discount"],
        "line_amount_label": formats.words["col_net" if taxed else "col_amount"],
        "discounts": discounts,
        "lines": [_line(formats, line, several_reasons(invoice.taxes), names=discounts) for line in lines],
        "carried": carried(formats, summed(line.net for line in lines)) if is_long(lines) else [],
        "sums": _sums(formats, invoice),
        "estimates": _estimates(formats, invoice),
        "please_pay": _please_pay(formats, invoice),
        "payment": payment_view(
            formats, content.payment, asked=invoice.asked_of_patient, number=invoice.number, coded=True
        ),
        "note": formats.own(invoice.note) if invoice.note else None,
    }


def _facts(formats: Formatting, invoice: PrintedInvoice) -> list[tuple[str, str]]:
    facts = [(formats.words["issue_date"], formats.day(invoice.issue_date))]
    if invoice.asked_of_patient.minor:
        facts.append((formats.words["due_date"], formats.day(invoice.due_date)))
    return facts


def _please_pay(formats: Formatting, invoice: PrintedInvoice) -> str | None:
    """What the patient is asked for, and by when: the share where insurers pay, nothing where nothing is owed."""
    asked = invoice.asked_of_patient
    if not asked.minor:
        return formats.words["nothing_to_pay"]
    if not invoice.insurers:
        return formats.text("please_pay", date=formats.day(invoice.due_date))
    return formats.text("please_pay_share", date=formats.day(invoice.due_date), amount=formats.money(asked))


def _line(formats: Formatting, line: InvoiceLine, reasons: bool, *, names: bool) -> dict[str, Any]:
    """One row; it `names` who treated below the description, where there is no room for a column of it."""
    said = line_details(formats, line, reasons=reasons)
    below = [said["details"], said["provider"] if names else ""]
    return {
        **said,
        "details": " · ".join(part for part in below if part),
        "quantity": formats.number(line.quantity),
        "unit_price": unit_price(formats, line),
        "discount": formats.money(-line.discount) if line.discount.minor else "",
        "amount": formats.money(line.net),
    }


def _sums(formats: Formatting, invoice: PrintedInvoice) -> list[Row]:
    sums = charge_rows(formats, invoice.charges)
    sums.append((formats.words["net_total"], formats.money(invoice.net), False))
    if invoice.discount.minor:
        reason = invoice.discount_reason
        label = (
            formats.text("discount_because", reason=formats.own(reason)) if reason else formats.words["discount_total"]
        )
        sums.append((label, formats.money(invoice.discount), False))
    sums += tax_rows(formats, invoice.taxes)
    if invoice.cash_rounding.minor:
        sums.append((formats.words["cash_rounding"], formats.money(invoice.cash_rounding), False))
    sums.append((formats.words["total_due"], formats.money(invoice.total), True))
    return sums


def _estimates(formats: Formatting, invoice: PrintedInvoice) -> list[Row]:
    """What insurers are expected to pay and to write off, and the patient's rest (`INS-1`): estimates, and so named."""
    if not invoice.insurers:
        return []
    rows: list[Row] = []
    for share in invoice.insurers:
        payer = formats.own(share.payer_name) if share.payer_name else formats.words["payer_insurer"]
        asked = formats.text(f"insurer_{share.sequence}", payer=payer) if share.sequence else payer
        rows.append((formats.text("expected_from", payer=asked), formats.money(share.expected), False))
        if share.write_off.minor:
            rows.append((formats.text("expected_write_off", payer=payer), formats.money(share.write_off), False))
    rows.append((formats.words["expected_patient"], formats.money(invoice.expected_of_patient), True))
    return rows
