"""Make a debit note that was proposed: what a bank took back had been refunded (`PAY-6`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from invoicing.domain.debit_proposal import DebitProposal
from invoicing.domain.errors import Invalid
from invoicing.persistence import debit_proposals
from invoicing.use_cases.debit_invoice import DebitInvoice, debit_invoice


@dataclass(frozen=True, slots=True)
class DebitAsProposed:
    """Which proposal is carried out and why; on which invoice, where not on the one that was proposed."""

    proposal_id: UUID
    reason: str
    invoice_id: UUID | None = None
    tax_code: str | None = None


async def debit_as_proposed(work: Work, command: DebitAsProposed) -> DebitProposal:
    """Make the debit note of all that was proposed, its tax within it.

    Raises as `debit_invoice` does, NotFound, DebitProposalClosed.
    """
    proposal = await debit_proposals.lock(work.connection, work.clinic_id, command.proposal_id)
    proposal.require_open()
    invoice_id = command.invoice_id or proposal.invoice_id
    if invoice_id is None:
        raise Invalid("invoice_id", "the payment settled no invoice when the bank took it back: name one to debit")
    debit = DebitInvoice(invoice_id, "correction", command.reason, proposal.amount, command.tax_code, with_tax=True)
    _, note = await debit_invoice(work, debit)
    proposal.debit(work.now, work.actor, command.reason, note.id)
    await debit_proposals.close(work.connection, proposal)
    return proposal
