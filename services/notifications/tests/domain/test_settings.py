"""Settings that do not fit together are refused (NOT-1, NOT-5)."""

from __future__ import annotations

import pytest
from notifications.domain.errors import DocumentLinkMissing, UnknownPlaceholder
from notifications.domain.notice import Notice
from notifications.domain.settings import DocumentDelivery, NoticeSettings, OwnText, Settings


def test_everything_is_told_by_email_by_default_but_a_cancelled_refund_and_notes() -> None:
    on = {notice for notice in Notice if Settings().of(notice).enabled}
    assert on == set(Notice) - {Notice.REFUND_CANCELLED, Notice.INVOICE_CREDITED, Notice.INVOICE_DEBITED}


def test_links_without_an_address_are_refused() -> None:
    with pytest.raises(DocumentLinkMissing):
        Settings(documents=DocumentDelivery.LINKED).check()
    Settings(documents=DocumentDelivery.LINKED, document_link="https://portal.example/{id}").check()


def test_a_text_that_names_something_unknown_is_refused_and_the_place_named() -> None:
    texts = {"de": OwnText("Hallo {name}", "Ihr Zahn {tooth}")}
    settings = Settings(notices={Notice.PAYMENT_RECORDED: NoticeSettings(texts=texts)})
    with pytest.raises(UnknownPlaceholder) as refused:
        settings.check()
    assert refused.value.field == "notices.payment_recorded.texts.de.body"
