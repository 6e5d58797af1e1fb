"""What a request about a clinic's settings says (`INV-11`)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import CURRENCY, LINE_OF_WORDS, NOT_BLANK, ONE_LINE, RequestBody, pattern
from chassis.http.time import Day
from chassis.money import Money, MoneyError
from chassis.sentence import Sentence
from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from invoicing.domain.clinic_settings import (
    DEFAULT_PATTERNS,
    EXEMPT,
    Address,
    BillingPolicy,
    ClinicSettings,
    DatedRate,
    PricedCode,
    check_place,
    check_without_prices,
)
from invoicing.domain.errors import Invalid
from invoicing.domain.line import Tax
from invoicing.http.adjustment_requests import Percent, PriceIn
from invoicing.http.field_types import Text
from invoicing.http.line_requests import BaseQuantity, Code, Npi

PRICES_MAX = 5_000
LOGO_MAX = 700_000
"""About half a megabyte as a file."""
REASON_EXAMPLE = "the fees of the new year"
_COUNTRY = pattern(r"^[A-Z]{2}$", "is not a country code such as US")
_LANGUAGE = pattern(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "is not a language such as en-US")
_LIMIT = pattern(r"^[0-9]{1,12}(\.[0-9]{1,3})?$", "is not an amount such as 50.00")
_STEP = pattern(r"^[0-9]{1,6}(\.[0-9]{1,3})?$", "is not an amount such as 0.05")
CLINIC_EXAMPLE: dict[str, Any] = {
    "name": "Maple Street Dental",
    "address": {
        "lines": ["12 Maple Street"],
        "city": "Springfield",
        "region": "MA",
        "postal_code": "01103",
        "country": "US",
    },
    "npi": "1234567893",
    "currency": "USD",
    "time_zone": "America/New_York",
    "language": "en-US",
    "paper": "Letter",
    "billing_policy": "per_appointment",
    "auto_issue": True,
    "due_days": 30,
    "tax_categories": [
        {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Medical and dental care"},
        {
            "code": "MA",
            "category": "S",
            "rate": "6.25",
            "rates": [{"valid_from": "2027-01-01", "rate": "6.5"}],
        },
    ],
    "product_tax_category": "MA",
    "price_list": [
        {
            "code_system": "CDT",
            "code": "D1110",
            "description": "Prophylaxis, adult",
            "unit_price": {"amount": "95.00", "currency": "USD"},
            "base_quantity": "1",
        }
    ],
}


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=LINE_OF_WORDS)]
"""A name as it is printed, and as it stands in the head of a mail."""
ShortLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=ONE_LINE)]


class AddressBody(RequestBody):
    """Where the clinic is, as printed."""

    lines: Annotated[list[Line], Field(max_length=4)]
    city: Line
    region: Line | None = None
    postal_code: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=20, pattern=ONE_LINE)] = None
    country: Annotated[str, Field(pattern=_COUNTRY)]


class DatedRateBody(RequestBody):
    """A tax category's rate from a day on (`MON-8`)."""

    valid_from: Day
    """Its first day: lines of that day of service, or without one issued then, have it until the next one begins."""
    rate: Percent


class TaxCategoryBody(RequestBody):
    """A tax category of the clinic: its own code, the category of EN 16931 (UNCL 5305), the rate in percent.

    Invoices in AE and K carry no EN 16931 XML, as it would have to name the patient's VAT identifier; those in G carry
    one where `tax_number` is a VAT identifier (`RCP-4`).
    """

    code: Code
    category: Literal["S", "E", "Z", "O", "AE", "G", "K", "L", "M", "B"]
    rate: Percent = "0"
    """In percent, at most 50; the one that holds before the first of `rates`."""
    rates: Annotated[tuple[DatedRateBody, ...], Field(max_length=100)] = ()
    """Rates that begin on a day, for S, L, M and B; those that have ended stay, so that older services keep theirs."""
    exemption_reason: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=200)] = None
    """Printed where the category is exempt."""


class NumberPatternsBody(RequestBody):
    """How numbers are written: one `{number}`, perhaps padded as `{number:06}`, and any `{year}` (`INV-7`)."""

    invoice: Annotated[str, Field(max_length=40)] = DEFAULT_PATTERNS["invoice"]
    credit_note: Annotated[str, Field(max_length=40)] = DEFAULT_PATTERNS["credit_note"]
    debit_note: Annotated[str, Field(max_length=40)] = DEFAULT_PATTERNS["debit_note"]
    receipt: Annotated[str, Field(max_length=40)] = DEFAULT_PATTERNS["receipt"]


class PriceListEntryIn(RequestBody):
    """An entry of the price list: a procedure's code or a product's SKU."""

    code_system: Code
    code: Code
    description: Text
    unit_price: PriceIn
    """With up to 6 decimals, whatever the currency has (`MON-7`)."""
    base_quantity: BaseQuantity = "1"
    """For how many it is."""
    tax_category: Code | None = None
    valid_from: Day | None = None
    """Its first day, by the day of service; without one it holds until another entry of the code begins."""


class _Settings(RequestBody):
    name: Line
    legal_name: Line | None = None
    address: AddressBody | None = None
    phone: ShortLine | None = None
    email: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, max_length=320, pattern=ONE_LINE),
        Field(examples=["desk@example.org"]),
    ] = None
    """With a top-level domain; null where there is none (`NOT-8.8`)."""
    tax_number: ShortLine | None = None
    npi: Npi | None = None
    """As what the clinic bills insurers: its National Provider Identifier, with its check digit (`INS-2`)."""
    logo_svg: Annotated[str | None, Field(max_length=65_536)] = None
    """The logo as the text of an SVG document; or else `logo`."""
    logo: Annotated[str | None, Field(max_length=LOGO_MAX, json_schema_extra={"contentEncoding": "base64"})] = None
    """The logo as a PNG, JPEG or SVG file in base64. It is drawn when it is saved, and answered as it is printed: a PNG
    or JPEG, on white. Refused where it cannot be drawn, refers to what is outside of it, or shows nothing on white."""
    currency: Annotated[str, Field(pattern=CURRENCY)]
    """The one currency that the clinic bills in (`MON-2`)."""
    time_zone: Annotated[str, Field(max_length=64)]
    """IANA name; it decides what "today" is."""
    language: Annotated[str, Field(max_length=35, pattern=_LANGUAGE)]
    """BCP 47: one that documents and messages have words in (ar, de, en, es, fr), perhaps of a region (`en-US`)."""
    paper: Literal["A4", "Letter"] = "A4"
    prices_include_tax: StrictBool = False
    """Whether unit prices are gross; the patient then pays exactly the prices shown."""
    cash_rounding: Annotated[str | None, Field(pattern=_STEP, examples=["0.05"])] = None
    """Totals are rounded to a multiple of this amount, as a total of its own (`MON-6`)."""
    due_days: Annotated[StrictInt, Field(ge=0, le=3650)] = 30
    billing_policy: BillingPolicy = "manual"
    """What a completed procedure starts: nothing, the draft of its appointment, or a draft of its own (`INV-2`)."""
    auto_issue: StrictBool = False
    """Whether such drafts are issued by themselves: when the appointment is closed, or at once."""
    tax_categories: Annotated[tuple[TaxCategoryBody, ...], Field(min_length=1, max_length=50)] = (
        TaxCategoryBody(code="E", category="E", exemption_reason=EXEMPT.exemption_reason),
        TaxCategoryBody(code="Z", category="Z"),
    )
    procedure_tax_category: Code | None = None
    """The code for procedures and custom items; without it, the first exempt one."""
    product_tax_category: Code | None = None
    """The code for products; without it, the first that is not exempt."""
    number_patterns: NumberPatternsBody = NumberPatternsBody()
    books_closed_until: Day | None = None
    """Nothing is dated before this day."""
    receipt_shows_note: StrictBool = False
    """Whether a payment's note is printed on its receipt (`RCP-2`)."""
    retention_years: Annotated[StrictInt, Field(ge=6, le=30)] = 10
    """For how many whole years, after the one that it is of, a document is kept, as the clinic's law has it; then
    what it said and its PDF are deleted for good (`ALL-9`)."""
    installment_due_soon_days: Annotated[StrictInt, Field(ge=0, le=90)] = 3
    """How many days ahead an installment is announced as due soon (`PLN-4`); 0 announces none."""
    credit_limit: Annotated[str | None, Field(pattern=_LIMIT, examples=["50.00"])] = None
    """Credit notes and write-offs above this amount need a second person (`PAY-15`): of an invoice, or of a patient on
    one day, together. Without it one person credits any amount."""


class ClinicIn(_Settings):
    """A clinic's settings; they replace the present ones as a whole."""

    model_config = ConfigDict(json_schema_extra={"example": CLINIC_EXAMPLE | {"reason": REASON_EXAMPLE}})

    reason: Annotated[str | None, Field(min_length=1, max_length=500, pattern=NOT_BLANK)] = None
    """Why they change; kept with the version (`ALL-5`). Only a clinic's first settings may come without."""
    price_list: Annotated[tuple[PriceListEntryIn, ...], Field(max_length=PRICES_MAX)] = ()

    def settings(
        self, clinic_id: UUID, drawn_logo: str | None = None, present: ClinicSettings | None = None
    ) -> ClinicSettings:
        """As the domain takes them, with the logo as it was drawn. Raises Invalid naming the first that is wrong.

        Amounts are read by what stands before them. What is as at `present` is taken (`INV-11.3`).
        """
        read = self._without_amounts(clinic_id, drawn_logo)
        check_place(read, present)
        read = check_without_prices(replace(read, cash_rounding_to=self._cash_rounding()), present)
        return replace(
            read,
            credit_limit=self._credit_limit(),
            price_list=tuple(self._priced(index, one) for index, one in enumerate(self.price_list)),
        )

    def _without_amounts(self, clinic_id: UUID, drawn_logo: str | None) -> ClinicSettings:
        taxes = tuple(
            Tax(category.category, Decimal(category.rate), category.exemption_reason, category.code)
            for category in self.tax_categories
        )
        return ClinicSettings(
            clinic_id=clinic_id,
            version=0,
            taxes=taxes,
            rates=tuple(
                DatedRate(category.code, dated.valid_from, Decimal(dated.rate))
                for category in self.tax_categories
                for dated in category.rates
            ),
            procedure_tax=self.procedure_tax_category or _first(taxes, exempt=True),
            product_tax=self.product_tax_category or _first(taxes, exempt=False),
            address=Address(**(self.address.model_dump() | {"lines": tuple(self.address.lines)}))
            if self.address
            else None,
            number_patterns=self.number_patterns.model_dump(),
            drawn_logo=drawn_logo,
            **{name: getattr(self, name) for name in _PLAIN},
        )

    def _credit_limit(self) -> int | None:
        if self.credit_limit is None:
            return None
        return self._minor(self.credit_limit, "credit_limit")

    def _cash_rounding(self) -> int:
        if self.cash_rounding is None:
            return 1
        step = self._minor(self.cash_rounding, "cash_rounding")
        if step <= 0:
            raise Invalid("cash_rounding", "totals are rounded to an amount above zero")
        return step

    def _minor(self, amount: str, field: str) -> int:
        """An amount that is said without its currency, which is the clinic's. Raises Invalid."""
        try:
            return Money.parse(amount, self.currency).minor
        except MoneyError as error:
            raise Invalid(field, Sentence.of(error)) from None

    def _priced(self, index: int, one: PriceListEntryIn) -> PricedCode:
        price = one.unit_price.exact(f"price_list[{index}].unit_price")
        if one.unit_price.currency != self.currency:
            raise Invalid(
                f"price_list[{index}].unit_price", Sentence("a price is in {currency}", currency=self.currency)
            )
        base_quantity = Decimal(one.base_quantity)
        return PricedCode(
            one.code_system, one.code, one.description, price, one.tax_category, one.valid_from, base_quantity
        )


_PLAIN = (
    "name legal_name phone email tax_number npi logo_svg currency time_zone language paper prices_include_tax due_days "
    "billing_policy auto_issue books_closed_until receipt_shows_note retention_years "
    "installment_due_soon_days"
).split()


def _first(taxes: tuple[Tax, ...], *, exempt: bool) -> str:
    """The first category that is exempt, or that is not; where there is none, the first of all."""
    fitting = [tax.code for tax in taxes if (tax.category == "E") == exempt]
    return fitting[0] if fitting else taxes[0].code
