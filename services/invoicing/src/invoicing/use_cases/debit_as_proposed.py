"""Make a debit note that was proposed: what a bank took back had been refunded (`PAY-6`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from invoicing.domain.errors import Invalid, NotFound
from invoicing.domain.note_errors import DebitProposalClosed
from invoicing.persistence import debit_proposals
from invoicing.persistence.debit_proposals import Closing
from invoicing.use_cases.debit_invoice import DebitInvoice, debit_invoice


@dataclass(frozen=True, slots=True)
class DebitAsProposed:
    """Which proposal is carried out and why; on which invoice, where not on the one that was proposed."""

    proposal_id: UUID
    reason: str
    invoice_id: UUID | None = None
    tax_code: str | None = None


async def debit_as_proposed(work: Work, command: DebitAsProposed) -> Any:
    """Make the debit note of all that was proposed. Raises as `debit_invoice` does, and DebitProposalClosed."""
    proposal = await open_proposal(work, command.proposal_id)
    invoice_id = command.invoice_id or proposal.invoice_id
    if invoice_id is None:
        raise Invalid("invoice_id", "the payment settled no invoice when the bank took it back: name one to debit")
    amount = Money(proposal.amount_minor, proposal.currency)
    debit = DebitInvoice(invoice_id, "correction", command.reason, amount, command.tax_code)
    _, note = await debit_invoice(work, debit)
    closing = Closing("debited", work.now, work.actor, command.reason, note.id)
    return await debit_proposals.close(work.connection, work.clinic_id, command.proposal_id, closing)


async def open_proposal(work: Work, proposal_id: UUID) -> Any:
    """A proposal that nobody has decided on, locked. Raises NotFound, DebitProposalClosed."""
    proposal = await debit_proposals.lock(work.connection, work.clinic_id, proposal_id)
    if proposal is None:
        raise NotFound("proposed debit note", proposal_id)
    if proposal.state != "open":
        raise DebitProposalClosed(proposal_id, proposal.state)
    return proposal
