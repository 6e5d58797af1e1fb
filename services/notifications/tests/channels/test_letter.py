"""What an email says and how it looks: eight languages, exact money, nothing that a name could smuggle in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default as modern
from html import unescape
from html.parser import HTMLParser
from typing import Any
from unicodedata import normalize
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.channels.channel import Attachment
from notifications.channels.email.formats import MARKS_MAX, one_line
from notifications.channels.email.layout import as_html, as_text
from notifications.channels.email.letter import Letter, letter_for
from notifications.channels.email.mime import Envelope, filename_of, mail_of
from notifications.channels.email.texts import LANGUAGES, language_for, texts_in
from notifications.channels.sms.text import text_of
from notifications.domain.facts import Clinic, Facts, InvoiceFacts, Patient, TransactionFacts
from notifications.domain.message import Message, State, Subject
from notifications.domain.notice import ONLY_STEP, Document, Notice
from notifications.domain.payment_details import PaymentDetails
from notifications.domain.settings import Channel, NoticeSettings, OwnText, Sender, Settings

AT = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
ID = UUID(int=7)


def letter(notice: Notice = Notice.PAYMENT_RECORDED, *, language: str = "en-US", **changes: Any) -> Letter:
    subject: dict[str, Any] = {
        "number": "R-1",
        "amount_minor": 8628,
        "currency": "USD",
        "at": AT,
        "transaction_id": ID,
        "document": Document.RECEIPT,
        "document_id": ID,
    }
    subject |= changes.pop("subject", {})
    about = Message(
        id=ID,
        clinic_id=ID,
        patient_id=ID,
        about_event_id="event",
        about_event_type="type",
        notice=notice,
        step=ONLY_STEP,
        channel=Channel.EMAIL,
        recipient="patient:1",
        subject=Subject(**subject),
        state=State.PLANNED,
        planned_at=AT,
        next_attempt_at=AT,
    )
    clinic = changes.pop("clinic", Clinic("Smile Dental", "America/New_York", "en", "desk@smile.example", None))
    patient = Patient(changes.pop("given_name", "Zoë"), "Miller", language, None, ())
    standing = TransactionFacts(stands=True, payer_name=None, receipt_number=None)
    facts = Facts(changes.pop("settings", Settings()), clinic, patient, standing, changes.pop("invoice", None))
    facts = replace(facts, credit_minor=changes.pop("credit_minor", 0), payment=changes.pop("payment", None))
    return letter_for(about, facts, clinic, changes.pop("link", None))


def mail(content: Letter, to_name: str = "Zoë Miller", to_address: str = "zoe@example.org") -> Any:
    envelope = Envelope("Smile Dental", "billing@x.org", "desk@x.org", to_name, to_address, "bounce@x.org")
    return mail_of(ID, content, envelope, Attachment("R/1", b"%PDF-1.7"), AT)


@pytest.mark.rule("NOT-1.1")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", Notice)
def test_every_notice_says_everything_in_every_language(notice: Notice, language: str) -> None:
    written = letter(notice, language=language)
    text, html = as_text(written), as_html(written)
    assert written.language == language
    assert f'lang="{language}"' in html
    assert ('dir="rtl"' in html) == (language == "ar")
    for said in (written.subject, text, html):
        assert "{" not in said.replace("{%", "")
    assert "86" in text
    assert "R-1" in text


def test_all_languages_say_the_same_things() -> None:
    english = texts_in("en")
    for language in LANGUAGES:
        texts = texts_in(language)
        assert texts.labels.keys() == english.labels.keys()
        assert (
            texts.notices.keys()
            == english.notices.keys()
            == {
                *(notice.value for notice in Notice),
                *(f"{notice.value}_again" for notice in Notice if notice.is_repeatable),
            }
        )


@pytest.mark.parametrize(
    ("language", "currency", "minor", "shown"),
    [
        ("en-US", "USD", 8628, "$86.28"),
        ("de-DE", "EUR", 123456, "1.234,56"),
        ("en-US", "JPY", 5000, "¥5,000"),
        ("en-US", "KWD", 1500, "1.500"),
        ("en-US", "IQD", 1234567, "1,234.567"),
        ("fr", "EUR", 5, "0,05"),
    ],
)
def test_money_is_shown_exactly_as_the_reader_writes_it(language: str, currency: str, minor: int, shown: str) -> None:
    assert shown in as_text(letter(language=language, subject={"currency": currency, "amount_minor": minor}))


def test_moments_are_those_of_the_clinics_clock() -> None:
    assert "November 23, 2026, 10:04\u202fAM" in as_text(letter())
    assert "23. November 2026, 10:04" in as_text(letter(language="de-DE"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(("pt-BR", "de-AT"), "de"), ((None, "ar-EG"), "ar"), (("xx", None), "en"), (("EN_us",), "en")],
)
def test_the_patients_language_comes_before_the_clinics_before_english(wanted: Any, found: str) -> None:
    assert language_for(*wanted) == found


def test_an_invoice_names_what_remains_of_it_now() -> None:
    written = letter(
        Notice.INVOICE_ISSUED,
        subject={"number": "INV-9", "due_date": "2026-12-23", "document": Document.INVOICE},
        invoice=InvoiceFacts(total_minor=8628, outstanding_minor=1000, is_void=False),
    )
    assert ("Total", "$86.28") in written.facts
    assert ("Still open", "$10.00") in written.facts
    assert ("Please pay by", "December 23, 2026") in written.facts


def test_an_insured_invoice_names_what_of_it_the_patient_is_asked_for() -> None:
    """INS-4: as its PDF does; of what is wholly the insurers' nothing is asked, and by no day."""
    about = {"number": "INV-7", "amount_minor": 30000, "due_date": "2026-12-23", "document": Document.INVOICE}
    shared = InvoiceFacts(30000, 30000, is_void=False, insurers_estimated_minor=20000)
    written = letter(Notice.INVOICE_ISSUED, subject=about, invoice=shared)
    assert ("To pay", "$100.00") in written.facts
    assert ("Please pay by", "December 23, 2026") in written.facts
    covered = InvoiceFacts(30000, 30000, is_void=False, insurers_estimated_minor=30000)
    written = letter(Notice.INVOICE_ISSUED, subject=about, invoice=covered)
    assert ("To pay", "$0.00") in written.facts
    assert "Please pay by" not in dict(written.facts)


@pytest.mark.rule("NOT-10.1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_asks_for_money_names_the_credit_in_every_language(language: str) -> None:
    """By SMS, too."""
    written = letter(Notice.INVOICE_OVERDUE, language=language, credit_minor=50000, subject={"amount_minor": 8000})
    for said in (as_text(written), as_html(written), text_of(written)):
        assert "500" in said
    assert written.credit is not None
    assert letter(Notice.INVOICE_OVERDUE, language=language).credit is None
    assert letter(language=language, credit_minor=50000).credit is None


PAID_BY = PaymentDetails(
    "Praxis <Linde> & Co", "DE89370400440532013000", "COBADEFFXXX", 'https://pay.example/?a="<b>&n={number}'
)


@pytest.mark.rule("NOT-11.1", "NOT-11.2")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_asks_for_money_says_how_to_pay_in_every_language(language: str) -> None:
    written = letter(Notice.INVOICE_OVERDUE, language=language, payment=PAID_BY, subject={"number": "INV/7 a"})
    words = texts_in(language).how_to_pay
    assert words.keys() == texts_in("en").how_to_pay.keys()
    link = 'https://pay.example/?a="<b>&n=INV%2F7%20a'
    for said in (as_text(written), unescape(as_html(written))):
        for part in (words["heading"], "Praxis <Linde> & Co", "DE89 3704 0044 0532 0130 00", "INV/7 a", link):
            assert part in said
    assert "<b>" not in as_html(written)
    assert text_of(written).endswith(link)


@pytest.mark.rule("NOT-11.1")
def test_what_asks_for_nothing_does_not_say_how_to_pay() -> None:
    covered = InvoiceFacts(30000, 30000, is_void=False, insurers_estimated_minor=30000)
    paid = InvoiceFacts(30000, 0, is_void=False)
    silent = [
        letter(payment=PAID_BY),
        letter(Notice.INVOICE_ISSUED, payment=PAID_BY, invoice=covered),
        letter(Notice.INVOICE_OVERDUE, payment=PAID_BY, invoice=paid),
        letter(Notice.INVOICE_CREDITED, payment=PAID_BY, invoice=covered),
        letter(Notice.INVOICE_DEBITED, payment=PAID_BY, invoice=paid),
        letter(Notice.INVOICE_OVERDUE),
        letter(Notice.INVOICE_OVERDUE, payment=PaymentDetails(payment_link="javascript:alert(1)")),
    ]
    assert [written.payment for written in silent] == [None] * len(silent)


@pytest.mark.rule("NOT-11.2")
def test_a_debit_note_is_paid_by_the_number_of_its_invoice() -> None:
    """RCP-11: as its document says."""
    asked = InvoiceFacts(30000, 30000, is_void=False)
    about = {"number": "DN-1", "invoice_number": "INV-7"}
    written = letter(Notice.INVOICE_DEBITED, payment=PAID_BY, invoice=asked, subject=about)
    assert written.payment is not None
    assert ("Payment reference", "INV-7") in written.payment.rows


def test_a_cancellation_names_the_invoices_that_ask_for_money_again() -> None:
    """INS-4: each by what it reopened; an older release kept only what is outstanding, the insurers' part with it."""
    reopened = (
        {"number": "INV-3", "outstanding_minor": 8628},
        {"number": "INV-4", "outstanding_minor": 25190, "reopened_minor": 7190},
    )
    written = letter(Notice.PAYMENT_CANCELLED, subject={"document": None, "reopened": reopened})
    assert ("Open again on invoice INV-3", "$86.28") in written.facts
    assert ("Open again on invoice INV-4", "$71.90") in written.facts
    assert written.attached is None


def test_the_clinics_own_words_are_used_and_their_version_is_logged() -> None:
    own = OwnText("{number}: thanks, {name}", "Hello {name},\n\nwe got {amount}.\n\n<b>See you</b>")
    notices = {Notice.PAYMENT_RECORDED: NoticeSettings(texts={"en": own})}
    written = letter(settings=Settings(4, notices=notices))
    assert written.subject == "R-1: thanks, Zoë Miller"
    assert written.body == ("Hello Zoë Miller,", "we got $86.28.", "<b>See you</b>")
    assert (written.template, written.template_version) == ("payment_recorded.en.own", 4)
    assert "&lt;b&gt;See you&lt;/b&gt;" in as_html(written)


def test_a_link_stands_where_the_clinic_sends_no_documents() -> None:
    written = letter(link="https://portal.example/receipts/7")
    assert written.attached is None
    assert "https://portal.example/receipts/7" in as_text(written)
    assert '<a href="https://portal.example/receipts/7"' in as_html(written)


def test_amounts_keep_their_direction_in_arabic_sentences() -> None:
    written = letter(language="ar")
    assert "\u2068" in written.body[0]
    assert "\u2069" in written.body[0]


@pytest.mark.parametrize("name", ["\u202eeoZ\u202c", "\u2067Zoe", "Zoe" + "\u0301" * 900])
def test_a_name_neither_turns_the_text_round_nor_covers_it(name: str) -> None:
    written = letter(Notice.PLAN_AGREED, given_name=name, clinic=Clinic(name, "UTC", "en", None, name))
    for said in (written.subject, as_text(written), as_html(written)):
        assert not set(said) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
        assert said.count("\u0301") <= 4 * MARKS_MAX


@pytest.mark.parametrize("name", ["Nguyễn", "שָׁלוֹם", "เอื้อ", "मुक्ति"])
def test_the_marks_of_a_spelling_are_kept(name: str) -> None:
    assert one_line(name) == name
    assert one_line(normalize("NFD", name)) == normalize("NFD", name)


def test_a_name_that_runs_leftwards_leaves_an_english_sentence_its_direction() -> None:
    own = OwnText("{number}", "{name} 86 {number}")
    notices = {Notice.PAYMENT_RECORDED: NoticeSettings(texts={"en": own})}
    written = letter(given_name="ليلى", settings=Settings(4, notices=notices))
    assert written.body == ("\u2068ليلى Miller\u2069 86 R-1",)


@pytest.mark.rule("NOT-1.3")
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_asked_to_answer_what_nobody_reads(language: str) -> None:
    """A clinic without an address of its own sends from the system's."""
    texts = texts_in(language)
    silent = letter(language=language, clinic=silent_clinic())
    assert silent.questions == ""
    assert texts.questions not in as_text(silent) + as_html(silent)
    called = letter(language=language, clinic=Clinic("Smile", "UTC", "en", "justaword", "555 0100"))
    assert "555 0100" in called.questions
    both = letter(language=language, clinic=Clinic("Smile", "UTC", "en", "a@b.com", "555 0100"))
    assert called.questions != both.questions
    for own in (Sender(address="desk@x.org"), Sender(reply_to="desk@x.org")):
        answered = letter(language=language, clinic=silent_clinic(), settings=Settings(sender=own))
        assert answered.questions == texts.questions


def silent_clinic() -> Clinic:
    return Clinic("Smile", "UTC", "en", None, None)


def test_a_family_name_comes_first_where_its_script_has_it_so() -> None:
    assert Patient("小龍", "山田", "ja", None, ()).name == "山田 小龍"


def test_joiners_that_belong_to_a_name_are_kept() -> None:
    joined = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    assert one_line(joined) == joined


@given(name=st.text(max_size=300))
def test_no_name_makes_a_second_header_or_breaks_the_html(name: str) -> None:
    clinic = Clinic(name or "x", "UTC", "en", None, name)
    sent = mail(letter(given_name=name, clinic=clinic), to_name=name)
    parsed = message_from_bytes(sent.data, policy=modern)
    assert parsed["Bcc"] is None
    assert [value.addresses[0].addr_spec for value in parsed.get_all("To", [])] == ["zoe@example.org"]
    head = sent.data.split(b"\r\n\r\n", 1)[0]
    assert head.lower().count(b"\r\nsubject:") == 1
    body = parsed.get_body(("html",))
    assert body is not None
    html = body.get_content()
    parser = HTMLParser()
    parser.feed(html)
    assert html.count("<script") == 0


ENCODED = "=?UTF-8?Q?=0D=0ABcc:=20all@example.org=0D=0A=0D=0AAnother=20body?="


@pytest.mark.parametrize(
    "name", [ENCODED, f"Zoë {ENCODED}", f'"{ENCODED}"', "=?UTF-8?B?DQpCY2M6IGFsbEBleGFtcGxlLm9yZw==?=", "=?=?= ?="]
)
def test_an_encoded_word_in_a_name_is_never_decoded(name: str) -> None:
    """ALL-6: it would become headers and a body of its writer's choice."""
    clinic = Clinic(name, "UTC", "en", None, name)
    sent = mail(letter(given_name=name, clinic=clinic), to_name=name)
    parsed = message_from_bytes(sent.data, policy=modern)
    assert parsed["Bcc"] is None
    assert b"Another body" not in sent.data.partition(b"\r\n\r\n")[0]
    assert parsed.keys().count("Subject") == 1
    assert parsed["Subject"] == letter(given_name=name, clinic=clinic).subject


@pytest.mark.parametrize(
    "name",
    ["M" * 78 + " " + "N" * 78, 'Anna "the quick" ' * 12, "Zoë " * 60, "ü" * 300, "a\\" * 90, "(x" * 70, "x" * 998],
)
def test_a_long_name_breaks_no_header(name: str) -> None:
    """Neither the one beside the address nor the one in the subject."""
    sent = mail(letter(given_name=name), to_name=name)
    parsed = message_from_bytes(sent.data, policy=modern)
    assert [address.addr_spec for address in parsed["To"].addresses] == ["zoe@example.org"]
    assert parsed["To"].defects == ()
    assert str(make_header(decode_header(_raw(sent.data, b"To")))).rpartition(" <")[0] == one_line(name)[:100].strip()
    assert max(len(line) for line in sent.data.split(b"\r\n")) <= 998


def _raw(data: bytes, name: bytes) -> str:
    head = data.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    (found,) = [line for line in head.split(b"\r\n") if line.startswith(name + b": ")]
    return found.partition(b": ")[2].decode()


def test_a_name_with_a_line_break_stays_in_its_header() -> None:
    sent = mail(letter(given_name="Zoë\r\nBcc: all@example.org"), to_name="Zoë\r\nBcc: all@example.org")
    parsed = message_from_bytes(sent.data, policy=modern)
    assert parsed["Bcc"] is None
    assert parsed["To"].addresses[0].display_name == "Zoë Bcc: all@example.org"


def test_the_mail_is_text_and_html_and_the_pdf_named_by_its_number() -> None:
    parsed = message_from_bytes(mail(letter()).data, policy=modern)
    assert parsed.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in parsed.walk()][1:]
    assert kinds == ["multipart/alternative", "text/plain", "text/html", "application/pdf"]
    assert parsed["Message-ID"] == f"<{ID}@x.org>"
    assert max(len(line) for line in mail(letter(language="ar")).data.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    ("to_address", "is_internationalized"),
    [("jörg@köln.example", True), ("joerg@köln.example", False), ("joerg@koeln.example", False)],
)
def test_an_address_in_other_letters_needs_a_server_that_takes_them(
    to_address: str, is_internationalized: bool
) -> None:
    sent = mail(letter(), to_address=to_address)
    assert sent.is_internationalized == is_internationalized
    assert f"<{sent.recipient}>".encode() in sent.data


def test_a_domain_in_other_letters_is_written_as_dns_has_it() -> None:
    assert mail(letter(), to_address="zoe@zähne.example").recipient == "zoe@xn--zhne-loa.example"


@pytest.mark.parametrize(("number", "name"), [("R/2026/7", "R-2026-7.pdf"), ("..", "document.pdf"), ("ä b", "ä-b.pdf")])
def test_a_file_is_named_by_the_documents_number(number: str, name: str) -> None:
    assert filename_of(number) == name
