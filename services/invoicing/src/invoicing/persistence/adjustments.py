"""Discounts and charges between JSON and the domain; amounts are minor units, decimals are text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from chassis.database.rows import Record, document_as, json_text

from invoicing.domain.adjustments import DocumentCharge
from invoicing.domain.discount import Charge, Discount
from invoicing.domain.line import Tax
from invoicing.domain.totals import ChargeAmounts, LineAmounts


def amount_columns(own: LineAmounts | None) -> Record:
    """What freezing adds to a line's row."""
    return {
        "amount_minor": own.amount if own else None,
        "own_discount_minor": own.discount if own else None,
        "document_discount_minor": own.document_discount if own else None,
        "net_minor": own.net if own else None,
        "charge_minor": own.charge if own else None,
    }


def discounts_json(discounts: Sequence[Discount]) -> str | None:
    """A document's further discounts; NULL where there are none, as on most."""
    return _json([_adjusted(discount) | {"tax_code": discount.tax_code} for discount in discounts])


def discounts_of(found: Sequence[dict[str, Any]] | None) -> tuple[Discount, ...]:
    """The discounts of that JSON."""
    return tuple(document_as(Discount, told, percent=_decimal(told["percent"])) for told in found or ())


def charges_json(charges: Sequence[Charge]) -> str | None:
    """A line's charges; NULL where there are none, as on most."""
    return _json([_charged(charge) for charge in charges])


def charges_of(found: Sequence[dict[str, Any]] | None) -> tuple[Charge, ...]:
    """The charges of that JSON."""
    return tuple(_charge(one) for one in found or ())


def document_charges_json(charges: Sequence[DocumentCharge], frozen: Sequence[ChargeAmounts] = ()) -> str | None:
    """A document's charges with their taxes, and their amounts once they are frozen; NULL where there are none."""
    written = [{"charge": _charged(charge.charge), "tax": _taxed(charge.tax)} for charge in charges]
    for one, own in zip(written, frozen, strict=False):
        one["frozen"] = {"amount": own.amount, "document_discount": own.document_discount, "net": own.net}
    return _json(written)


def document_charges_of(found: Sequence[dict[str, Any]] | None) -> tuple[DocumentCharge, ...]:
    """The charges of that JSON."""
    return tuple(DocumentCharge(_charge(one["charge"]), _tax(one["tax"])) for one in found or ())


def charge_amounts_of(found: Sequence[dict[str, Any]] | None) -> tuple[ChargeAmounts, ...]:
    """Their frozen amounts."""
    return tuple(document_as(ChargeAmounts, told["frozen"]) for told in found or ())


def _adjusted(one: Discount | Charge) -> dict[str, Any]:
    percent = str(one.percent) if one.percent is not None else None
    return {"reason": one.reason, "author": one.author, "percent": percent, "minor": one.minor}


def _charged(one: Charge) -> dict[str, Any]:
    return _adjusted(one) | {"base": one.base}


def _charge(told: dict[str, Any]) -> Charge:
    return document_as(Charge, told, percent=_decimal(told["percent"]))


def _taxed(tax: Tax) -> dict[str, Any]:
    return {
        "category": tax.category,
        "rate": str(tax.rate),
        "exemption_reason": tax.exemption_reason,
        "code": tax.code,
    }


def _tax(told: dict[str, Any]) -> Tax:
    return document_as(Tax, told, rate=Decimal(told["rate"]))


def _decimal(written: str | None) -> Decimal | None:
    return Decimal(written) if written is not None else None


def _json(written: Sequence[dict[str, Any]]) -> str | None:
    return json_text(written) if written else None
