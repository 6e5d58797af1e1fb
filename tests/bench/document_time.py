"""What a receipt of six lines takes of the processor, beside bare WeasyPrint on the same HTML, without a stack."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from figures import Figure

LANGUAGES = ("en", "de", "ar", "uk")
LINES, ROUNDS, WARM = 6, 20, 3
MILLISECONDS, OF_BARE = 40.0, 0.9


def document_time() -> list[Figure]:
    """In one process, both in turn; the least of some rounds, as others use the processor, too."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(_measured)
    figures = [
        Figure(
            f"processor time of a receipt of {LINES} lines, {language}",
            ours,
            "ms",
            MILLISECONDS,
            at_least=False,
            floor=bare,
            floor_of="the same HTML by bare WeasyPrint",
        )
        for language, (ours, bare, _) in found.items()
    ]
    rate = median(ratio for _, _, ratio in found.values())
    return [*figures, Figure("rate of receipts, of bare WeasyPrint's", rate, "", OF_BARE)]


def _measured() -> dict[str, tuple[float, float, float]]:
    """By language: the least milliseconds of ours and of bare WeasyPrint, and the median of bare by ours."""
    from receipts.documents.render import worker

    worker.prepare()
    return {language: _in_turn(*_ways(language)) for language in LANGUAGES}


def _ways(language: str) -> tuple[Callable[[], object], Callable[[], object]]:
    from importlib.resources import files

    from receipts.documents.render import worker
    from receipts.documents.render.html import fill
    from receipts.documents.render.registry import kind_of
    from weasyprint import CSS, HTML

    job, kind = _job(language), kind_of("receipt")
    page = fill(kind.template, kind.view(kind.read(job.content), job.clinic, brief=False))
    style = CSS(string=(files("receipts.documents") / "templates" / kind.style).read_text(encoding="utf-8"))

    def bare() -> object:
        return HTML(string=page, base_url="asset:").write_pdf(stylesheets=[style], pdf_variant="pdf/a-3a")

    return lambda: worker.printed(job), bare


def _in_turn(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float, float]:
    taken = [(_milliseconds(ours), _milliseconds(bare)) for _ in range(WARM + ROUNDS)][WARM:]
    return min(one for one, _ in taken), min(one for _, one in taken), median(bare / ours for ours, bare in taken)


def _milliseconds(made: Callable[[], object]) -> float:
    began = time.process_time()
    made()
    return (time.process_time() - began) * 1000


def _job(language: str) -> Any:
    """The sample of previews, with its lines twice."""
    from receipts.documents.content.samples import Sampled, sample_of
    from receipts.documents.render.render_job import RenderJob
    from receipts.domain.people import Address, Clinic
    from receipts.domain.settings import DocumentSettings

    address = Address(lines=("41 Charles Street",), city="Boston", region="MA", postal_code="02114", country="US")
    clinic = Clinic(
        clinic_id=UUID(int=1),
        version=1,
        name="Beacon Hill Dental",
        legal_name=None,
        address=address,
        phone="+1 617 555 0142",
        email="desk@beaconhill.example",
        tax_number="04-2103547",
        currency="USD",
        time_zone="America/New_York",
        language=language,
        paper="A4",
        receipt_shows_note=True,
    )
    sampled = Sampled(clinic=clinic, settings=DocumentSettings(), language=language, day=date(2026, 11, 24))
    content = sample_of("receipt", sampled)
    for invoice in content["settled"]:
        invoice["lines"] = (list(invoice["lines"]) * LINES)[:LINES]
    return RenderJob(kind="receipt", content=content, clinic=clinic, brief=False)
