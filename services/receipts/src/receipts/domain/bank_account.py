"""Numbers of bank accounts, as they are checked and printed (ISO 13616, ISO 9362)."""

from __future__ import annotations

import re

IBAN = r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"
BIC = r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"
_CHECK = 97


def is_iban(number: str) -> bool:
    """Whether its form and its check digits are right (ISO 7064, mod 97-10)."""
    if not re.fullmatch(IBAN, number):
        return False
    digits = "".join(str(int(one, 36)) for one in number[4:] + number[:4])
    return int(digits) % _CHECK == 1


def grouped(iban: str) -> str:
    """An IBAN as it is printed, in groups of four."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))
