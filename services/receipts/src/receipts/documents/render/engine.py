"""HTML into PDF by WeasyPrint: PDF/A-3a and PDF/UA-1 in one file, with the packaged fonts and stylesheet only."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
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
from receipts.documents.render.render_job import AssetRefused  # noqa: E402


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
        own_fonts: bool = False,
    ) -> bytes:
        """An archivable, accessible PDF, which carries what is `attached`. Raises AssetRefused.

        With `own_fonts`, what the HTML says of fonts (`@font-face`) holds for it alone, and not for documents after it.
        """
        options: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "finisher": declare_accessible}
        if attached is not None:
            options |= {"finisher": declare_hybrid, "attachments": [_file(attached)]}
        if own_fonts:
            options["font_config"] = FontConfiguration()
        return self._write(html, style, assets, **options)

    def roll(self, html: str, *, style: str) -> bytes:
        """An archivable, accessible PDF whose pages are cut after what is on them (see `roll`)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            options: dict[str, Any] = {"pdf_variant": "pdf/a-3a"}
            document = HTML(string=html, base_url="asset:", url_fetcher=Assets({}))
            laid_out = document.render(font_config=self._fonts, stylesheets=[self._style(style)], **options)
            for page in laid_out.pages:
                page.height = _length(page)
            pdf = laid_out.write_pdf(finisher=declare_accessible, **options)
        return cast("bytes", pdf)

    def overlay(self, html: str, *, style: str) -> bytes:
        """A PDF without tags, to be laid over another one's page (see `stamp`)."""
        return self._write(html, style, None, pdf_variant="pdf/a-3u")

    def _write(self, html: str, style: str, assets: Mapping[str, tuple[str, bytes]] | None, **options: Any) -> bytes:
        fetcher = Assets(assets or {})
        try:
            pdf = self._written(html, style, fetcher, options)
        except FatalURLFetchingError as refused:
            raise AssetRefused(str(refused)) from None
        if fetcher.refused:
            raise AssetRefused(fetcher.refused)
        return pdf

    def _written(self, html: str, style: str, fetcher: Assets, options: dict[str, Any]) -> bytes:
        with warnings.catch_warnings():
            # WeasyPrint leaves the file of its color profile to be closed when nobody refers to it any more.
            warnings.simplefilter("ignore", ResourceWarning)
            document = HTML(string=html, base_url="asset:", url_fetcher=fetcher)
            pdf = document.write_pdf(**({"font_config": self._fonts} | options), stylesheets=[self._style(style)])
        return cast("bytes", pdf)

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
    """How much of a page is used, in CSS pixels: to the end of its content, and a margin like that at its top."""
    box = page._page_box  # noqa: SLF001  no public name for it: `@page { size: 80mm auto }` is not implemented
    content = box.children[0]
    used: float = content.position_y + content.margin_height() + box.margin_top
    return min(used, float(page.height))
