"""Write off what contracts take off and nothing was left to credit for, once what took the room is undone (`INS-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.invoice import FrozenInvoice
from invoicing.domain.note import DEFERRED, Note, NoteAmounts, leaves_room
from invoicing.domain.write_off import deferred_write_off
from invoicing.persistence import adjudications
from invoicing.use_cases.adjust_installment_plans import NewNote


async def write_off_deferred(work: Work, made: Sequence[NewNote]) -> list[NewNote]:
    """Add to these notes' invoices, which are locked, what insurers' decisions still have to be written off there.

    Only what undoes a credit leaves room: a late fee asks for something that no contract is about. What is added is
    not saved yet.
    """
    undone = {invoice.id: (clinic, invoice) for clinic, invoice, note in made if leaves_room(note)}
    if not undone:
        return []
    rows = await adjudications.rows_of(work.connection, list(undone))
    found = {id_: AdjudicatedInvoice(undone[id_][1], own) for id_, own in rows.items()}
    missing = {id_: amounts for id_, on in found.items() if (amounts := deferred_write_off(on)) is not None}
    contracts = {id_: _contract_of(found[id_], amounts) for id_, amounts in missing.items()}
    named = await adjudications.latest_of(work.connection, contracts.items()) if contracts else {}
    return [_added(work, *undone[id_], amounts, *named[id_]) for id_, amounts in missing.items()]


def _contract_of(on: AdjudicatedInvoice, amounts: NoteAmounts) -> UUID:
    return on.contract_of({line.invoice_line_id for line in amounts.lines if line.invoice_line_id is not None})


def _added(
    work: Work, settings: ClinicSettings, invoice: FrozenInvoice, amounts: NoteAmounts, decision_id: UUID, payer: str
) -> NewNote:
    note = Note(
        id=new_id(),
        clinic_id=invoice.clinic_id,
        invoice_id=invoice.id,
        side="credit",
        kind=DEFERRED,
        reason=f"Written off by contract with {payer}",
        author=work.actor,
        amounts=amounts,
        issue_date=settings.today(work.now),
        created_at=work.now,
        decision_id=decision_id,
    )
    invoice.add_note(note)
    return settings, invoice, note
