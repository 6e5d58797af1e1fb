"""A line of an invoice: a procedure, an extra procedure, a product or a custom item (`INV-3`, `INV-4`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from invoicing.domain.claim import NOTHING_SAID, ActDetails
from invoicing.domain.discount import Charge, Discount
from invoicing.domain.estimate import Estimate

Kind = Literal["procedure", "extra_procedure", "product", "custom"]
PriceFrom = Literal["typed", "fee", "list", "missing", "foreign_fee"]
"""Where a price is from: a person, the clinical system's fee, the price list; or from nowhere, and it stands at zero.

`missing`: neither knows one; `foreign_fee`: the fee is in another currency, and so a person types the price (`MON-2`).
"""
ONE = Decimal(1)
REASON_MAX = 200
"""Of one exemption reason, and of several that are said as one."""


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax category and its rate in percent: `category` is UNCL 5305, as EN 16931 uses it (`MON-4`)."""

    category: str
    rate: Decimal
    exemption_reason: str | None = None
    code: str = ""
    """The clinic's own name for it; its settings may have several rates of category `S`."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is asked for; its amounts follow from it, see `totals.py`.

    `unit_price` is in minor units, perhaps a fraction of one, for `base_quantity` (`MON-7`). A `quantity` below zero is
    of returned goods (`INV-14`).
    """

    id: UUID
    position: int
    kind: Kind
    description: str
    quantity: Decimal
    unit_price: int | Decimal
    tax: Tax
    code_system: str | None = None
    code: str | None = None
    discount: Discount | None = None
    charges: tuple[Charge, ...] = ()
    base_quantity: Decimal = ONE
    procedure_id: UUID | None = None
    sku: str | None = None
    date_of_service: date | None = None
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None
    price_from: PriceFrom = "typed"
    tax_typed: bool = True
    """Whether its tax category was named; else it is what the price list or the settings say."""
    estimates: tuple[Estimate, ...] = ()
    """What each payer is expected to decide on it (`INS-1`)."""
    claim: ActDetails = NOTHING_SAID
    """What a claim needs beside (`INS-2`)."""


def joined(reasons: Iterable[str]) -> str | None:
    """Several exemption reasons as one text: the first, and as many more as fit whole (`MON-10`)."""
    said = ""
    for reason in reasons:
        more = f"{said}; {reason}" if said else reason
        if said and len(more) > REASON_MAX:
            break
        said = more
    return said or None
