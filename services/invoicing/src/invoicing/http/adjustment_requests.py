"""What requests say of discounts, charges and prices (`INV-5`, `INV-12`, `MON-7`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from chassis.http import NOT_BLANK, MoneyIn, RequestBody, money_in, pattern
from chassis.http.patterns import CURRENCY
from chassis.http.problems import Invalid
from chassis.money import Money, MoneyError, decimals_of
from chassis.sentence import Sentence
from pydantic import Field, StringConstraints

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.draft_adjustments import DraftCharge, DraftDiscount
from invoicing.http.field_types import Text

_PERCENT = pattern(r"^[0-9]{1,3}(\.[0-9]{1,4})?$", "is not a percentage such as 12.5, with at most 4 decimals")
_PRICE = pattern(r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", "is not a price such as 86.28 or 0.0088, with at most 6 decimals")
Percent = Annotated[str, Field(pattern=_PERCENT, examples=["10"])]
TaxCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=NOT_BLANK)]
CHARGES_MAX = 20


class PriceIn(RequestBody):
    """A price; it may be finer than the currency (`MON-7`)."""

    amount: Annotated[str, Field(pattern=_PRICE, examples=["95.00", "0.0088"])]
    currency: Annotated[str, Field(pattern=CURRENCY, examples=["USD"])]

    def to_money(self, field: str) -> Money:
        """What of it the currency has. Raises Invalid (422), naming `field`, for an unknown currency."""
        try:
            return Money(int(self._minor // 1), self.currency)
        except MoneyError as error:
            raise Invalid(f"{field}.{getattr(error, 'field', 'amount')}", Sentence.of(error)) from None

    @property
    def fraction(self) -> Decimal:
        """What is left of a minor unit."""
        return self._minor % 1

    def minor(self, settings: ClinicSettings, field: str) -> int | Decimal:
        """The price in minor units of the clinic's currency. Raises Invalid, WrongCurrency naming `field`."""
        settings.money(self.to_money(field), field)
        return self.exact(field)

    def exact(self, field: str) -> int | Decimal:
        """The price in minor units of its own currency. Raises Invalid where it is below zero."""
        whole = self.to_money(field).minor
        if self._minor < 0:
            raise Invalid(field, "a price is not below zero")
        return whole + self.fraction if self.fraction else whole

    @property
    def _minor(self) -> Decimal:
        return Decimal(self.amount).scaleb(decimals_of(self.currency))


class DiscountIn(RequestBody):
    """A percentage or an amount, and why (`INV-5`)."""

    percent: Percent | None = None
    """More than 0 and at most 100; 100 leaves exactly nothing."""
    amount: MoneyIn | None = None
    """A fixed amount, never more than what it is taken from."""
    reason: Text

    def to_domain(self, field: str) -> DraftDiscount:
        """As the domain takes it."""
        return DraftDiscount(self.reason, _decimal(self.percent), money_in(self.amount, f"{field}.amount"))


class DocumentDiscountIn(DiscountIn):
    """A discount of the document: of all its lines, or of those of one tax category (`INV-13`)."""

    tax_category: TaxCode | None = None
    """One of the clinic's tax categories, by its code; without it, the discount is of all lines."""

    def to_domain(self, field: str) -> DraftDiscount:
        """As the domain takes it."""
        amount = money_in(self.amount, f"{field}.amount")
        return DraftDiscount(self.reason, _decimal(self.percent), amount, self.tax_category)


class ChargeIn(RequestBody):
    """What is added: a percentage or an amount, and why (`INV-12`)."""

    percent: Percent | None = None
    """Of quantity times price; of a document's charge, of the lines of its tax category."""
    base: MoneyIn | None = None
    """What the percentage is of, where it is of something else."""
    amount: MoneyIn | None = None
    """A fixed amount."""
    reason: Text

    def to_domain(self, field: str) -> DraftCharge:
        """As the domain takes it."""
        amount, base = money_in(self.amount, f"{field}.amount"), money_in(self.base, f"{field}.base")
        return DraftCharge(self.reason, _decimal(self.percent), amount, base)


class DocumentChargeIn(ChargeIn):
    """A charge of the document, with a tax category of its own (`INV-12`)."""

    tax_category: TaxCode | None = None
    """One of the clinic's tax categories, by its code; without it, that of custom items."""

    def to_domain(self, field: str) -> DraftCharge:
        """As the domain takes it."""
        amount, base = money_in(self.amount, f"{field}.amount"), money_in(self.base, f"{field}.base")
        return DraftCharge(self.reason, _decimal(self.percent), amount, base, self.tax_category)


def _decimal(given: str | None) -> Decimal | None:
    return Decimal(given) if given is not None else None
