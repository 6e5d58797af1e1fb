"""A clinic's language is one that documents and messages have words in, so each service has the same ones (RCP-4)."""

from __future__ import annotations

from typing import get_args

from invoicing.domain.place import LANGUAGES
from notifications.channels.email import texts
from notifications.http.settings_requests import Language
from receipts.documents import catalogs


def test_every_service_has_the_same_languages() -> None:
    for others in (catalogs.LANGUAGES, texts.LANGUAGES, get_args(Language)):
        assert sorted(others) == sorted(LANGUAGES)
