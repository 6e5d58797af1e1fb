"""Settings that do not fit together are refused (NOT-1, NOT-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from notifications.domain.errors import ChannelMissing, DocumentLinkMissing, SenderUnmailable, UnknownPlaceholder
from notifications.domain.notice import Notice
from notifications.domain.quiet_hours import QuietHours
from notifications.domain.settings import Channel, DocumentDelivery, NoticeSettings, OwnText, Sender, Settings


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


@pytest.mark.rule("INV-11.3")
def test_what_stands_already_holds_up_no_other_change_though_it_is_refused_now() -> None:
    by_sms = NoticeSettings(channels=(Channel.SMS,))
    present = Settings(sender=Sender(address="desk@smile"), notices={Notice.INSTALLMENT_OVERDUE: by_sms})
    replace(present, quiet_hours=QuietHours(time(21), time(8))).check((Channel.EMAIL,), present)
    with pytest.raises(SenderUnmailable):
        replace(present, sender=Sender(address="desk@smiles")).check((Channel.EMAIL,), present)
    later = {Notice.INSTALLMENT_OVERDUE: replace(by_sms, offset_days=1)}
    with pytest.raises(ChannelMissing):
        replace(present, notices=later).check((Channel.EMAIL,), present)
    linked = replace(present, documents=DocumentDelivery.LINKED, document_link="https://portal.example/{id}")
    with pytest.raises(ChannelMissing):
        linked.check((Channel.EMAIL,), present)
