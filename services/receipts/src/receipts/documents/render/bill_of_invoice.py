"""An invoice's content as EN 16931 says it (`RCP-4`)."""

from __future__ import annotations

from decimal import Decimal

from chassis.money import Money, decimals_of, round_half_up

from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.facturx.bill import Adjustment, Bill, BillLine
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.taxes import explained
from receipts.domain.people import Clinic
from receipts.domain.printed_invoice import DocumentCharge, InvoiceLine, PrintedInvoice

_FINENESS = 9
"""So many decimals more than the currency's a price has where it is what makes the line's net."""


def bill_of_invoice(content: InvoiceContent, clinic: Clinic) -> Bill:
    """What the invoice says."""
    formats, invoice = Formatting(content.language), content.invoice
    asked = invoice.total.minor > 0
    return Bill(
        type_code="380",
        number=invoice.number,
        issued_on=invoice.issue_date,
        due_on=invoice.due_date if asked else None,
        terms=formats.text("please_pay", date=formats.day(invoice.due_date)) if asked else None,
        comments=(invoice.note,) if invoice.note else (),
        seller=clinic,
        buyer=content.patient,
        lines=tuple(_line(line, invoice, formats) for line in invoice.lines),
        charges=tuple(_charge(charge) for charge in invoice.charges),
        taxes=explained(formats, invoice.taxes),
        tax=invoice.tax,
        cash_rounding=invoice.cash_rounding,
        total=invoice.total,
        payment=content.payment if invoice.asked_of_patient.minor else None,
    )


def _charge(one: DocumentCharge) -> Adjustment:
    return Adjustment(
        charge=True, amount=one.amount, reason=one.reason, tax_category=one.tax_category, tax_rate=one.tax_rate
    )


def _line(line: InvoiceLine, invoice: PrintedInvoice, formats: Formatting) -> BillLine:
    """A line by the price that was agreed, where that makes its net: not where the price includes tax."""
    quantity, base_quantity = Decimal(line.quantity), Decimal(line.base_quantity)
    price = Decimal(line.price or line.unit_price.amount)
    adjustments = _adjustments(line, formats)
    added = sum(
        adjustment.amount.minor if adjustment.charge else -adjustment.amount.minor for adjustment in adjustments
    )
    if invoice.prices_include_tax or _times(quantity, price, base_quantity, line.net) + added != line.net.minor:
        quantity, price = _made_of(line.net, quantity)
        base_quantity, adjustments = Decimal(1), ()
    return BillLine(
        position=line.position,
        name=line.description,
        code=line.code,
        comment=line.exemption_reason,
        quantity=quantity,
        price=price,
        base_quantity=base_quantity,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
        day=line.date_of_service,
        adjustments=adjustments,
        net=line.net,
    )


def _adjustments(line: InvoiceLine, formats: Formatting) -> tuple[Adjustment, ...]:
    """Charges and the discount; of returned goods a discount gives less back."""
    made = [_adjustment(charge.amount, charge.reason) for charge in line.charges]
    made.append(_adjustment(-line.discount, formats.words["col_discount"]))
    return tuple(adjustment for adjustment in made if adjustment.amount.minor)


def _adjustment(added: Money, reason: str) -> Adjustment:
    return Adjustment(charge=added.minor > 0, amount=Money(abs(added.minor), added.currency), reason=reason)


def _times(quantity: Decimal, price: Decimal, base_quantity: Decimal, like: Money) -> int:
    """What quantity x price / base quantity comes to, in minor units."""
    return round_half_up((quantity * price / base_quantity).scaleb(decimals_of(like.currency)))


def _made_of(net: Money, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """A quantity and a price that make the net: of the quantity given, where it can be, else of one thing."""
    amount, decimals = Decimal(net.amount), decimals_of(net.currency)
    if quantity and amount / quantity >= 0:
        price = round(amount / quantity, decimals + _FINENESS)
        if _times(quantity, price, Decimal(1), net) == net.minor:
            return quantity, price
    return Decimal(-1 if net.minor < 0 else 1), abs(amount)
