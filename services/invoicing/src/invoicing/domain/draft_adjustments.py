"""Discounts and charges as a front desk asks for them, and those that follow (`INV-5`, `INV-12`, `INV-13`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from chassis.money import Money
from chassis.sentence import Sentence

from invoicing.domain.adjustments import DocumentCharge
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.discount import CHARGE_PERCENT_MAX, Charge, Discount, fixed, percentage
from invoicing.domain.errors import Invalid
from invoicing.domain.prices import Prices


@dataclass(frozen=True, slots=True)
class DraftDiscount:
    """A percentage or an amount, and why; of a document, perhaps of one tax category only."""

    reason: str
    percent: Decimal | None = None
    amount: Money | None = None
    tax_code: str | None = None

    def discount(self, settings: ClinicSettings, author: str, field: str) -> Discount:
        """The discount, in the clinic's currency. Raises Invalid, WrongCurrency."""
        if (self.percent is None) == (self.amount is None):
            raise Invalid(field, "a discount is either a percentage or an amount")
        if self.percent is not None:
            return percentage(self.percent, self.reason, author, f"{field}.percent")
        amount = self.amount if self.amount is not None else Money.zero(settings.currency)
        return fixed(settings.money(amount, f"{field}.amount"), self.reason, author, f"{field}.amount")

    def of_document(self, prices: Prices, author: str, field: str) -> Discount:
        """The document's discount. Raises Invalid, WrongCurrency, UnknownTaxCategory."""
        made = self.discount(prices.settings, author, field)
        if self.tax_code is None:
            return made
        prices.tax_of(self.tax_code, "custom", None, f"{field}.tax_category")
        return replace(made, tax_code=self.tax_code)


@dataclass(frozen=True, slots=True)
class DraftCharge:
    """A percentage, perhaps of a base of its own, or an amount, and why; of a document, with its tax category."""

    reason: str
    percent: Decimal | None = None
    amount: Money | None = None
    base: Money | None = None
    tax_code: str | None = None

    def charge(self, settings: ClinicSettings, author: str, field: str) -> Charge:
        """The charge, in the clinic's currency. Raises Invalid, WrongCurrency."""
        if (self.percent is None) == (self.amount is None):
            raise Invalid(field, "a charge is either a percentage or an amount")
        if self.percent is not None and not 0 < self.percent <= CHARGE_PERCENT_MAX:
            raise Invalid(
                f"{field}.percent", Sentence("a charge is more than 0 % and at most {most} %", most=CHARGE_PERCENT_MAX)
            )
        if self.base is not None and self.percent is None:
            raise Invalid(f"{field}.base", "only a percentage has a base")
        return Charge(
            self.reason,
            author,
            self.percent,
            _not_below_zero(settings, self.amount, f"{field}.amount"),
            _not_below_zero(settings, self.base, f"{field}.base"),
        )

    def of_document(self, prices: Prices, author: str, field: str) -> DocumentCharge:
        """The document's charge and its tax. Raises Invalid, WrongCurrency, UnknownTaxCategory."""
        tax = prices.tax_of(self.tax_code, "custom", None, f"{field}.tax_category")
        return DocumentCharge(self.charge(prices.settings, author, field), tax)


def _not_below_zero(settings: ClinicSettings, amount: Money | None, field: str) -> int | None:
    if amount is None:
        return None
    minor = settings.money(amount, field)
    if minor < 0:
        raise Invalid(field, "a charge is not below zero; what is taken off a bill is a discount")
    return minor
