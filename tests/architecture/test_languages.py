"""A clinic's language is one that documents and messages have words in (RCP-4).

Documents may have words in more: those of patients, whose messages are in the clinic's language then.
"""

from __future__ import annotations

from typing import get_args

from invoicing.domain.place import LANGUAGES
from notifications.channels.email import texts
from notifications.http.settings_requests import Language
from receipts.documents import catalogs


def test_every_service_has_the_same_languages() -> None:
    for others in (texts.LANGUAGES, get_args(Language)):
        assert sorted(others) == sorted(LANGUAGES)


def test_documents_have_words_in_each_of_them() -> None:
    assert set(catalogs.LANGUAGES) >= set(LANGUAGES)
