"""HTML into PDF by WeasyPrint: PDF/A-3a and PDF/UA-1 in one file, with the packaged fonts and stylesheet only."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any, cast

from receipts.documents.render.fontconfig import use_packaged_fonts

use_packaged_fonts()

import weasyprint  # noqa: E402  fontconfig is read on import
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import FatalURLFetchingError  # noqa: E402

from receipts.documents.facturx.attachment import NAME, PROFILE, Attachment  # noqa: E402
from receipts.documents.render.assets import Assets  # noqa: E402
from receipts.documents.render.declarations import declare_accessible, declare_hybrid  # noqa: E402
from receipts.documents.render.render_job import AssetRefused, TemplateRefused  # noqa: E402
from receipts.documents.render.shown import NOT_SAID, missing  # noqa: E402
from receipts.documents.render.well_formed import BASE, WellFormed  # noqa: E402


class Engine:
    """One process's WeasyPrint: fonts and stylesheets are read once, then reused for every document."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._styles: dict[str, Any] = {}

    def pdf(
        self,
        html: str,
        *,
        style: str,
        assets: Mapping[str, tuple[str, bytes]] | None = None,
        attached: Attachment | None = None,
        own: Sequence[str] | None = None,
    ) -> bytes:
        """An archivable, accessible PDF, which carries what is `attached`. Raises AssetRefused.

        HTML of a clinic's `own` need not be well-formed, and what it says of fonts (`@font-face`) holds for it alone;
        these texts have to be seen in it. Raises TemplateRefused.
        """
        options: dict[str, Any] = {"finisher": declare_accessible}
        if attached is not None:
            options = {"finisher": declare_hybrid, "attachments": [_file(attached)]}
        return self._made(html, style, assets, own=own, **options)

    def roll(self, html: str, *, style: str, own: Sequence[str] | None = None) -> bytes:
        """The same, with pages that are cut after what is on them (see `roll`)."""
        return self._made(html, style, None, own=own, cut=True, finisher=declare_accessible)

    def overlay(self, html: str, *, style: str) -> bytes:
        """A PDF without tags, to be laid over another one's page (see `stamp`)."""
        return self._made(html, style, None, variant="pdf/a-3u")

    def _made(
        self,
        html: str,
        style: str,
        assets: Mapping[str, tuple[str, bytes]] | None,
        *,
        own: Sequence[str] | None = None,
        cut: bool = False,
        variant: str = "pdf/a-3a",
        **options: Any,
    ) -> bytes:
        """The PDF, unless the document asks for what is none of its assets, or does not show what it has to."""
        fetcher = Assets(assets or {})
        try:
            with warnings.catch_warnings():
                # WeasyPrint leaves the file of its color profile to be closed when nobody refers to it any more.
                warnings.simplefilter("ignore", ResourceWarning)
                laid_out = self._laid_out(html, style, fetcher, variant, own=own is not None)
                if own is not None and missing(own, laid_out.pages):
                    raise TemplateRefused(NOT_SAID)
                for page in laid_out.pages if cut else ():
                    page.height = _length(page)
                pdf = cast("bytes", laid_out.write_pdf(pdf_variant=variant, **options))
        except FatalURLFetchingError as refused:
            raise AssetRefused(str(refused)) from None
        if fetcher.refused:
            raise AssetRefused(fetcher.refused)
        return pdf

    def _laid_out(self, html: str, style: str, fetcher: Assets, variant: str, *, own: bool) -> Any:
        document = HTML(string=html, base_url=BASE, url_fetcher=fetcher) if own else WellFormed(html, fetcher)
        fonts = FontConfiguration() if own else self._fonts
        return document.render(font_config=fonts, stylesheets=[self._style(style)], pdf_variant=variant)

    def _style(self, name: str) -> Any:
        if name not in self._styles:
            text = (files("receipts.documents") / "templates" / name).read_text(encoding="utf-8")
            self._styles[name] = CSS(string=text, font_config=self._fonts, url_fetcher=Assets({}))
        return self._styles[name]


def _file(attached: Attachment) -> Any:
    """The attachment as WeasyPrint takes it: another form of the same document, of its day."""
    day = datetime.combine(attached.day, time(), UTC)
    return weasyprint.Attachment(
        string=attached.xml, name=NAME, description=PROFILE, created=day, modified=day, relationship="Alternative"
    )


def _length(page: Any) -> float:
    """How much of a page is used, in CSS pixels: to the end of what is lowest, and a margin as at its top."""
    box = page._page_box  # noqa: SLF001  no public name for it: `@page { size: 80mm auto }` is not implemented
    content = box.children[0]
    apart = (one for one in content.descendants() if not one.is_in_normal_flow())
    lowest = max(one.position_y + one.margin_height() for one in (content, *apart))
    return min(float(lowest + box.margin_top), float(page.height))
