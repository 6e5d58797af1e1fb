"""A clinic's language is one that documents and messages have words in, and so is its patients' (RCP-4, NOT-2).

Documents and messages have words in more than a clinic can be of: those of patients.
"""

from __future__ import annotations

from typing import get_args

from invoicing.domain.place import LANGUAGES
from notifications.channels.email import texts
from notifications.http.settings_requests import Language
from receipts.documents import catalogs


def test_messages_have_words_in_the_languages_of_documents() -> None:
    for others in (texts.LANGUAGES, get_args(Language)):
        assert sorted(others) == sorted(catalogs.LANGUAGES)


def test_documents_have_words_in_each_of_them() -> None:
    assert set(catalogs.LANGUAGES) >= set(LANGUAGES)
