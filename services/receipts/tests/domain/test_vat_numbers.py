"""Which tax number is a VAT identifier: one that begins with its country, as that country writes it (`RCP-4`)."""

from __future__ import annotations

import pytest
from receipts.domain.vat_numbers import vat_number

pytestmark = pytest.mark.rule("RCP-4.6")


@pytest.mark.parametrize(
    ("number", "country", "known_as"),
    [
        ("DE 123 456 789", "DE", "DE123456789"),
        ("de123456789", None, "DE123456789"),
        ("NL 8099.99.999.B01", "NL", "NL809999999B01"),
        ("ATU12345678", "AT", "ATU12345678"),
        ("CHE-123.456.789 MWST", "CH", "CHE123456789MWST"),
        ("FR 4Z 123456789", "FR", "FR4Z123456789"),
        ("EL123456789", "GR", "EL123456789"),
        ("NO 123 456 789 MVA", "NO", "NO123456789MVA"),
    ],
)
def test_a_vat_identifier_is_one(number: str, country: str | None, known_as: str) -> None:
    assert vat_number(number, country) == known_as


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("EIN 04-2103547", "US"),
        ("ABN 51 824 753 556", "AU"),
        ("NIF B12345678", "ES"),
        ("NIP 123-456-32-18", "PL"),
        ("SIRET 732 829 320 00074", "FR"),
        ("CNPJ 12.345.678/0001-95", "BR"),
        ("ID 123456789", "IL"),
        ("TAX NO 123456789", "IE"),
        ("NO 123456789", "DE"),
        ("12/345/67890", "DE"),
        ("04-2103547", "US"),
        ("DE 12345", "DE"),
        ("DE", "DE"),
        ("", "DE"),
        (None, None),
    ],
)
def test_a_tax_offices_number_is_none(number: str | None, country: str | None) -> None:
    assert vat_number(number, country) is None
