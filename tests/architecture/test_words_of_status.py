"""What an invoice is called is one set of words, whichever service is asked (`INV-9`, `INV-16`)."""

from __future__ import annotations

from typing import get_args

import pytest
from invoicing.domain.invoice import Status
from payments.domain.invoice_balance import InvoiceStatus


@pytest.mark.rule("INV-15.1")
def test_payments_has_the_words_of_invoicing_for_what_is_issued() -> None:
    """INV-15: overdue is no status in either, but said beside it, as a part paid invoice may be overdue too."""
    assert set(get_args(InvoiceStatus)) == set(get_args(Status)) - {"draft"}
