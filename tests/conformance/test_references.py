"""A transfer's reference is one for whoever imports its file and for payments, however it is written (`PAY-17`)."""

from __future__ import annotations

from chassis.typed import ungrouped
from remittances.identity import reference_key

SIGNS = [bytes([place]).decode("cp1252", errors="ignore") for place in range(256)]
"""What a remittance file is read as where it is no UTF-8; what X12 has of its own is among it."""


def test_a_trace_number_is_one_to_the_importer_where_it_is_one_to_payments() -> None:
    """The importer brings none of the chassis along, so it says the same in its own words."""
    for sign in SIGNS:
        written = f"EFT{sign}0815"
        assert reference_key(written).casefold() == ungrouped(written), repr(sign)
    assert reference_key("eft-0815 ab") == reference_key("EFT-0815AB") != reference_key("EFT0815AB")
