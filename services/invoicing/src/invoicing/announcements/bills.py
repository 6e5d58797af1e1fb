"""What events say of bills: lines, discounts, charges, totals, and the lines of notes."""

from __future__ import annotations

from decimal import Decimal

from chassis.members import Members
from chassis.money import decimal_text, decimals_of
from contracts.addresses import PostalAddress
from contracts.claims import Coverage, Subscriber
from contracts.invoicing import (
    DocumentCharge,
    DocumentDiscount,
    InvoiceLine,
    InvoiceTotals,
    LineCharge,
    LineEstimate,
    LineLeft,
    NoteLine,
    TaxTotal,
    UnitPrice,
)

from invoicing.announcements.wire import amount as _amount
from invoicing.domain.claim import ActDetails, Residence
from invoicing.domain.claim import Coverage as DomainCoverage
from invoicing.domain.claim import Subscriber as DomainSubscriber
from invoicing.domain.clinic_settings import Address
from invoicing.domain.discount import Charge
from invoicing.domain.invoice import Invoice
from invoicing.domain.line import ONE, Line, joined
from invoicing.domain.note import NoteLine as DomainNoteLine
from invoicing.domain.totals import LineAmounts, Pricing, Totals

_SAME = Members(InvoiceLine, Line, without=["quantity", "unit_price", "charges", "discount", "estimates"])
_OF_ACT = Members(InvoiceLine, ActDetails)


def invoice_line(line: Line, own: LineAmounts, pricing: Pricing, creditable: int) -> InvoiceLine:
    """A line as it was frozen; `creditable` is what of it can be credited, tax included."""
    currency = pricing.currency
    return InvoiceLine(
        line_id=line.id,
        **_SAME.of(line),
        **_OF_ACT.of(line.claim),
        quantity=decimal_text(abs(line.quantity)),
        returned=line.quantity < 0,
        unit_price=_amount(pricing.rounding.times(ONE, line.unit_price, line.base_quantity), currency),
        price=_price(line, currency),
        charges=tuple(_charge(charge, own.amount, pricing) for charge in line.charges),
        discount=_amount(own.discount + own.document_discount, currency),
        net=_amount(own.net, currency),
        charge=_amount(own.priced, currency),
        creditable=_amount(creditable, currency),
        tax_category=line.tax.category,
        tax_rate=decimal_text(line.tax.rate),
        exemption_reason=line.tax.exemption_reason,
        estimates=tuple(
            LineEstimate(
                payer_id=estimate.payer_id,
                payer_identifier=estimate.payer_identifier,
                payer_sequence=estimate.sequence,
                claim_id=estimate.claim_id,
                allowed=None if estimate.allowed is None else _amount(estimate.allowed, currency),
                expected=_amount(estimate.expected, currency),
                write_off=_amount(estimate.write_off, currency),
                patient_part=_amount(estimate.patient_part, currency),
            )
            for estimate in line.estimates
        ),
    )


def coverage(one: DomainCoverage) -> Coverage:
    """What a patient is insured by."""
    said = {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "subscriber"}
    return Coverage(**said, subscriber=_subscriber(one.subscriber) if one.subscriber else None)


def _subscriber(one: DomainSubscriber) -> Subscriber:
    return Subscriber(
        given_name=one.given_name,
        family_name=one.family_name,
        birth_date=one.birth_date,
        gender=one.gender,
        address=postal_address(one.address),
    )


def postal_address(of: Residence | Address | None) -> PostalAddress | None:
    """An address on the wire."""
    return PostalAddress(**{name: getattr(of, name) for name in of.__dataclass_fields__}) if of else None


def _price(line: Line, currency: str) -> UnitPrice | None:
    if isinstance(line.unit_price, int) and line.base_quantity == ONE:
        return None
    exact = Decimal(line.unit_price).scaleb(-decimals_of(currency))
    return UnitPrice(amount=decimal_text(exact), base_quantity=decimal_text(line.base_quantity))


def _charge(charge: Charge, of: int, pricing: Pricing) -> LineCharge:
    added = _amount(charge.of(of, pricing.rounding), pricing.currency)
    return LineCharge(amount=added, reason=charge.reason, percent=_percent(charge.percent))


def document_discounts(invoice: Invoice) -> tuple[DocumentDiscount, ...]:
    """A document's discounts, as they were given."""
    categories = {line.tax.code: line.tax.category for line in invoice.lines}
    return tuple(
        DocumentDiscount(
            reason=one.reason,
            percent=_percent(one.percent),
            amount=None if one.minor is None else _amount(one.minor, invoice.pricing.currency),
            tax_category=categories.get(one.tax_code) if one.tax_code else None,
        )
        for _, one in invoice.content.adjustments.named_discounts
    )


def document_charges(invoice: Invoice) -> tuple[DocumentCharge, ...]:
    """A document's charges, with what they came to."""
    currency = invoice.pricing.currency
    return tuple(
        DocumentCharge(
            reason=one.charge.reason,
            amount=_amount(own.amount, currency),
            net=_amount(own.net, currency),
            percent=_percent(one.charge.percent),
            tax_category=one.tax.category,
            tax_rate=decimal_text(one.tax.rate),
            exemption_reason=one.tax.exemption_reason,
        )
        for one, own in zip(invoice.content.charges, invoice.totals.charges, strict=True)
    )


def _percent(percent: Decimal | None) -> str | None:
    return None if percent is None else decimal_text(percent)


def invoice_totals(totals: Totals, currency: str) -> InvoiceTotals:
    """Totals that re-add, and a tax for each group."""
    return InvoiceTotals(
        net=_amount(totals.net, currency),
        discount=_amount(totals.discount, currency),
        charge=_amount(totals.charge, currency) if totals.charge else None,
        tax=_amount(totals.tax, currency),
        cash_rounding=_amount(totals.cash_rounding, currency),
        total=_amount(totals.total, currency),
        taxes=tuple(
            TaxTotal(
                category=group.tax.category,
                rate=decimal_text(group.tax.rate),
                base=_amount(group.base, currency),
                tax=_amount(group.amount, currency),
                exemption_reason=joined(group.reasons),
                exemption_reasons=group.reasons,
            )
            for group in totals.groups
        ),
    )


def note_line(line: DomainNoteLine, currency: str) -> NoteLine:
    """What a note changes on one tax group."""
    return NoteLine(
        invoice_line_id=line.invoice_line_id,
        debit_note_id=line.debit_note_id,
        description=line.description,
        net=_amount(line.net, currency),
        tax_category=line.tax.category,
        tax_rate=decimal_text(line.tax.rate),
        tax=_amount(line.tax_amount, currency),
        exemption_reason=line.tax.exemption_reason,
    )


def lines_left(invoice: Invoice) -> tuple[LineLeft, ...]:
    """What is left to credit of each line and debit note, after all notes (`PAY-19`)."""
    left = invoice.creditable_by_rule().left_by_part()
    return tuple(
        LineLeft(line_id=line_id, left=_amount(minor, invoice.pricing.currency)) for line_id, minor in left.items()
    )
