"""Invoices and lines for tests of the domain, made in one place; amounts are minor units."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from chassis.identifiers import new_id
from hypothesis import reject
from hypothesis import strategies as st
from invoicing.domain.adjustments import DocumentCharge
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.content import Content
from invoicing.domain.discount import Charge, Discount
from invoicing.domain.errors import DiscountExceedsAmount, TotalBelowZero
from invoicing.domain.invoice import DraftInvoice, Invoice, IssuedInvoice
from invoicing.domain.line import Line, Tax
from invoicing.domain.note import Note, NoteAmounts, NoteLine, Side
from invoicing.domain.totals import Pricing
from invoicing.domain.write_off import bring_write_offs_to

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CLINIC = UUID(int=7)
EXEMPT = Tax("E", Decimal(0), "dental care", "E")


def standard(rate: str) -> Tax:
    return Tax("S", Decimal(rate), None, f"S{rate}")


def line(
    unit_price: int, quantity: str = "1", tax: Tax = EXEMPT, discount: Discount | None = None, position: int = 1
) -> Line:
    return Line(new_id(), position, "custom", "a thing", Decimal(quantity), unit_price, tax, discount=discount)


def charge(minor: int) -> Charge:
    return Charge("freight", "clerk:1", minor=minor)


def percent(value: str) -> Discount:
    return Discount("kindness", "clerk:1", percent=Decimal(value))


def off(minor: int) -> Discount:
    return Discount("kindness", "clerk:1", minor=minor)


def settings(**changes: object) -> ClinicSettings:
    given: dict[str, object] = {
        "clinic_id": CLINIC,
        "version": 1,
        "name": "Praxis",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "language": "de-DE",
    }
    return ClinicSettings(**(given | changes))  # type: ignore[arg-type]


def draft(lines: list[Line], discount: Discount | None = None, pricing: Pricing | None = None) -> DraftInvoice:
    content = Content(tuple(lines), document_discount=discount)
    return DraftInvoice(new_id(), CLINIC, new_id(), pricing or Pricing("EUR"), content, "clerk:1", NOW)


def issued(lines: list[Line], discount: Discount | None = None, pricing: Pricing | None = None) -> IssuedInvoice:
    invoice = draft(lines, discount, pricing)
    frozen = invoice.issue(settings(currency=invoice.pricing.currency), TODAY, NOW, "clerk:1")
    return frozen.number_as(1, "INV-{year}-{number:06}")


def credited(invoice: Invoice, amounts: NoteAmounts, kind: str = "courtesy", undoes: UUID | None = None) -> Note:
    side: Side = (
        "debit" if kind in ("undo_credit_note", "late_fee", "correction", "undo_refund_adjustment") else "credit"
    )
    note = Note(
        new_id(),
        CLINIC,
        invoice.id,
        side,
        kind,
        "why",
        "clerk:1",
        amounts,
        TODAY,
        NOW,
        undoes_id=undoes,
        decision_id=new_id() if kind == "contractual_write_off" else None,
    )
    invoice.add_note(note)
    return note


def decide(invoice: Invoice, line_id: UUID, written_off: int) -> None:
    """Let an insurer's decision bring what is written off of a line to so much."""
    change = bring_write_offs_to(invoice, {line_id: written_off})
    for kind, amounts in (("contractual_write_off", change.credit), ("undo_credit_note", change.debit)):
        if amounts is not None:
            credited(invoice, amounts, kind).decision_id = new_id()


taxes = st.sampled_from([EXEMPT, standard("22"), standard("19"), standard("7"), standard("5.5"), standard("8.875")])
discounts = st.one_of(st.none(), st.none(), st.decimals("0.01", "100", places=2).map(lambda value: percent(str(value))))
lines = st.builds(
    line,
    unit_price=st.integers(0, 500_000),
    quantity=st.one_of(st.just("1"), st.decimals("0.0001", "50", places=4).map(str)),
    tax=taxes,
    discount=discounts,
)
pricings = st.builds(
    Pricing,
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    prices_include_tax=st.booleans(),
    cash_rounding_to=st.sampled_from([1, 1, 5, 10]),
)
charges = st.one_of(
    st.builds(charge, st.integers(0, 5_000)),
    st.decimals("0.01", "50", places=2).map(lambda value: Charge("freight", "clerk:1", percent=value)),
)
prices = st.one_of(st.integers(0, 500_000), st.decimals("0", "5000", places=4))


def any_line(
    price: int | Decimal, quantity: Decimal, base: Decimal, tax: Tax, discount: Discount | None, added: list[Charge]
) -> Line:
    """A line of goods sold, or returned, at any price."""
    bare = line(0, str(quantity), tax, discount)
    return replace(bare, unit_price=price, base_quantity=base, charges=tuple(added) if quantity > 0 else ())


any_lines = st.builds(
    any_line,
    prices,
    st.one_of(st.just(Decimal(1)), st.decimals("-3", "50", places=2).filter(bool)),
    st.sampled_from([Decimal(1), Decimal(1), Decimal(12), Decimal(100)]),
    taxes,
    discounts,
    st.lists(charges, max_size=2),
)


@st.composite
def bills(draw: st.DrawFn) -> IssuedInvoice:
    """An issued invoice with everything that a bill can say, which comes to something or to nothing."""
    content = Content(
        tuple(draw(st.lists(any_lines, min_size=1, max_size=6))),
        document_discount=draw(discounts),
        charges=tuple(DocumentCharge(draw(charges), draw(taxes)) for _ in range(draw(st.integers(0, 2)))),
    )
    invoice = DraftInvoice(new_id(), CLINIC, new_id(), draw(pricings), content, "clerk:1", NOW)
    try:
        frozen = invoice.issue(settings(currency=invoice.pricing.currency), TODAY, NOW, "clerk:1")
    except (TotalBelowZero, DiscountExceedsAmount):
        reject()
    return frozen.number_as(1, "INV-{year}-{number:06}")


invoices = st.builds(issued, st.lists(lines, min_size=1, max_size=8), discounts, pricings)


def plan_note(
    side: Side, kind: str, total: int, undoes_id: UUID | None = None, decision_id: UUID | None = None
) -> Note:
    """A note of so much, as a plan reads it."""
    amounts = NoteAmounts((NoteLine("why", total, 0, EXEMPT),))
    made = Note(new_id(), CLINIC, new_id(), side, kind, "why", "clerk:1", amounts, TODAY, NOW)
    made.undoes_id, made.decision_id = undoes_id, decision_id
    return made
