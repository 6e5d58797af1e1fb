"""What a template may load: the assets handed over with it, and nothing else in the world (`RCP-6`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:"


class Assets(URLFetcher):  # type: ignore[misc]
    """Answers `asset:` addresses from memory; any file or network address ends the rendering."""

    def __init__(self, assets: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=())
        self._assets = assets
        self.refused: str | None = None
        """Which address was asked for that is none of them: who asks may swallow that it was refused."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset's bytes. Raises FatalURLFetchingError for every other address."""
        del headers
        if url.startswith(SCHEME) and (asset := self._assets.get(url.removeprefix(SCHEME))):
            media_type, body = asset
            return URLFetcherResponse(url, body, {"Content-Type": media_type})
        self.refused = f"a template asked for an address that is not one of its assets: {url[:80]}"
        raise FatalURLFetchingError(self.refused)
