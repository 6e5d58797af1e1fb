"""A receipt's content in the words and formats of its language, ready for the template (`RCP-2`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.money import Money

from receipts.documents.content.receipt import ReceiptContent, SettledInstallment, SettledInvoice
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, party
from receipts.documents.render.lines import charge_rows, date_column, line_details, provider_column, said_once
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic


def receipt_view(
    content: ReceiptContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    formats = Formatting(content.language, texts)
    refund = content.kind == "refund"
    title = formats.words["refund_title" if refund else "receipt_title"]
    heading = formats.text("refund_heading" if refund else "receipt_heading", number=content.number)
    show_lines = content.show_procedures and not brief
    return {
        **frame(formats, clinic, title=heading, heading=title, number=content.number, paper=content.paper),
        "subject": f"{heading}, {clinic.name}",
        "created": content.numbered_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "amount_label": formats.words["amount_refunded" if refund else "amount_paid"],
        "amount": formats.money(content.amount),
        "facts": _facts(formats, content),
        "patient": party(formats, content.patient, clinic),
        "payer_label": formats.words["refunded_to" if refund else "paid_by"],
        "payer": _payer(formats, content),
        "section": formats.words["what_was_refunded" if refund else "what_was_paid"],
        "nothing_settled": formats.words["no_invoices_refund" if refund else "no_invoices"],
        "invoices": [_invoice(formats, invoice, refund=refund, show_lines=show_lines) for invoice in content.settled],
        "sums": _sums(formats, content),
        "afterwards": _afterwards(formats, content),
        "note_label": formats.words["reason" if refund else "note"],
        "note": formats.own(said) if (said := content.reason if refund else content.note) else None,
    }


def _facts(formats: Formatting, content: ReceiptContent) -> list[tuple[str, str]]:
    facts = [(formats.words["date_time"], formats.instant(content.recorded_at, content.zone))]
    if content.received_at and content.received_at != content.recorded_at:
        received = formats.instant(content.received_at, content.zone)
        if received != facts[0][1]:
            facts.append((formats.words["received_on"], received))
    facts.append((formats.words["method"], content.method_label or formats.words[f"method_{content.method}"]))
    if content.reference:
        facts.append((formats.words["reference"], formats.verbatim(content.reference)))
    if content.payment_number:
        facts.append((formats.words["refund_of"], formats.verbatim(content.payment_number)))
    return facts


def _payer(formats: Formatting, content: ReceiptContent) -> dict[str, Any]:
    if content.payer_kind == "patient":
        return {"name": formats.own(content.patient.name), "address": []}
    kind = formats.words[f"payer_{content.payer_kind}"]
    return {"name": formats.own(content.payer_name or kind), "address": [kind] if content.payer_name else []}


def _invoice(formats: Formatting, invoice: SettledInvoice, *, refund: bool, show_lines: bool) -> dict[str, Any]:
    lines = invoice.lines if show_lines else ()
    amounts = invoice.of_lines or tuple(line.net for line in invoice.lines)
    return {
        "amount_label": formats.words[_amount_label(invoice)],
        "heading": formats.text(
            "invoice_of", number=formats.verbatim(invoice.number), date=formats.day(invoice.issue_date)
        ),
        "dates": date_column(lines),
        "providers": provider_column(lines),
        "once": said_once(formats, lines),
        "date_column": len({line.date_of_service for line in lines}) > 1,
        "provider_column": len({line.provider_name for line in lines}) > 1,
        "lines": [
            {**line_details(formats, line), "amount": formats.money(amount)}
            for line, amount in zip(lines, amounts, strict=False)
        ],
        "sums": _invoice_sums(formats, invoice, refund=refund, with_lines=bool(lines) and not invoice.only_named),
    }


def _amount_label(invoice: SettledInvoice) -> str:
    """Where an invoice is taxed: what goes back of a line is with its tax, what a line came to is without (`RCP-2`)."""
    if not invoice.tax.minor:
        return "col_amount"
    return "col_amount_gross" if invoice.of_lines else "col_net"


def _invoice_sums(
    formats: Formatting, invoice: SettledInvoice, *, refund: bool, with_lines: bool
) -> list[tuple[str, str, bool]]:
    sums = charge_rows(formats, invoice.charges) if with_lines else []
    if with_lines and invoice.tax.minor:
        sums.append((formats.words["includes_tax"], formats.money(invoice.tax), False))
    sums.append((formats.words["invoice_total"], formats.money(invoice.total), False))
    sums.append((formats.words["taken_back" if refund else "paid_now"], formats.money(invoice.applied), True))
    if invoice.of_named is not None and invoice.of_others.minor:
        sums.append((formats.words["of_named_lines"], formats.money(invoice.of_named), False))
        sums.append((formats.words["of_other_lines"], formats.money(invoice.of_others), False))
    sums += [
        (_installment(formats, installment), formats.money(installment.amount), False)
        for installment in invoice.installments
    ]
    if invoice.outstanding.minor:
        sums.append((formats.words["still_outstanding"], formats.money(invoice.outstanding), False))
    else:
        sums.append((formats.words["still_outstanding"], formats.words["nothing_outstanding"], False))
    return sums


def _installment(formats: Formatting, one: SettledInstallment) -> str:
    return formats.text(
        "installment_settled", number=str(one.position), count=str(one.count), date=formats.day(one.due)
    )


def _sums(formats: Formatting, content: ReceiptContent) -> list[tuple[str, str]]:
    """Applied + credit, whose sum is the amount (`RCP-2`); left out where there is but one part."""
    refund = content.kind == "refund"
    applied = Money(sum(invoice.applied.minor for invoice in content.settled), content.amount.currency)
    parts = [
        (formats.words["refunded_from_invoices" if refund else "applied_total"], applied),
        (formats.words["from_credit" if refund else "to_credit"], content.credit),
    ]
    return [(label, formats.money(part)) for label, part in parts if part.minor]


def _afterwards(formats: Formatting, content: ReceiptContent) -> list[tuple[str, str]]:
    rows = []
    if content.settled:
        outstanding = sum(invoice.outstanding.minor for invoice in content.settled)
        rows.append((formats.words["outstanding_total"], formats.money(Money(outstanding, content.amount.currency))))
    if content.credit.minor or content.credit_balance.minor:
        rows.append((formats.words["credit_balance"], formats.money(content.credit_balance)))
    if content.refunded_so_far is not None and content.refunded_so_far.minor:
        rows.append((formats.words["refunded_so_far"], formats.money(content.refunded_so_far)))
    if content.next_installment:
        label = formats.text("next_installment", date=formats.day(content.next_installment.due))
        rows.append((label, formats.money(content.next_installment.amount)))
    return rows
