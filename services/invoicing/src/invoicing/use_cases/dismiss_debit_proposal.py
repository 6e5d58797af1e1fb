"""Dismiss a debit note that was proposed: the clinic bears what a bank took back, and why (`PAY-6`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database import Work

from invoicing.persistence import debit_proposals
from invoicing.persistence.debit_proposals import Closing
from invoicing.use_cases.debit_as_proposed import open_proposal


async def dismiss_debit_proposal(work: Work, proposal_id: UUID, reason: str) -> Any:
    """Let the clinic bear it, with who and why. Raises NotFound, DebitProposalClosed."""
    await open_proposal(work, proposal_id)
    closing = Closing("dismissed", work.now, work.actor, reason)
    return await debit_proposals.close(work.connection, work.clinic_id, proposal_id, closing)
