"""What others wrote as it is printed: nothing that turns round or covers the text beside it, no boxes (`RCP-10`)."""

from __future__ import annotations

from dataclasses import replace

from chassis.printing import printable, printable_in

from receipts.documents.render.render_job import RenderJob
from receipts.domain.people import Address, Clinic


def as_printable(job: RenderJob) -> RenderJob:
    """The job with each of its texts as it is printed; what is frozen stays as it is."""
    stamp = job.stamp and replace(job.stamp, reason=_text(job.stamp.reason))
    own = job.own and replace(job.own, texts=printable_in(job.own.texts))
    return replace(job, content=printable_in(job.content), clinic=_clinic(job.clinic), stamp=stamp, own=own)


def _clinic(clinic: Clinic) -> Clinic:
    return replace(
        clinic,
        name=printable(clinic.name),
        legal_name=_text(clinic.legal_name),
        address=_address(clinic.address),
        phone=_text(clinic.phone),
        email=_text(clinic.email),
        tax_number=_text(clinic.tax_number),
    )


def _address(address: Address | None) -> Address | None:
    if address is None:
        return None
    return replace(
        address,
        lines=tuple(printable(line) for line in address.lines),
        city=printable(address.city),
        region=_text(address.region),
        postal_code=_text(address.postal_code),
    )


def _text(text: str | None) -> str | None:
    return None if text is None else printable(text)
