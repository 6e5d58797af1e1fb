"""What responses about a clinic's settings say (`INV-11`)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from chassis.database.rows import record_of
from chassis.database.versioned_settings import SettingsChange
from chassis.http import ResponseBody
from chassis.http.bodies import as_it_is
from chassis.money import Money, decimal_text
from pydantic import ConfigDict

from invoicing.domain.clinic_settings import ClinicSettings, PricedCode
from invoicing.domain.line import Tax
from invoicing.http.clinic_requests import (
    CLINIC_EXAMPLE,
    REASON_EXAMPLE,
    AddressBody,
    DatedRateBody,
    NumberPatternsBody,
    TaxCategoryBody,
    _Settings,
)
from invoicing.http.line_responses import PriceOut


class PriceListEntryOut(ResponseBody):
    """An entry of the price list."""

    code_system: str
    code: str
    description: str
    unit_price: PriceOut
    base_quantity: str
    tax_category: str | None
    valid_from: date | None


class ClinicVersionOut(ResponseBody):
    """One version of the settings: who made it, when and why; what it said is at `…/versions/{version}`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 3,
                "changed_at": "2026-11-23T15:00:00Z",
                "changed_by": "owner:11d0",
                "reason": REASON_EXAMPLE,
            }
        }
    )

    version: int
    changed_at: datetime
    changed_by: str
    reason: str | None
    """Null for the first, where none was given, and for those from before it was asked for."""

    @classmethod
    def of(cls, change: SettingsChange) -> ClinicVersionOut:
        """As the wire has it."""
        return cls(**record_of(change))


class ClinicOut(_Settings):
    """A clinic's settings as they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": CLINIC_EXAMPLE | {"clinic_id": "018f0000-0000-7000-8000-000000000001", "version": 3}
        }
    )

    clinic_id: UUID
    version: int
    price_list: list[PriceListEntryOut]

    @classmethod
    def of(cls, settings: ClinicSettings) -> ClinicOut:
        """As the wire has it, whatever a release before took that is refused now: an email that reaches nobody."""
        step, limit = settings.cash_rounding_to, settings.credit_limit
        address = settings.address
        return as_it_is(
            cls,
            settings,
            address=as_it_is(AddressBody, address, lines=list(address.lines)) if address else None,
            cash_rounding=Money(step, settings.currency).amount if step > 1 else None,
            credit_limit=None if limit is None else Money(limit, settings.currency).amount,
            tax_categories=tuple(_tax_category(tax, settings) for tax in settings.taxes),
            procedure_tax_category=settings.procedure_tax,
            product_tax_category=settings.product_tax,
            number_patterns=NumberPatternsBody(**settings.number_patterns),
            price_list=[_price_out(one, settings.currency) for one in settings.price_list],
            logo=None if settings.logo_svg else settings.drawn_logo,
            email=settings.email or None,
        )


def _tax_category(tax: Tax, settings: ClinicSettings) -> TaxCategoryBody:
    dated = sorted((one.valid_from, one.rate) for one in settings.rates if one.tax_code == tax.code)
    rates = tuple(DatedRateBody(valid_from=day, rate=decimal_text(rate)) for day, rate in dated)
    return as_it_is(TaxCategoryBody, tax, rate=decimal_text(tax.rate), rates=rates)


def _price_out(one: PricedCode, currency: str) -> PriceListEntryOut:
    return PriceListEntryOut(
        code_system=one.code_system,
        code=one.code,
        description=one.description,
        unit_price=PriceOut.of(one.unit_price, currency),
        base_quantity=decimal_text(one.base_quantity),
        tax_category=one.tax_code,
        valid_from=one.valid_from,
    )
