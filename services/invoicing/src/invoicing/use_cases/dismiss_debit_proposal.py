"""Dismiss a debit note that was proposed: the clinic bears what a bank took back, and why (`PAY-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.debit_proposal import DebitProposal
from invoicing.persistence import debit_proposals


async def dismiss_debit_proposal(work: Work, proposal_id: UUID, reason: str) -> DebitProposal:
    """Let the clinic bear it, with who and why. Raises NotFound, DebitProposalClosed."""
    proposal = await debit_proposals.lock(work.connection, work.clinic_id, proposal_id)
    proposal.dismiss(work.now, work.actor, reason)
    await debit_proposals.close(work.connection, proposal)
    return proposal
