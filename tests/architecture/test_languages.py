"""A clinic's language is one that documents and messages have words in, and so is its patients' (RCP-4, NOT-2).

Documents and messages have words in more than a clinic can be of: those of patients. Both call the same thing the same.
"""

from __future__ import annotations

from typing import get_args

import pytest
from invoicing.domain.place import LANGUAGES
from notifications.channels.email import texts
from notifications.http.settings_requests import Language
from receipts.documents import catalogs

from frontdesk import words as screens


def test_messages_have_words_in_the_languages_of_documents() -> None:
    for others in (texts.LANGUAGES, get_args(Language)):
        assert sorted(others) == sorted(catalogs.LANGUAGES)


def test_documents_have_words_in_each_of_them() -> None:
    assert set(catalogs.LANGUAGES) >= set(LANGUAGES)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_message_calls_a_document_what_the_document_calls_itself(language: str) -> None:
    """Pokwitowanie was attached as potwierdzenie wpłaty, and a nota debetowa as a faktura korygująca."""
    titles, labels = catalogs.words(language), texts.texts_in(language).labels
    subject = texts.texts_in(language).notices["payment_refunded"]["subject"]
    for document in ("receipt", "invoice", "credit_note", "debit_note"):
        assert labels[document].removeprefix("ال") == titles[f"{document}_title"]
    assert subject.startswith(titles["refund_title"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_calls_a_note_what_the_note_calls_itself(language: str) -> None:
    """A German debit note was a Lastschrift, which is a direct debit."""
    titles = catalogs.words(language)
    assert [screens.say(language, name) for name in ("Credit note", "Debit note")] == [
        titles["credit_note_title"],
        titles["debit_note_title"],
    ]
