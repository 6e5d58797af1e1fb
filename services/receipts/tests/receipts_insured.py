"""An invoice with what two insurers are expected to pay of it, for the tests of this service."""

from __future__ import annotations

from dataclasses import replace

from receipts.domain.printed_invoice import InsurerShare, PrintedInvoice
from receipts_samples import money


def insured(of: PrintedInvoice) -> PrintedInvoice:
    """The same, with what two insurers are expected to pay (`INS-1`)."""
    first = InsurerShare(payer_name="Aetna", expected=money("150.00"), write_off=money("20.00"), sequence="primary")
    second = InsurerShare(payer_name="نور", expected=money("41.25"), write_off=money("0"), sequence="secondary")
    return replace(of, insurers=(first, second), patient_share=of.total - money("211.25"))
