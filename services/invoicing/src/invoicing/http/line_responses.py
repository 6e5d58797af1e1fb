"""What responses about invoices say of lines, discounts and charges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.http.patterns import CURRENCY
from chassis.members import Members
from chassis.money import Money, decimal_text, decimals_of
from pydantic import Field

from invoicing.domain.adjustments import DocumentCharge
from invoicing.domain.claim import ActDetails
from invoicing.domain.discount import Charge, Discount
from invoicing.domain.line import Kind, Line
from invoicing.domain.rounding import HALF_UP
from invoicing.domain.totals import ChargeAmounts, LineAmounts
from invoicing.http.insurance_responses import EstimateOut


class PriceOut(ResponseBody):
    """A price, with all decimals of its currency, and more where it is finer (`MON-7`)."""

    amount: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]{1,6})?$", examples=["95.00"])]
    currency: Annotated[str, Field(pattern=CURRENCY, examples=["USD"])]

    @classmethod
    def of(cls, minor: int | Decimal, currency: str) -> PriceOut:
        """As the wire has it."""
        if isinstance(minor, int):
            return cls.built({"amount": Money(minor, currency).amount, "currency": currency})
        return cls.built({"amount": decimal_text(minor.scaleb(-decimals_of(currency))), "currency": currency})


class DiscountOut(ResponseBody):
    """A discount as it was given, and by whom (`INV-5`)."""

    percent: str | None
    amount: MoneyOut | None
    reason: str
    author: str
    tax_category: str | None
    """The clinic's own code of the tax category that a document's discount is limited to (`INV-13`)."""

    @classmethod
    def of(cls, discount: Discount | None, currency: str) -> DiscountOut | None:
        """As the wire has it."""
        if discount is None:
            return None
        return cls(
            percent=decimal_text(discount.percent) if discount.percent is not None else None,
            amount=money_out(discount.minor, currency) if discount.minor is not None else None,
            reason=discount.reason,
            author=discount.author,
            tax_category=discount.tax_code,
        )

    @classmethod
    def all(cls, discounts: Iterable[Discount], currency: str) -> list[DiscountOut]:
        """As the wire has them."""
        return [shown_ for discount in discounts if (shown_ := cls.of(discount, currency)) is not None]


class ChargeOut(ResponseBody):
    """A charge as it was given, by whom, and what it came to (`INV-12`)."""

    percent: str | None
    base: MoneyOut | None
    """What the percentage is of, where it is of something else than what it stands with."""
    amount: MoneyOut
    """What it added, as priced."""
    reason: str
    author: str

    @classmethod
    def all(cls, charges: Iterable[Charge], of: int, currency: str) -> list[ChargeOut]:
        """As the wire has them, of a line's quantity times price."""
        return [cls(**charge_members(charge, charge.of(of, HALF_UP), currency)) for charge in charges]


class DocumentChargeOut(ChargeOut):
    """A charge of the document and its tax."""

    document_discount_amount: MoneyOut
    """Its part of the document's discount."""
    net: MoneyOut
    tax_category: str
    tax_code: str
    tax_rate: str
    exemption_reason: str | None

    @classmethod
    def of_document(
        cls, charges: Iterable[DocumentCharge], amounts: Iterable[ChargeAmounts], currency: str
    ) -> list[DocumentChargeOut]:
        """As the wire has them."""
        return [
            cls(
                **charge_members(one.charge, own.amount, currency),
                document_discount_amount=money_out(own.document_discount, currency),
                net=money_out(own.net, currency),
                tax_category=one.tax.category,
                tax_code=one.tax.code,
                tax_rate=decimal_text(one.tax.rate),
                exemption_reason=one.tax.exemption_reason,
            )
            for one, own in zip(charges, amounts, strict=True)
        ]


def charge_members(charge: Charge, added: int, currency: str) -> dict[str, Any]:
    """What all charges say."""
    return {
        "percent": decimal_text(charge.percent) if charge.percent is not None else None,
        "base": money_out(charge.base, currency) if charge.base is not None else None,
        "amount": money_out(added, currency),
        "reason": charge.reason,
        "author": charge.author,
    }


class LineOut(ResponseBody):
    """A line, with what its discounts take off and what it adds to the net total."""

    id: UUID
    position: int
    kind: Kind
    description: str
    quantity: str
    unit_price: PriceOut
    base_quantity: str
    """For how many the price is (`MON-7`)."""
    amount: MoneyOut
    """Quantity times price, before charges and discounts; below zero of returned goods (`INV-14`)."""
    charges: list[ChargeOut]
    """What was added to the line (`INV-12`)."""
    charge_amount: MoneyOut
    discount: DiscountOut | None
    discount_amount: MoneyOut
    document_discount_amount: MoneyOut
    """The line's part of the document's discount."""
    net: MoneyOut
    tax_category: str
    tax_code: str
    """The clinic's own code of the tax category."""
    tax_rate: str
    exemption_reason: str | None
    """Why this line is exempt (`MON-10`)."""
    code_system: str | None
    code: str | None
    sku: str | None
    procedure_id: UUID | None
    date_of_service: date | None
    provider_id: UUID | None
    provider_name: str | None
    tooth: str | None
    surface: str | None
    oral_cavity_area: str | None
    place_of_service: str | None
    prior_authorization: str | None
    provider_npi: str | None
    prosthesis: str | None
    prior_placement_on: date | None
    appliance_placed_on: date | None
    orthodontic_months: int | None
    orthodontic_months_left: int | None
    treatment_plan_id: UUID | None
    treatment_plan_item_id: UUID | None
    estimates: list[EstimateOut]
    """What each payer is expected to decide on it (`INS-1`)."""

    @classmethod
    def of(cls, line: Line, own: LineAmounts, currency: str) -> LineOut:
        """As the wire has it."""
        return cls.built(
            {
                **_SAME.of(line),
                **_OF_ACT.of(line.claim),
                "quantity": decimal_text(line.quantity),
                "unit_price": PriceOut.of(line.unit_price, currency),
                "base_quantity": decimal_text(line.base_quantity),
                "amount": money_out(own.amount, currency),
                "charges": ChargeOut.all(line.charges, own.amount, currency) if line.charges else [],
                "charge_amount": money_out(own.charge, currency),
                "discount": DiscountOut.of(line.discount, currency),
                "discount_amount": money_out(own.discount, currency),
                "document_discount_amount": money_out(own.document_discount, currency),
                "net": money_out(own.net, currency),
                "tax_category": line.tax.category,
                "tax_code": line.tax.code,
                "tax_rate": decimal_text(line.tax.rate),
                "exemption_reason": line.tax.exemption_reason,
                "estimates": [EstimateOut.of(estimate, currency) for estimate in line.estimates],
            }
        )


_SAME = Members(LineOut, Line, without=["quantity", "unit_price", "base_quantity", "charges", "discount", "estimates"])
_OF_ACT = Members(LineOut, ActDetails)
