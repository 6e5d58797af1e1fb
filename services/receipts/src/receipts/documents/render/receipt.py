"""A receipt's content in the words and formats of its language, ready for the template (`RCP-2`)."""

from __future__ import annotations

from typing import Any

from chassis.money import Money

from receipts.documents.content.receipt import ReceiptContent, SettledInstallment, SettledInvoice
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, party
from receipts.documents.render.lines import charge_rows, date_column, line_details, provider_column
from receipts.domain.people import Clinic

TEMPLATE = "receipt.html"


def receipt_view(content: ReceiptContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    say = Formatting(content.language)
    refund = content.kind == "refund"
    title = say.words["refund_title" if refund else "receipt_title"]
    heading = say.say("refund_heading" if refund else "receipt_heading", number=content.number)
    show_lines = content.show_procedures and not brief
    return {
        **frame(say, clinic, title=heading, heading=title, number=content.number, paper=content.paper),
        "subject": f"{heading}, {clinic.name}",
        "created": content.numbered_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "amount_label": say.words["amount_refunded" if refund else "amount_paid"],
        "amount": say.money(content.amount),
        "facts": _facts(say, content),
        "patient": party(say, content.patient, clinic),
        "payer_label": say.words["refunded_to" if refund else "paid_by"],
        "payer": _payer(say, content),
        "section": say.words["what_was_refunded" if refund else "what_was_paid"],
        "nothing_settled": say.words["no_invoices_refund" if refund else "no_invoices"],
        "invoices": [_invoice(say, invoice, refund=refund, show_lines=show_lines) for invoice in content.settled],
        "sums": _sums(say, content),
        "afterwards": _afterwards(say, content),
        "note_label": say.words["reason" if refund else "note"],
        "note": say.own(said) if (said := content.reason if refund else content.note) else None,
    }


def _facts(say: Formatting, content: ReceiptContent) -> list[tuple[str, str]]:
    facts = [(say.words["date_time"], say.instant(content.recorded_at, content.zone))]
    if content.received_at and content.received_at != content.recorded_at:
        received = say.instant(content.received_at, content.zone)
        if received != facts[0][1]:
            facts.append((say.words["received_on"], received))
    facts.append((say.words["method"], content.method_label or say.words[f"method_{content.method}"]))
    if content.reference:
        facts.append((say.words["reference"], say.verbatim(content.reference)))
    if content.payment_number:
        facts.append((say.words["refund_of"], say.verbatim(content.payment_number)))
    return facts


def _payer(say: Formatting, content: ReceiptContent) -> dict[str, Any]:
    if content.payer_kind == "patient":
        return {"name": say.own(content.patient.name), "address": []}
    kind = say.words[f"payer_{content.payer_kind}"]
    return {"name": say.own(content.payer_name or kind), "address": [kind] if content.payer_name else []}


def _invoice(say: Formatting, invoice: SettledInvoice, *, refund: bool, show_lines: bool) -> dict[str, Any]:
    lines = invoice.lines if show_lines else ()
    amounts = invoice.of_lines or tuple(line.net for line in invoice.lines)
    return {
        "amount_label": say.words[_amount_label(invoice)],
        "heading": say.say("invoice_of", number=say.verbatim(invoice.number), date=say.day(invoice.issue_date)),
        "dates": date_column(lines),
        "providers": provider_column(lines),
        "lines": [
            {**line_details(say, line), "amount": say.money(amount)}
            for line, amount in zip(lines, amounts, strict=False)
        ],
        "sums": _invoice_sums(say, invoice, refund=refund, with_lines=bool(lines) and not invoice.only_named),
    }


def _amount_label(invoice: SettledInvoice) -> str:
    """Where an invoice is taxed: what goes back of a line is with its tax, what a line came to is without (`RCP-2`)."""
    if not invoice.tax.minor:
        return "col_amount"
    return "col_amount_gross" if invoice.of_lines else "col_net"


def _invoice_sums(
    say: Formatting, invoice: SettledInvoice, *, refund: bool, with_lines: bool
) -> list[tuple[str, str, bool]]:
    sums = charge_rows(say, invoice.charges) if with_lines else []
    if with_lines and invoice.tax.minor:
        sums.append((say.words["includes_tax"], say.money(invoice.tax), False))
    sums.append((say.words["invoice_total"], say.money(invoice.total), False))
    sums.append((say.words["taken_back" if refund else "paid_now"], say.money(invoice.applied), True))
    if invoice.of_named is not None and invoice.of_others.minor:
        sums.append((say.words["of_named_lines"], say.money(invoice.of_named), False))
        sums.append((say.words["of_other_lines"], say.money(invoice.of_others), False))
    sums += [(_installment(say, one), say.money(one.amount), False) for one in invoice.installments]
    if invoice.outstanding.minor:
        sums.append((say.words["still_outstanding"], say.money(invoice.outstanding), False))
    else:
        sums.append((say.words["still_outstanding"], say.words["nothing_outstanding"], False))
    return sums


def _installment(say: Formatting, one: SettledInstallment) -> str:
    return say.say("installment_settled", number=str(one.position), count=str(one.count), date=say.day(one.due))


def _sums(say: Formatting, content: ReceiptContent) -> list[tuple[str, str]]:
    """Applied + credit, whose sum is the amount (`RCP-2`); left out where there is but one part."""
    refund = content.kind == "refund"
    applied = Money(sum(invoice.applied.minor for invoice in content.settled), content.amount.currency)
    parts = [
        (say.words["refunded_from_invoices" if refund else "applied_total"], applied),
        (say.words["from_credit" if refund else "to_credit"], content.credit),
    ]
    return [(label, say.money(part)) for label, part in parts if part.minor]


def _afterwards(say: Formatting, content: ReceiptContent) -> list[tuple[str, str]]:
    rows = []
    if content.settled:
        outstanding = sum(invoice.outstanding.minor for invoice in content.settled)
        rows.append((say.words["outstanding_total"], say.money(Money(outstanding, content.amount.currency))))
    if content.credit.minor or content.credit_balance.minor:
        rows.append((say.words["credit_balance"], say.money(content.credit_balance)))
    if content.refunded_so_far is not None and content.refunded_so_far.minor:
        rows.append((say.words["refunded_so_far"], say.money(content.refunded_so_far)))
    if content.next_installment:
        label = say.say("next_installment", date=say.day(content.next_installment.due))
        rows.append((label, say.money(content.next_installment.amount)))
    return rows
