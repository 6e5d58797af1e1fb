"""What an email says: the content, before anybody decides how it looks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from chassis.clock import zone

from notifications.channels.email.formats import Formats, money_of, one_line
from notifications.channels.email.how_to_pay import HowToPay, how_to_pay
from notifications.channels.email.texts import Texts, language_for, texts_in
from notifications.channels.email.to_pay import facts_to_pay
from notifications.domain.amount_due import amount_due, asked_for, patients_part
from notifications.domain.facts import Clinic, Facts
from notifications.domain.message import Message, template_of
from notifications.domain.notice import Notice, Purpose

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Letter:
    """One letter in one language; `facts` are labels and values in reading order."""

    language: str
    direction: str
    template: str
    template_version: int
    subject: str
    greeting: str
    body: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    credit: str | None
    """What the clinic holds for who is asked for money, and that it is taken off nothing."""
    payment: HowToPay | None
    attached: str | None
    linked: str | None
    link: str | None
    questions: str
    closing: str
    clinic: str


def letter_for(message: Message, facts: Facts, clinic: Clinic, link: str | None) -> Letter:
    """The letter of a message, from the facts of its check. `link` leads to the document where it is not attached."""
    patient = facts.patient
    language = language_for(patient.language if patient else None, clinic.language)
    texts = texts_in(language)
    formats = Formats(_locale(language, patient.language if patient else None, clinic.language), zone(clinic.time_zone))
    level = message.subject.level
    decided = facts.settings.of(message.notice).at_level(level)
    own = decided.of(message.channel, language) if decided else None
    wording = texts.notices[message.notice if level is None else f"{message.notice}_again"]
    subject, body = (own.subject, own.body) if own else (wording["subject"], wording["body"])
    values = _values(message, facts, clinic, formats)
    isolated = _isolated(values, texts.direction)
    has_document = message.subject.document is not None
    return Letter(
        language=language,
        direction=texts.direction,
        template=template_of(message.notice, level, language, *(("own",) if own else ())),
        template_version=facts.settings.version if own else texts.version,
        subject=one_line(_filled(subject, values)),
        greeting=_filled(texts.greeting, isolated) if values["name"] else "",
        body=tuple(_filled(paragraph, isolated) for paragraph in _paragraphs(body)),
        facts=tuple(_facts(message, facts, texts, formats)),
        credit=_credit(message, facts, texts, formats),
        payment=how_to_pay(message, facts, texts),
        attached=texts.attached if has_document and link is None else None,
        linked=texts.linked if has_document and link is not None else None,
        link=link if has_document else None,
        questions=_questions(texts, clinic, is_answered=facts.settings.sender.answers_reach(clinic.email)),
        closing=texts.closing,
        clinic=values["clinic"],
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def _paragraphs(body: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", body) if part.strip()]


def _questions(texts: Texts, clinic: Clinic, *, is_answered: bool) -> str:
    """How the clinic is asked back; nothing where no answer to the mail would reach it, nor a call."""
    phone = one_line(clinic.phone or "")
    if not phone:
        return texts.questions if is_answered else ""
    # A number has no letter to tell its direction by; it runs from left to right in every language.
    shown = phone if texts.direction == "ltr" else f"\u2066{phone}\u2069"
    return _filled(texts.questions_by_phone if is_answered else texts.questions_by_phone_alone, {"phone": shown})


def _values(message: Message, facts: Facts, clinic: Clinic, formats: Formats) -> dict[str, str]:
    subject = message.subject
    return {
        "clinic": one_line(clinic.name),
        "name": one_line(facts.patient.name) if facts.patient else "",
        "number": one_line(subject.number or (facts.transaction and facts.transaction.receipt_number) or ""),
        "amount": money_of(subject, formats, _amount(message, facts)),
        "date": _date(message, formats),
    }


def _credit(message: Message, facts: Facts, texts: Texts, formats: Formats) -> str | None:
    """Nobody is asked for money without a word of what is held for them (`NOT-10`)."""
    if facts.credit_minor <= 0 or asked_for(message, facts) <= 0:
        return None
    held = {"credit": money_of(message.subject, formats, facts.credit_minor)}
    return _filled(texts.credit, _isolated(held, texts.direction))


def _amount(message: Message, facts: Facts) -> int | None:
    """What was agreed stays what its document says, whatever was paid before its mail goes out; else what is due."""
    agreed = message.subject.agreed_minor if message.notice is Notice.PLAN_AGREED else None
    return amount_due(message, facts) if agreed is None else agreed


def _isolated(values: Mapping[str, str], direction: str) -> Mapping[str, str]:
    """Values that keep their own direction inside a sentence that runs the other way (UAX 9), and leave it its own."""
    return {
        name: f"\u2068{value}\u2069" if value and (direction == "rtl" or _runs_leftwards(value)) else value
        for name, value in values.items()
    }


def _runs_leftwards(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)


def _date(message: Message, formats: Formats) -> str:
    """When it happened; of a reminder, the day that it reminds of."""
    subject = message.subject
    if message.notice.purpose is Purpose.REMINDERS and subject.due_date:
        return formats.day(date.fromisoformat(subject.due_date))
    return formats.moment(subject.at) if subject.at else ""


def _facts(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    if message.notice is Notice.INVOICE_ISSUED:
        return _facts_of_invoice(message, facts, texts, formats)
    if message.notice.is_of_note:
        return _facts_of_note(message, facts, texts, formats)
    if message.notice.asks_for_payment:
        return facts_to_pay(message, facts, texts, formats)
    return _facts_of_transaction(message, facts, texts, formats)


def _facts_of_invoice(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    """What it is over, and what of it the patient is asked for, as its PDF says (`INS-4`)."""
    subject, asked = message.subject, amount_due(message, facts)
    rows = [
        (texts.labels["invoice"], one_line(subject.number or "")),
        (texts.labels["total"], money_of(subject, formats)),
    ]
    if asked is not None and facts.invoice is not None and asked != facts.invoice.outstanding_minor:
        rows.append((texts.labels["to_pay"], money_of(subject, formats, asked)))
    elif asked not in (None, subject.amount_minor):
        rows.append((texts.labels["open"], money_of(subject, formats, asked)))
    if subject.due_date and asked != 0:
        rows.append((texts.labels["due_date"], formats.day(date.fromisoformat(subject.due_date))))
    return rows


def _facts_of_note(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    """Of which invoice it is, and what of that is open with it."""
    subject, labels = message.subject, texts.labels
    kind = "credit_note" if message.notice is Notice.INVOICE_CREDITED else "debit_note"
    rows = [(labels[kind], one_line(subject.number or "")), (labels["invoice"], one_line(subject.invoice_number or ""))]
    rows.append((labels["amount"], money_of(subject, formats)))
    if facts.invoice is not None and facts.invoice.total_minor is not None:
        rows.append((labels["open"], money_of(subject, formats, patients_part(message, facts))))
    return rows


def _facts_of_transaction(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    subject, labels, transaction = message.subject, texts.labels, facts.transaction
    takes_back = subject.document is None
    number = subject.number or (transaction.receipt_number if transaction else None)
    rows = [(labels["void_receipt" if takes_back else "receipt"], one_line(number))] if number else []
    amount_label = "refunded" if message.notice is Notice.PAYMENT_REFUNDED else "amount"
    rows.append((labels[amount_label], money_of(subject, formats)))
    if subject.at:
        rows.append((labels["date"], formats.moment(subject.at)))
    if transaction and transaction.payer_name and message.notice is Notice.PAYMENT_RECORDED:
        rows.append((labels["paid_by"], one_line(transaction.payer_name)))
    for opened in subject.reopened:
        label = _filled(labels["open_on"], {"number": one_line(opened["number"])})
        rows.append((label, money_of(subject, formats, opened.get("reopened_minor", opened["outstanding_minor"]))))
    return rows


@lru_cache(maxsize=256)
def _locale(language: str, *tags: str | None) -> Locale:
    """The most exact locale among the tags that is of this language: `en-GB` and `en-US` write dates differently."""
    for tag in tags:
        if tag and language_for(tag) == language:
            try:
                return Locale.parse(tag.replace("_", "-"), sep="-")
            except (ValueError, UnknownLocaleError):
                continue
    return Locale.parse(language)
