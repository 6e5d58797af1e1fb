"""Several documents as one PDF, for a printer (`RCP-5`); no archive copy, that is each document by itself."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pikepdf import Pdf


def bundled(documents: Sequence[bytes]) -> bytes:
    """The pages of the documents, in their order."""
    with Pdf.new() as bundle:
        for document in documents:
            with Pdf.open(BytesIO(document)) as source:
                bundle.pages.extend(source.pages)
        out = BytesIO()
        bundle.save(out)
    return out.getvalue()
