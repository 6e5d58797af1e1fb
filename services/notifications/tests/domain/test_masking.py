"""Recipients are masked wherever anybody can see them (NOT-6, ALL-6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.domain.masking import masked, without_addresses


@pytest.mark.rule("NOT-6.1")
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zoe.miller@example.org", "z***r@e***.org"),
        ("ab@example.org", "a***@e***.org"),
        ("a@b", "a***@***"),
        ("+15550100", "***00"),
        ("123", "***"),
    ],
)
def test_a_masked_recipient_can_be_recognized_and_not_written_to(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_an_answer_that_repeats_the_address_is_masked() -> None:
    said = "550 5.1.1 <zoe.miller@example.org>: Recipient address rejected; contact postmaster@example.org."
    assert without_addresses(said) == "550 5.1.1 <z***r@e***.org>: Recipient address rejected; contact p***r@e***.org"


@given(local=st.text("abcdefghij.", min_size=4, max_size=20), host=st.text("klmnop", min_size=3, max_size=20))
def test_neither_the_name_nor_the_host_can_be_read_in_it(local: str, host: str) -> None:
    shown = masked(f"{local}@{host}.org")
    assert local not in shown
    assert host not in shown
