"""What a receipt of six lines takes of the processor, beside bare WeasyPrint on the same HTML, without a stack.

Beside it the least that says the same: its texts as paragraphs, without table, column, line or logo.
"""

from __future__ import annotations

import multiprocessing
import re
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
_ENDS = re.compile(r"</(?:td|th|tr|p|div|h\d|dt|dd|li|caption|section|header|footer)>")
"""What ends a text of its own."""
_PLAIN_STYLE = "body { font: 9pt 'Noto Sans', 'Noto Sans Arabic' } p { margin: 0 }"


def document_time() -> list[Figure]:
    """In one process, in turn; the least of some rounds, as others use the processor, too."""
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
            detail=f"{plain:.1f} ms for its texts as bare paragraphs",
        )
        for language, (ours, bare, plain, _) in found.items()
    ]
    rate = median(ratio for *_, ratio in found.values())
    return [*figures, Figure("rate of receipts, of bare WeasyPrint's", rate, "", OF_BARE)]


def _measured() -> dict[str, tuple[float, float, float, float]]:
    """By language: the least milliseconds of ours, of bare WeasyPrint and of paragraphs; the median of bare by ours."""
    from receipts.documents.render import worker

    worker.prepare()
    return {language: _in_turn(*_ways(language)) for language in LANGUAGES}


def _ways(language: str) -> tuple[Callable[[], object], ...]:
    from importlib.resources import files

    from receipts.documents.render import worker
    from receipts.documents.render.html import fill
    from receipts.documents.render.registry import kind_of
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    job, kind = _job(language), kind_of("receipt")
    page = fill(kind.template, kind.view(kind.read(job.content), job.clinic, brief=False))
    style = CSS(string=(files("receipts.documents") / "templates" / kind.style).read_text(encoding="utf-8"))

    def bare() -> object:
        return HTML(string=page, base_url="asset:").write_pdf(stylesheets=[style], pdf_variant="pdf/a-3a")

    fonts = FontConfiguration()
    paragraphs, plain_style = _paragraphs(page, language), CSS(string=_PLAIN_STYLE, font_config=fonts)

    def plain() -> object:
        return HTML(string=paragraphs).write_pdf(stylesheets=[plain_style], pdf_variant="pdf/a-3a", font_config=fonts)

    return lambda: worker.printed(job), bare, plain


def _paragraphs(page: str, language: str) -> str:
    """The texts of a page, one below the other."""
    body = _ENDS.sub("\n", page.partition("</head>")[2])
    texts = (" ".join(line.split()) for line in re.sub(r"<[^>]+>", "", body).split("\n"))
    direction = "rtl" if language == "ar" else "ltr"
    said = "".join(f"<p>{one}</p>" for one in texts if one)
    return f'<html lang="{language}" dir="{direction}"><head><title>Receipt</title></head><body>{said}</body></html>'


def _in_turn(*ways: Callable[[], object]) -> tuple[float, float, float, float]:
    taken = [[_milliseconds(way) for way in ways] for _ in range(WARM + ROUNDS)][WARM:]
    ours, bare, plain = (min(one) for one in zip(*taken, strict=True))
    return ours, bare, plain, median(one[1] / one[0] for one in taken)


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
