"""VAT identifiers: which tax number is one, by the country that its prefix names (EN 16931, BR-CO-9)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_FORMS: Mapping[str, str] = {
    "AT": "U[0-9]{8}",
    "BE": "[01]?[0-9]{9}",
    "BG": "[0-9]{9,10}",
    "CH": "E[0-9]{9}(MWST|TVA|IVA)?",
    "CY": "[0-9]{8}[A-Z]",
    "CZ": "[0-9]{8,10}",
    "DE": "[0-9]{9}",
    "DK": "[0-9]{8}",
    "EE": "[0-9]{9}",
    "EL": "[0-9]{9}",
    "ES": "[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FI": "[0-9]{8}",
    "FR": "[A-Z0-9]{2}[0-9]{9}",
    "GB": "([0-9]{9}|[0-9]{12}|GD[0-9]{3}|HA[0-9]{3})",
    "GR": "[0-9]{9}",
    "HR": "[0-9]{11}",
    "HU": "[0-9]{8}",
    "IE": "[0-9][A-Z0-9][0-9]{5}[A-Z]{1,2}",
    "IT": "[0-9]{11}",
    "LT": "([0-9]{9}|[0-9]{12})",
    "LU": "[0-9]{8}",
    "LV": "[0-9]{11}",
    "MT": "[0-9]{8}",
    "NL": "[0-9]{9}B[0-9]{2}",
    "PL": "[0-9]{10}",
    "PT": "[0-9]{9}",
    "RO": "[0-9]{2,10}",
    "SE": "[0-9]{12}",
    "SI": "[0-9]{8}",
    "SK": "[0-9]{10}",
    "XI": "([0-9]{9}|[0-9]{12}|GD[0-9]{3}|HA[0-9]{3})",
}
"""What follows the prefix in the countries of the EU, in Switzerland and in the United Kingdom; `EL` is Greece."""
_ELSEWHERE = "[0-9][A-Z0-9]{1,12}"
"""What follows the prefix of another country: a number. Letters there are a word's, as in `SIRET` or `NIP`."""


def vat_number(number: str | None, country: str | None) -> str | None:
    """A tax number as a VAT identifier, written without what is between; None for one of a tax office.

    It begins with its country's code and is as that country writes it; of a country whose way is not known here, only
    the clinic's own counts, as two letters before a number are often an abbreviation: `ID 123`, `EIN 04-2103547`.
    """
    compact = re.sub(r"[\s./-]", "", number or "").upper()
    prefix, rest = compact[:2], compact[2:]
    form = _FORMS.get(prefix, _ELSEWHERE if prefix == country else None)
    return compact if form is not None and re.fullmatch(form, rest) else None
