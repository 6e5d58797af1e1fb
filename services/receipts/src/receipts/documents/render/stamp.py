"""VOID and COPY: a stamp laid over the stored original, which stays as it is (`RCP-1`, `RCP-3`).

The pages below the stamp are the original's own, not a second rendering, so a copy shows what was handed out even when
templates have changed since. The stamp is read aloud: it is a paragraph of the first page's structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from receipts.documents.render.formatting import Formatting
from receipts.documents.render.render_job import Stamp

TEMPLATE = "stamp.html"
STYLE = "stamp.css"
_STAMP = Name("/Stamp")


def stamp_view(stamp: Stamp) -> Mapping[str, Any]:
    """The values of the stamp's template."""
    formats = Formatting(stamp.language)
    return {
        "language": stamp.language,
        "direction": "rtl" if formats.right_to_left else "ltr",
        "paper": stamp.paper.lower(),
        "kind": stamp.kind,
        "word": formats.words[f"stamp_{stamp.kind}"],
        "lines": _lines(formats, stamp),
    }


def _lines(formats: Formatting, stamp: Stamp) -> list[str]:
    day = formats.local_day(stamp.at, stamp.zone)
    if stamp.kind == "copy":
        return [formats.text("copy_line", date=day)]
    lines = [formats.text(f"void_{stamp.cause or 'cancellation'}", date=day)]
    if stamp.reason:
        lines.append(formats.text("void_reason", reason=stamp.reason))
    return lines


def stamped(original: bytes, overlay: bytes, view: Mapping[str, Any]) -> bytes:
    """The original with the overlay's first page on each of its pages, archivable and accessible as before."""
    spoken = ". ".join([view["word"], *view["lines"]])
    with Pdf.open(BytesIO(original)) as pdf, Pdf.open(BytesIO(overlay)) as source:
        form = pdf.copy_foreign(source.pages[0].as_form_xobject())
        for number, page in enumerate(pdf.pages):
            _lay_over(pdf, page, form, marked=_speak(pdf, page, spoken) if number == 0 else None)
        _retitle(pdf, view["word"])
        out = BytesIO()
        pdf.save(out, linearize=False)
    return out.getvalue()


def _lay_over(pdf: Pdf, page: pikepdf.Page, form: Any, *, marked: int | None) -> None:
    """Draw the form over the page, in a saved graphics state, tagged as a paragraph or as an artifact."""
    shared: Any = page.obj.Resources
    own: Any = Dictionary(shared)
    own.XObject = Dictionary(shared.get("/XObject", Dictionary()))
    own.XObject[str(_STAMP)] = form
    page.obj.Resources = own
    begin = b"/Artifact BMC" if marked is None else b"/P <</MCID %d>> BDC" % marked
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"\nQ q\n" + begin + b"\n/Stamp Do\nEMC\nQ\n"))


def _speak(pdf: Pdf, page: pikepdf.Page, spoken: str) -> int:
    """Add a paragraph that says the stamp to the document's structure; returns its marked-content id."""
    root = pdf.Root.StructTreeRoot
    document = root.K[0] if isinstance(root.K, Array) else root.K
    of_page = _structure_of(root, int(page.obj.StructParents))
    marked = len(of_page)
    paragraph = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.P, P=document, Pg=page.obj, K=marked, ActualText=spoken)
    )
    of_page.append(paragraph)
    children = document.K if isinstance(document.K, Array) else Array([document.K])
    document.K = Array([paragraph, *children])
    return marked


def _structure_of(root: Any, page_key: int) -> Any:
    """The structure elements of a page by marked-content id, in WeasyPrint's flat number tree."""
    numbers = root.ParentTree.Nums
    for index in range(0, len(numbers), 2):
        if int(numbers[index]) == page_key:
            return numbers[index + 1]
    raise ValueError("the page has no structure")


def _retitle(pdf: Pdf, word: str) -> None:
    """Put the stamp's word before the title, in the metadata and in the information dictionary alike."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        title = f"{word} \N{EN DASH} {metadata.get('dc:title', '')}"
        metadata["dc:title"] = title
    pdf.docinfo["/Title"] = title


__all__ = ["STYLE", "TEMPLATE", "Stamp", "stamp_view", "stamped"]
