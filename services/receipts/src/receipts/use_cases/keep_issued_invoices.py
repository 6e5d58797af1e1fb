"""Freeze what an issued invoice's PDF will say, with letterhead and address as they were then (`INV-6`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from chassis.database import Work

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import invoice_as_json
from receipts.documents.content.invoice import InvoiceContent, freeze_invoice
from receipts.domain.errors import FactsMissing
from receipts.domain.parties import Occasion, Parties
from receipts.domain.people import PatientKey
from receipts.domain.printed_invoice import PrintedInvoice
from receipts.persistence import invoices
from receipts.persistence.parties import parties_at


async def keep_issued_invoices(
    work: Work, issued: Sequence[tuple[PrintedInvoice, datetime]], anyway: Collection[PatientKey] = ()
) -> None:
    """Keep them, each with when it was issued.

    Raises FactsMissing, by invoice, where a clinic or a patient has not arrived yet; the patients of `anyway` are
    waited for no longer (`ALL-11`).
    """
    occasions = {one.invoice_id: Occasion(one.clinic_id, one.patient_id, at) for one, at in issued}
    parties = await parties_at(work.connection, occasions.values(), anyway)
    missing = {one: parties.missing[at] for one, at in occasions.items() if at in parties.missing}
    if missing:
        raise FactsMissing(missing)
    contents = {
        one.invoice_id: invoice_as_json(_frozen(one, parties.known[occasions[one.invoice_id]])) for one, _ in issued
    }
    await invoices.add(work.connection, contents, [one for one, _ in issued])


def _frozen(invoice: PrintedInvoice, then: Parties) -> InvoiceContent:
    return freeze_invoice(
        invoice,
        language=choose_language(then.patient.language, then.clinic.language),
        clinic=then.clinic,
        patient=then.patient,
        settings=then.settings,
    )
