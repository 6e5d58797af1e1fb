"""An invoice's content in the words and formats of its language, ready for the template (`RCP-4`)."""

from __future__ import annotations

from typing import Any

from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.lines import (
    charge_rows,
    date_column,
    line_details,
    provider_column,
    several_reasons,
    unit_price,
)
from receipts.documents.render.taxes import Row, tax_rows
from receipts.domain.issued_invoice import InvoiceLine, IssuedInvoice
from receipts.domain.people import Clinic

TEMPLATE = "invoice.html"


def invoice_view(content: InvoiceContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    say = Formatting(content.language)
    invoice = content.invoice
    heading = say.say("invoice_heading", number=invoice.number)
    title = say.words["invoice_title"]
    lines = () if brief else invoice.lines
    taxed = invoice.tax.minor != 0
    gross = taxed and invoice.prices_include_tax
    return {
        **frame(say, clinic, title=heading, heading=title, number=invoice.number, paper=content.paper),
        "subject": f"{heading}, {clinic.name}",
        "created": midnight(invoice.issue_date),
        "amount_label": say.words["expected_patient" if invoice.insurers else "total_due"],
        "amount": say.money(invoice.asked_of_patient if invoice.insurers else invoice.total),
        "facts": _facts(say, invoice),
        "patient": party(say, content.patient, clinic),
        "dates": date_column(lines),
        "providers": provider_column(lines),
        "price_label": say.words["col_unit_price_gross" if gross else "col_unit_price"],
        "discount_label": say.words["col_discount_gross" if gross else "col_discount"],
        "line_amount_label": say.words["col_net" if taxed else "col_amount"],
        "discounts": any(line.discount.minor for line in lines),
        "lines": [_line(say, line, reasons=several_reasons(invoice.taxes)) for line in lines],
        "sums": _sums(say, invoice),
        "estimates": _estimates(say, invoice),
        "please_pay": _please_pay(say, invoice),
        "note": say.own(invoice.note) if invoice.note else None,
    }


def _facts(say: Formatting, invoice: IssuedInvoice) -> list[tuple[str, str]]:
    facts = [(say.words["issue_date"], say.day(invoice.issue_date))]
    if invoice.asked_of_patient.minor:
        facts.append((say.words["due_date"], say.day(invoice.due_date)))
    return facts


def _please_pay(say: Formatting, invoice: IssuedInvoice) -> str | None:
    """What the patient is asked for, and by when: the share where insurers pay, nothing where nothing is owed."""
    asked = invoice.asked_of_patient
    if not asked.minor:
        return say.words["nothing_to_pay"]
    if not invoice.insurers:
        return say.say("please_pay", date=say.day(invoice.due_date))
    return say.say("please_pay_share", date=say.day(invoice.due_date), amount=say.money(asked))


def _line(say: Formatting, line: InvoiceLine, *, reasons: bool) -> dict[str, Any]:
    return {
        **line_details(say, line, reasons=reasons),
        "quantity": say.number(line.quantity),
        "unit_price": unit_price(say, line),
        "discount": say.money(-line.discount) if line.discount.minor else "",
        "amount": say.money(line.net),
    }


def _sums(say: Formatting, invoice: IssuedInvoice) -> list[Row]:
    sums = charge_rows(say, invoice.charges)
    sums.append((say.words["net_total"], say.money(invoice.net), False))
    if invoice.discount.minor:
        reason = invoice.discount_reason
        label = say.say("discount_because", reason=say.own(reason)) if reason else say.words["discount_total"]
        sums.append((label, say.money(invoice.discount), False))
    sums += tax_rows(say, invoice.taxes)
    if invoice.cash_rounding.minor:
        sums.append((say.words["cash_rounding"], say.money(invoice.cash_rounding), False))
    sums.append((say.words["total_due"], say.money(invoice.total), True))
    return sums


def _estimates(say: Formatting, invoice: IssuedInvoice) -> list[Row]:
    """What insurers are expected to pay and to write off, and the patient's rest (`INS-1`): estimates, and so named."""
    if not invoice.insurers:
        return []
    rows: list[Row] = []
    for share in invoice.insurers:
        payer = say.own(share.payer_name) if share.payer_name else say.words["payer_insurer"]
        asked = say.say(f"insurer_{share.sequence}", payer=payer) if share.sequence else payer
        rows.append((say.say("expected_from", payer=asked), say.money(share.expected), False))
        if share.write_off.minor:
            rows.append((say.say("expected_write_off", payer=payer), say.money(share.write_off), False))
    rows.append((say.words["expected_patient"], say.money(invoice.expected_of_patient), True))
    return rows
