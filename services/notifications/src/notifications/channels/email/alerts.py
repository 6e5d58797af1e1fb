"""What a clinic is mailed about an endpoint of its own: no word of a patient, nor of the endpoint's whole address."""

from __future__ import annotations

from babel import Locale
from chassis.clock import zone

from notifications.channels.email.formats import Formats, one_line
from notifications.channels.email.letter import Letter
from notifications.channels.email.texts import language_for, texts_in
from notifications.domain.endpoint_alert import EndpointAlert
from notifications.domain.facts import Clinic


def letter_of_alert(alert: EndpointAlert, clinic: Clinic, host: str) -> Letter:
    """The letter in the clinic's language (`NOT-7.7`)."""
    language = language_for(clinic.language)
    texts = texts_in(language)
    words, name = texts.endpoint_disabled, one_line(clinic.name)
    formats = Formats(Locale.parse(language), zone(clinic.time_zone))
    since = alert.failing_since or alert.disabled_at
    facts = ((words["system"], host), (words["since"], formats.moment(since)))
    return Letter(
        language=language,
        direction=texts.direction,
        template=f"endpoint_disabled.{language}",
        template_version=texts.version,
        subject=one_line(f"{words['subject']}: {host}"),
        greeting="",
        body=(words[alert.because.value], words["effect"]),
        facts=facts,
        credit=None,
        payment=None,
        attached=None,
        linked=None,
        link=None,
        questions=words["again"],
        closing=texts.closing,
        clinic=name,
    )
