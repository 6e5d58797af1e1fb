"""Settings are refused where they could not be billed with, naming the field (`INV-11`, `INV-7`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from chassis.money import Money, UnknownCurrency
from invoicing.domain.clinic_settings import EXEMPT, DatedRate, PricedCode, check_pattern, check_settings
from invoicing.domain.discount import fixed, percentage
from invoicing.domain.errors import Invalid, UnknownTaxCategory, WrongCurrency
from invoicing.domain.line import Tax
from invoicing_making import settings, standard


@pytest.mark.rule("MON-4.3")
def test_procedures_are_exempt_by_default_and_products_are_not() -> None:
    clinic = settings(taxes=(EXEMPT, standard("19")), product_tax="S19")
    assert clinic.tax_of(None, "procedure", "f", date(2026, 11, 23)).category == "E"
    assert clinic.tax_of(None, "product", "f", date(2026, 11, 23)).rate == Decimal(19)
    with pytest.raises(UnknownTaxCategory):
        clinic.tax_of("S7", "custom", "lines[0].tax_category", date(2026, 11, 23))


def test_another_currency_is_refused() -> None:
    with pytest.raises(WrongCurrency) as refused:
        settings().money(Money(1, "USD"), "lines[0].unit_price")
    assert refused.value.field == "lines[0].unit_price"


def test_a_price_is_found_by_code_and_code_system() -> None:
    prices = (PricedCode("CDT", "D1110", "Prophylaxis", 9_500), PricedCode("LOCAL", "D1110", "Cleaning", 100))
    clinic = settings(price_list=prices)
    assert clinic.price_of("D1110") == prices[0]
    assert clinic.price_of("D1110", "LOCAL") == prices[1]
    assert clinic.price_of("D1110", "SNOMED-CT") is None
    assert clinic.price_of("D9999") is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"taxes": (EXEMPT, EXEMPT)}, "tax_categories[1].code"),
        ({"taxes": (EXEMPT, Tax("S", Decimal(0), None, "Z"))}, "tax_categories[1].rate"),
        ({"taxes": (EXEMPT, Tax("Z", Decimal(7), None, "Z"))}, "tax_categories[1].rate"),
        ({"taxes": (EXEMPT,)}, "product_tax_category"),
        ({"number_patterns": {"invoice": "INV-{year}"}}, "number_patterns.invoice"),
        ({"number_patterns": {"invoice": "N{number}", "receipt": "n{number:06}"}}, "number_patterns.receipt"),
        ({"price_list": (PricedCode("A", "1", "x", 1), PricedCode("A", "1", "y", 2))}, "price_list[1].code"),
    ],
)
def test_settings_that_cannot_be_billed_with_are_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_settings(settings(**changes))
    assert refused.value.field in (field, "tax_category") or field == refused.value.field


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        check_settings(settings(currency="XXX"))


@pytest.mark.rule("MON-8.1")
def test_what_is_taxed_otherwise_than_by_the_standard_category_has_rates_too() -> None:
    """EN 16931, BR-AF-05 and BR-AG-05: of the Canaries, of Ceuta and Melilla, and of split payment."""
    duty, later = Tax("L", Decimal(7), None, "L"), DatedRate("L", date(2027, 1, 1), Decimal("7.5"))
    accepted = check_settings(settings(taxes=(EXEMPT, standard("19"), duty), product_tax="S19", rates=(later,)))
    found = [accepted.tax_of("L", "product", "tax_category", date(year, 1, 1)).rate for year in (2026, 2027)]
    assert found == [Decimal(7), Decimal("7.5")]


def test_a_pattern_that_would_repeat_is_refused_naming_the_field() -> None:
    """INV-7."""
    with pytest.raises(Invalid) as refused:
        check_pattern("{number}{number}", "number_patterns.invoice")
    assert refused.value.field == "number_patterns.invoice"
    assert check_pattern("{number}/{year}", "number_patterns.invoice") == "{number}/{year}"


@pytest.mark.parametrize("percent", ["0", "-5", "100.01"])
def test_a_percentage_outside_0_to_100_is_refused(percent: str) -> None:
    with pytest.raises(Invalid):
        percentage(Decimal(percent), "why", "clerk:1")


def test_a_fixed_discount_is_not_below_zero_and_may_be_nothing() -> None:
    with pytest.raises(Invalid):
        fixed(-1, "why", "clerk:1")
    assert fixed(0, "why", "clerk:1").minor == 0
