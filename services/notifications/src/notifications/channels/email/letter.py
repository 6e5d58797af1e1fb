"""What an email says: the content, before anybody decides how it looks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from chassis.money import decimals_of

from notifications.channels.email.texts import Texts, language_for, texts_in
from notifications.domain.last_look import Clinic, Facts
from notifications.domain.message import Message, Subject
from notifications.domain.notice import Notice

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_JOINERS = "\u200c\u200d"
"""Invisible, yet part of the spelling of many names."""


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
    attached: str | None
    linked: str | None
    link: str | None
    questions: str
    closing: str
    clinic: str


@dataclass(frozen=True)
class Formats:
    """Money and moments as the reader writes them, in the clinic's zone."""

    locale: Locale
    zone: ZoneInfo

    def money(self, minor: int, currency: str) -> str:
        """An amount of minor units, exact."""
        decimals = decimals_of(currency)
        pattern = copy(self.locale.currency_formats["standard"])
        # The locale data would round some currencies to fewer decimals than are paid in them.
        pattern.frac_prec = (decimals, decimals)
        amount = Decimal(minor).scaleb(-decimals)
        formatted: str = pattern.apply(amount, self.locale, currency=currency, currency_digits=False)
        return formatted

    def day(self, day: date) -> str:
        """A calendar day."""
        return format_date(day, "long", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """An instant on the clinic's clock: what happened at its desk, the patient remembers by it."""
        local = moment.astimezone(self.zone)
        day, clock = format_date(local, "long", locale=self.locale), format_time(local, "short", locale=self.locale)
        return f"{day}, {clock}"


def letter_for(message: Message, facts: Facts, clinic: Clinic, link: str | None) -> Letter:
    """The letter of a message, from what the last look saw. `link` leads to the document where it is not attached."""
    patient = facts.patient
    language = language_for(patient.language if patient else None, clinic.language)
    texts = texts_in(language)
    formats = Formats(_locale(language, patient.language if patient else None, clinic.language), _zone(clinic))
    own = facts.settings.of(message.notice).texts.get(language)
    wording = texts.notices[message.notice]
    subject, body = (own.subject, own.body) if own else (wording["subject"], wording["body"])
    values = _values(message, facts, clinic, formats)
    isolated = _isolated(values, texts.direction)
    has_document = message.subject.document is not None
    return Letter(
        language=language,
        direction=texts.direction,
        template=f"{message.notice}.{language}" + (".own" if own else ""),
        template_version=facts.settings.version if own else texts.version,
        subject=one_line(_filled(subject, values)),
        greeting=_filled(texts.greeting, isolated) if values["name"] else "",
        body=tuple(_filled(paragraph, isolated) for paragraph in _paragraphs(body)),
        facts=tuple(_facts(message, facts, texts, formats)),
        attached=texts.attached if has_document and link is None else None,
        linked=texts.linked if has_document and link is not None else None,
        link=link if has_document else None,
        questions=_questions(texts, clinic),
        closing=texts.closing,
        clinic=values["clinic"],
    )


def one_line(text: str) -> str:
    """Text that fits into a header: control, line and bidirectional format characters become spaces, runs become one.

    This is what makes a second header impossible, whatever a name has in it.
    """
    visible = (" " if _is_invisible(char) else char for char in text)
    return " ".join("".join(visible).split())


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char)[0] in "CZ" and char not in _JOINERS


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def _paragraphs(body: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", body) if part.strip()]


def _questions(texts: Texts, clinic: Clinic) -> str:
    phone = one_line(clinic.phone or "")
    if not phone:
        return texts.questions
    # A number has no letter to tell its direction by; it runs from left to right in every language.
    shown = phone if texts.direction == "ltr" else f"\u2066{phone}\u2069"
    return _filled(texts.questions_by_phone, {"phone": shown})


def _values(message: Message, facts: Facts, clinic: Clinic, formats: Formats) -> dict[str, str]:
    subject = message.subject
    amount = facts.invoice.outstanding_minor if _asks_for_money(message, facts) and facts.invoice else None
    return {
        "clinic": one_line(clinic.name),
        "name": one_line(facts.patient.name) if facts.patient else "",
        "number": one_line(subject.number or (facts.transaction and facts.transaction.receipt_number) or ""),
        "amount": _money(subject, formats, amount),
        "date": formats.moment(subject.at) if subject.at else "",
    }


def _isolated(values: Mapping[str, str], direction: str) -> Mapping[str, str]:
    """Values that keep their own direction inside a sentence that runs from right to left (UAX 9)."""
    if direction == "ltr":
        return values
    return {name: f"\u2068{value}\u2069" if value else "" for name, value in values.items()}


def _asks_for_money(message: Message, facts: Facts) -> bool:
    """An invoice names what remains of it now, not what it once was (`NOT-4`)."""
    return (
        message.notice is Notice.INVOICE_ISSUED and facts.invoice is not None and facts.invoice.total_minor is not None
    )


def _money(subject: Subject, formats: Formats, minor: int | None = None) -> str:
    amount = subject.amount_minor if minor is None else minor
    return formats.money(amount, subject.currency) if amount is not None and subject.currency else ""


def _facts(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    if message.notice is Notice.INVOICE_ISSUED:
        return _facts_of_invoice(message.subject, facts, texts, formats)
    return _facts_of_transaction(message, facts, texts, formats)


def _facts_of_invoice(subject: Subject, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    rows = [
        (texts.labels["invoice"], one_line(subject.number or "")),
        (texts.labels["total"], _money(subject, formats)),
    ]
    invoice = facts.invoice
    if invoice is not None and invoice.total_minor is not None and invoice.outstanding_minor != subject.amount_minor:
        rows.append((texts.labels["open"], _money(subject, formats, invoice.outstanding_minor)))
    if subject.due_date:
        rows.append((texts.labels["due_date"], formats.day(date.fromisoformat(subject.due_date))))
    return rows


def _facts_of_transaction(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    subject, labels, transaction = message.subject, texts.labels, facts.transaction
    takes_back = subject.document is None
    number = subject.number or (transaction.receipt_number if transaction else None)
    rows = [(labels["void_receipt" if takes_back else "receipt"], one_line(number))] if number else []
    amount_label = "refunded" if message.notice is Notice.PAYMENT_REFUNDED else "amount"
    rows.append((labels[amount_label], _money(subject, formats)))
    if subject.at:
        rows.append((labels["date"], formats.moment(subject.at)))
    if transaction and transaction.payer_name and message.notice is Notice.PAYMENT_RECORDED:
        rows.append((labels["paid_by"], one_line(transaction.payer_name)))
    for opened in subject.reopened:
        label = _filled(labels["open_on"], {"number": one_line(opened["number"])})
        rows.append((label, _money(subject, formats, opened["outstanding_minor"])))
    return rows


def _zone(clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.time_zone)


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
