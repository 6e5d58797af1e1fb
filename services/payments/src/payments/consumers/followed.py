"""How a document event that cannot be followed yet is told to the inbox."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging.errors import NotYet

from payments.domain.errors import ClinicNotConfigured, InvoiceUnknown
from payments.persistence.documents import InvoiceDocument
from payments.use_cases.follow_documents import follow_documents


async def followed(work: Work, documents: Sequence[InvoiceDocument]) -> None:
    """Follow documents. Raises NotYet where their invoice or clinic has not arrived."""
    try:
        await follow_documents(work, documents)
    except InvoiceUnknown as error:
        raise NotYet(f"invoice {error.identifier} is not known yet") from None
    except ClinicNotConfigured:
        raise NotYet("the clinic's settings are not known yet") from None
