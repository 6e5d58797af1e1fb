"""What a text message says: the letter's words without its form, as few segments long as they allow."""

from __future__ import annotations

import unicodedata
from typing import Final

from notifications.channels.email.letter import Letter

LENGTH_MAX: Final = 1_600
"""Characters that providers take."""
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The alphabet of GSM 03.38; with any other character a segment has less than half as many."""
_GSM_TWICE: Final = frozenset("^{}\\[~]|€")
_PLAINER: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2013": "-", "\u201c": '"', "\u201d": '"'})


def text_of(letter: Letter) -> str:
    """The clinic, what it says, and the link to the document. What is too long loses its end, but never the link."""
    payment = letter.payment.in_short if letter.payment else ""
    said = _plain(" ".join([f"{letter.clinic}:", *letter.body, letter.credit or "", payment]))
    link = f" {letter.link}" if letter.link else ""
    room = LENGTH_MAX - len(link)
    return (said if len(said) <= room else said[: room - 1].rstrip() + "…") + link


def segments_of(text: str) -> int:
    """How many segments it is sent in, each of which is paid for."""
    if all(char in _GSM or char in _GSM_TWICE for char in text):
        septets = sum(2 if char in _GSM_TWICE else 1 for char in text)
        return 1 if septets <= 160 else -(-septets // 153)  # noqa: PLR2004 - of GSM 03.38 and 03.40
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)  # noqa: PLR2004 - of GSM 03.40


def _plain(text: str) -> str:
    """Spaces of one kind and straight quotes: one that is not of GSM's alphabet would cost another segment or two."""
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    return " ".join(spaced.translate(_PLAINER).split())
