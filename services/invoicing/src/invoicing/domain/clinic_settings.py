"""A clinic's settings: currency, zone, prices, taxes, numbers, billing policy, price list, closed books (`INV-11`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from chassis.clock import today
from chassis.money import Money, decimals_of
from chassis.number_patterns import PatternUnusable, require_pattern, written_alike
from chassis.sentence import Sentence
from chassis.typed import is_address, says_something

from invoicing.domain.claim import check_npi
from invoicing.domain.errors import BooksClosed, Invalid, UnknownTaxCategory, WrongCurrency
from invoicing.domain.line import ONE, Kind, Tax
from invoicing.domain.place import check_country, check_language, check_zone
from invoicing.domain.price_errors import MoneyInOtherCurrency
from invoicing.domain.totals import Pricing

BillingPolicy = Literal["manual", "per_appointment", "per_procedure"]
EXEMPT = Tax("E", Decimal(0), "Exempt from tax: medical and dental care", "E")
ZERO_RATED = Tax("Z", Decimal(0), None, "Z")
DEFAULT_PATTERNS: Mapping[str, str] = {
    "invoice": "INV-{year}-{number:06}",
    "credit_note": "CN-{year}-{number:06}",
    "debit_note": "DN-{year}-{number:06}",
    "receipt": "REC-{year}-{number:06}",
}


TAXED = ("S", "L", "M", "B")
"""Categories with a rate: the standard one, and those of the Canaries, of Ceuta and Melilla, and of split payment."""


STEP_MAX = 10_000
"""Of the currency's units: Vietnam's smallest note is 1,000; above it a total was typed."""
RATE_MAX = 50
"""In percent. The highest of any country are 27 and, of luxuries, 50; above it a factor or a price was typed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the clinic is, as printed."""

    lines: tuple[str, ...]
    city: str
    country: str
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class PricedCode:
    """One entry of the price list: a procedure's code or a product's SKU, and its price in minor units.

    `unit_price` may have a fraction of one, and is for `base_quantity` (`MON-7`).
    """

    code_system: str
    code: str
    description: str
    unit_price: int | Decimal
    tax_code: str | None = None
    valid_from: date | None = None
    """Its first day; None: it holds before every other one of its code."""
    base_quantity: Decimal = ONE


class OfADay(Protocol):
    """What is said of a code from a day on."""

    @property
    def code_system(self) -> str:
        """Which code table the code is of."""

    @property
    def valid_from(self) -> date | None:
        """Its first day; None: before every other one."""


Dated = TypeVar("Dated", bound=OfADay)


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A tax category's rate, in percent, from a day on; before the first such day its own rate holds (`MON-8`)."""

    tax_code: str
    valid_from: date
    rate: Decimal


@dataclass(frozen=True)
class ClinicSettings:
    """What a clinic has decided; `version` counts its changes."""

    clinic_id: UUID
    version: int
    name: str
    currency: str
    time_zone: str
    language: str
    legal_name: str | None = None
    address: Address | None = None
    phone: str | None = None
    email: str | None = None
    tax_number: str | None = None
    npi: str | None = None
    """As what the clinic bills insurers: its National Provider Identifier (`INS-2`)."""
    logo_svg: str | None = None
    """As it was given, where it was given as SVG text."""
    drawn_logo: str | None = None
    """As it is printed: a PNG or JPEG in base64."""
    paper: Literal["A4", "Letter"] = "A4"
    prices_include_tax: bool = False
    cash_rounding_to: int = 1
    due_days: int = 30
    billing_policy: BillingPolicy = "manual"
    auto_issue: bool = False
    taxes: tuple[Tax, ...] = (EXEMPT, ZERO_RATED)
    rates: tuple[DatedRate, ...] = ()
    procedure_tax: str = "E"
    product_tax: str = "Z"
    number_patterns: Mapping[str, str] = field(default_factory=lambda: DEFAULT_PATTERNS)
    price_list: tuple[PricedCode, ...] = ()
    books_closed_until: date | None = None
    receipt_shows_note: bool = False
    retention_years: int = 10
    """For how many whole years, after the one that it is of, a document is kept (`ALL-9`)."""
    installment_due_soon_days: int = 3
    """How many days ahead an installment is announced as due soon (`PLN-4`)."""
    credit_limit: int | None = None
    """Above what one person credits nothing alone, in minor units; None: any amount (`PAY-15`)."""
    last_dated: date | None = None
    """The day of the clinic's last numbered document; not a setting, but what `today` never goes behind (`INV-7`)."""
    keeps_lists: bool = False
    """Whether the clinic keeps price lists beside its settings; not a setting either (`INV-19`)."""
    money_in: frozenset[str] = frozenset()
    """In which currencies payments has said that the clinic has money; not a setting either (`MON-2`)."""

    @property
    def pricing(self) -> Pricing:
        """How a new document of this clinic is priced."""
        return Pricing(self.currency, self.prices_include_tax, self.cash_rounding_to)

    @cached_property
    def _prices(self) -> dict[str, list[PricedCode]]:
        prices: dict[str, list[PricedCode]] = {}
        for priced in self.price_list:
            prices.setdefault(priced.code, []).append(priced)
        return prices

    @cached_property
    def _taxes(self) -> dict[str, Tax]:
        return {tax.code: tax for tax in self.taxes}

    def price_of(self, code: str | None, code_system: str | None = None, on: date = date.max) -> PricedCode | None:
        """The price list's entry for a code or SKU on that day; in the same code system, where one is named."""
        return price_on(self._prices.get(code, ()) if code else (), code_system, on)

    def tax_of(self, code: str | None, kind: Kind, field_: str, on: date) -> Tax:
        """The tax category that a line names, else its kind's, at the rate of that day (`MON-8`).

        Procedures are exempt by default, products are not. Raises UnknownTaxCategory.
        """
        wanted = code or (self.product_tax if kind == "product" else self.procedure_tax)
        if wanted not in self._taxes:
            raise UnknownTaxCategory(field_, wanted)
        begun = [rate for rate in self.rates if rate.tax_code == wanted and rate.valid_from <= on]
        tax = self._taxes[wanted]
        return replace(tax, rate=max(begun, key=lambda rate: rate.valid_from).rate) if begun else tax

    def today(self, now: datetime) -> date:
        """The clinic's calendar day, on which it dates documents.

        Never before its last document: a time zone that is corrected westward, or a clock, may go back by a day, and
        nobody is to wait for that day to come again (`INV-7`).
        """
        day = today(now, self.time_zone)
        return day if self.last_dated is None else max(day, self.last_dated)

    def dated_until(self, last_dated: date | None) -> ClinicSettings:
        """The same settings, knowing the day of the clinic's last document; itself where that is no news."""
        if last_dated == self.last_dated:
            return self
        found = copy(self)  # unlike replace(), it keeps the look-up tables that were made already
        object.__setattr__(found, "last_dated", last_dated)
        return found

    def keeping_lists(self, keeps: bool) -> ClinicSettings:
        """The same settings, knowing whether there are price lists to be asked; itself where that is no news."""
        if keeps == self.keeps_lists:
            return self
        found = copy(self)
        object.__setattr__(found, "keeps_lists", keeps)
        return found

    def holding(self, currencies: Iterable[str]) -> ClinicSettings:
        """The same settings, knowing in which currencies there is money; itself where that is no news."""
        if self.money_in == (known := frozenset(currencies)):
            return self
        found = copy(self)
        object.__setattr__(found, "money_in", known)
        return found

    def check_currency(self, of_document: str) -> None:
        """Refuse a document in another currency than the clinic's, or than its money. Raises MoneyInOtherCurrency."""
        of_money = self.currency if not self.money_in or self.currency in self.money_in else min(self.money_in)
        if not of_document == of_money == self.currency:
            raise MoneyInOtherCurrency(of_document, of_money)

    def money(self, amount: Money, field_: str) -> int:
        """An amount in minor units of the clinic's currency. Raises WrongCurrency (`MON-2`)."""
        if amount.currency != self.currency:
            raise WrongCurrency(field_, amount.currency, self.currency)
        return amount.minor

    def due_date(self, issue_date: date) -> date:
        """When an invoice of that day is due, if it names no day itself."""
        return issue_date + timedelta(days=self.due_days)

    def check_books(self, day: date) -> None:
        """Refuse a day before the books' close. Raises BooksClosed."""
        if self.books_closed_until is not None and day < self.books_closed_until:
            raise BooksClosed(day, self.books_closed_until)


def price_on(prices: Sequence[Dated], code_system: str | None, on: date) -> Dated | None:
    """Which of one code's prices holds on a day: what began last; of the code system named, else the first one's."""
    wanted = code_system or (prices[0].code_system if prices else None)
    begun = [price for price in prices if price.code_system == wanted and (price.valid_from or date.min) <= on]
    return max(begun, key=lambda one: one.valid_from or date.min, default=None)


def check_settings(settings: ClinicSettings, present: ClinicSettings | None = None) -> ClinicSettings:
    """Accept settings that can be billed with. Raises Invalid naming the first field that is wrong, UnknownCurrency.

    What stands in `present` already holds up no other change, though a release since then refuses it (`INV-11.3`).
    """
    check_without_prices(settings, present)
    if _changed(settings, present, "price_list", "taxes"):
        _check_price_list(settings)
    return settings


def check_without_prices(settings: ClinicSettings, present: ClinicSettings | None = None) -> ClinicSettings:
    """What stands before the price list, in the order of the members: amounts are read by what stands before them."""
    check_place(settings, present)
    if _changed(settings, present, "cash_rounding_to", "currency"):
        _check_step(settings)
    if _changed(settings, present, "taxes", "rates", "procedure_tax", "product_tax"):
        _check_taxes(settings)
    if _changed(settings, present, "number_patterns"):
        for series, pattern in settings.number_patterns.items():
            check_pattern(pattern, f"number_patterns.{series}")
        _check_apart(settings.number_patterns)
    return settings


def check_place(settings: ClinicSettings, present: ClinicSettings | None = None) -> None:
    """What the settings begin with, and amounts are read by. Raises Invalid, UnknownCurrency."""
    if settings.address is not None and _changed(settings, present, "address"):
        check_country(settings.address.country, "address.country")
    if settings.email is not None and _changed(settings, present, "email") and not is_address(settings.email):
        raise Invalid("email", "is not an email address such as desk@example.org")
    if _changed(settings, present, "npi"):
        check_npi(settings.npi, "npi")
    decimals_of(settings.currency)
    check_zone(settings.time_zone, "time_zone")
    if _changed(settings, present, "language"):
        check_language(settings.language, "language")


def _changed(settings: ClinicSettings, present: ClinicSettings | None, *members: str) -> bool:
    return present is None or any(getattr(settings, name) != getattr(present, name) for name in members)


def _check_step(settings: ClinicSettings) -> None:
    if Decimal(Money(settings.cash_rounding_to, settings.currency).amount) > STEP_MAX:
        raise Invalid(
            "cash_rounding",
            Sentence("is above {most}: totals are rounded to what the smallest coin is", most=STEP_MAX),
        )


def check_pattern(pattern: str, field_: str) -> str:
    """See that numbers can be written by a pattern (`INV-7`). Raises Invalid."""
    try:
        return require_pattern(pattern)
    except PatternUnusable as unusable:
        raise Invalid(field_, Sentence.of(unusable)) from None


def _check_apart(patterns: Mapping[str, str]) -> None:
    """See that no two series write the same numbers: a document is known by its number (`INV-7`). Raises Invalid."""
    first: dict[str, str] = {}
    for series, pattern in patterns.items():
        other = first.setdefault(written_alike(pattern), series)
        if other != series:
            raise Invalid(
                f"number_patterns.{series}",
                Sentence("its numbers would be those of number_patterns.{other}: name the kind, too", other=other),
            )


def _check_taxes(settings: ClinicSettings) -> None:
    codes = [tax.code for tax in settings.taxes]
    for index, tax in enumerate(settings.taxes):
        if codes.index(tax.code) != index:
            raise Invalid(
                f"tax_categories[{index}].code", Sentence("the tax category '{code}' is given twice", code=tax.code)
            )
        if tax.rate and tax.category not in TAXED:
            raise Invalid(
                f"tax_categories[{index}].rate",
                Sentence("only categories {taxed} have a rate above zero", taxed=", ".join(TAXED)),
            )
        _check_rate(tax.rate, f"tax_categories[{index}].rate")
        if tax.category == "S" and not tax.rate:
            raise Invalid(f"tax_categories[{index}].rate", "category S has a rate; zero rated is Z, exempt is E")
        if tax.category == "E" and not says_something(tax.exemption_reason):
            raise Invalid(f"tax_categories[{index}].exemption_reason", "an exemption is printed with its reason")
    _check_rates(settings, codes)
    settings.tax_of(settings.procedure_tax, "procedure", "procedure_tax_category", date.min)
    settings.tax_of(settings.product_tax, "product", "product_tax_category", date.min)


def _check_rates(settings: ClinicSettings, codes: list[str]) -> None:
    seen: set[tuple[str, date]] = set()
    places: dict[str, int] = {}
    for rate in settings.rates:
        index, place = codes.index(rate.tax_code), places.get(rate.tax_code, 0)
        places[rate.tax_code] = place + 1
        field_ = f"tax_categories[{index}].rates[{place}]"
        if (rate.tax_code, rate.valid_from) in seen:
            raise Invalid(
                f"{field_}.valid_from",
                Sentence("another rate of '{code}' begins on {day}", code=rate.tax_code, day=rate.valid_from),
            )
        if settings.taxes[index].category not in TAXED or rate.rate <= 0:
            raise Invalid(
                f"{field_}.rate",
                Sentence("only categories {taxed} have rates, and each is above zero", taxed=", ".join(TAXED)),
            )
        _check_rate(rate.rate, f"{field_}.rate")
        seen.add((rate.tax_code, rate.valid_from))


def _check_rate(rate: Decimal, field_: str) -> None:
    if rate > RATE_MAX:
        raise Invalid(
            field_,
            Sentence(
                "no rate is above {most} percent: it is what is added, as 19 where 1.19 is multiplied", most=RATE_MAX
            ),
        )


def check_base_quantity(given: Decimal, field_: str) -> None:
    """See that a price is for something. Raises Invalid."""
    if given <= 0:
        raise Invalid(field_, "a price is for more than zero")


def _check_price_list(settings: ClinicSettings) -> None:
    seen: set[tuple[str, str, date | None]] = set()
    for index, priced in enumerate(settings.price_list):
        if (priced.code_system, priced.code, priced.valid_from) in seen:
            raise Invalid(f"price_list[{index}].code", Sentence("the code '{code}' is given twice", code=priced.code))
        seen.add((priced.code_system, priced.code, priced.valid_from))
        check_base_quantity(priced.base_quantity, f"price_list[{index}].base_quantity")
        settings.tax_of(priced.tax_code, "procedure", f"price_list[{index}].tax_category", date.min)
