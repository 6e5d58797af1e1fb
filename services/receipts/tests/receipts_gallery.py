"""`make gallery`: every kind of document in every language, validated, and small pictures of some into `docs/pictures`.

The PDFs stay in `.local/gallery`, to be looked at. Nobody in them exists: they are the samples of previews.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pypdfium2
from PIL import Image, ImageChops
from receipts.documents.catalogs import LANGUAGES
from receipts.documents.content.samples import Sampled, sample_of
from receipts.documents.render.bundle import bundled
from receipts.documents.render.kinds import DocumentKind
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain.settings import DocumentSettings
from receipts_samples import CLINIC, DAY

ROOT = Path(__file__).parents[3]
MADE, KEPT = ROOT / ".local" / "gallery", ROOT / "docs" / "pictures"
KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
SHOWN = ("de", "ar", "ja")
"""Those of which a page is kept: long words, another direction, no spaces."""
CURRENCIES = {"ar": "KWD", "ja": "JPY", "pl": "PLN", "uk": "UAH", "en": "USD"}
SETTINGS = DocumentSettings(account_holder="Beacon Hill Dental", iban="DE89370400440532013000")
_DOTS_PER_INCH = 50
_COLORS = 16
_POINTS_PER_INCH = 72


def sampled_pdf(kind: str, language: str, *, roll: bool = False) -> bytes:
    """The sample of a kind in a language, and in a currency of where it is read."""
    clinic = replace(CLINIC, language=language, currency=CURRENCIES.get(language, "EUR"))
    content = sample_of(kind, Sampled(clinic=clinic, settings=SETTINGS, language=language, day=DAY))
    return printed(RenderJob(kind=kind, content=content, clinic=clinic, brief=False, roll=roll))


def first_page(pdf: bytes, *, dots_per_inch: float = _DOTS_PER_INCH) -> Image.Image:
    """Its first page as a picture."""
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[0].render(scale=dots_per_inch / _POINTS_PER_INCH).to_pil()
        return picture.convert("RGB")
    finally:
        document.close()


def beside(pictures: Iterable[Image.Image]) -> Image.Image:
    """Pictures of one height beside each other, in few colors."""
    each = list(pictures)
    sheet = Image.new("RGB", (sum(one.width for one in each), max(one.height for one in each)), "white")
    left = 0
    for one in each:
        sheet.paste(one, (left, 0))
        left += one.width
    return sheet.quantize(_COLORS)


def sheet_of(kind: str) -> Image.Image:
    """The first page of a kind in the languages that are shown."""
    return beside(first_page(sampled_pdf(kind, language)) for language in SHOWN)


def kept_at(kind: str) -> Path:
    """Where the picture of a kind is kept."""
    return KEPT / f"document-{kind.replace('_', '-')}.png"


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are from each other, of 255, both made small; 255 if they are of other sizes."""
    if one.size != other.size:
        return 255.0
    small = [picture.convert("L").resize((one.width // 8, one.height // 8)) for picture in (one, other)]
    histogram = ImageChops.difference(*small).histogram()
    return sum(value * count for value, count in enumerate(histogram)) / (small[0].width * small[0].height)


def all_documents() -> Mapping[str, bytes]:
    """Each kind in each language, receipts on the roll, too, and one bundle of each language."""
    made = {f"{kind}-{language}": sampled_pdf(kind, language) for kind, language in product(KINDS, LANGUAGES)}
    for language in LANGUAGES:
        made[f"roll-{language}"] = sampled_pdf("receipt", language, roll=True)
        made[f"bundle-{language}"] = bundled([made[f"receipt-{language}"], made[f"invoice-{language}"]])
    return made


def say(*words: str) -> None:
    """One line, for whoever ran the command."""
    sys.stdout.write(" ".join(words) + "\n")


def main() -> int:
    """Make them, validate them, keep the pictures; the exit code says whether the validator passes each."""
    from receipts_jars import class_path
    from receipts_verapdf import JARS, verdicts

    MADE.mkdir(parents=True, exist_ok=True)
    made = all_documents()
    for name, pdf in made.items():
        (MADE / f"{name}.pdf").write_bytes(pdf)
    for kind in KINDS:
        out = BytesIO()
        sheet_of(kind).save(out, "PNG", optimize=True)
        kept_at(kind).write_bytes(out.getvalue())
    files = [MADE / f"{name}.pdf" for name in made]
    jars = class_path(JARS, MADE / "jars.lock")
    failed = 0
    for flavour in ("3a", "ua1"):
        found = verdicts(jars, flavour, files, seconds=1_200)
        wrong = [name for name, verdict in found.items() if verdict != "PASS"]
        failed += len(wrong)
        say(f"{flavour}: {len(found) - len(wrong)} of {len(found)} pass", *wrong)
    say(f"PDFs in {MADE.relative_to(ROOT)}, pictures of {len(KINDS)} kinds in {KEPT.relative_to(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
