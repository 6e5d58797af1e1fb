"""What a remittance, a decision and an insurer are known by, in whatever file, envelope or spelling (`INS-6`)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from uuid import UUID, uuid5

from remittances.remittance import REVERSAL, Claim, Remittance

NAMESPACE = UUID("6f1d2a52-8a4f-5f7e-9d5a-3c0a1b7e8350")
"""Of all ids that are derived from a file: the same transfer gives the same ids, wherever and how often it is read."""
LEGAL_FORMS = frozenset("inc incorporated corp corporation co company ltd limited llc llp lp plc".split())
"""What companies write behind their name, or leave out."""
ACCENTED = re.compile(r"([a-z\u03b1-\u03c9])[\u0300-\u036f]+")
"""Latin and Greek letters, which capitals leave without their accents; elsewhere a mark makes another letter."""
POINTS = re.compile(r"[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670]")
"""Vowels in Hebrew and Arabic, which are mostly left out."""
WITHIN_WORDS = re.compile(r"[.'`\u2019]")


def remittance_id(clinic_id: UUID, remittance: Remittance) -> UUID:
    """A transfer is one by clinic, payer, trace number, amount and date; no control number of an envelope is in it.

    A trace number is known in whatever letters and groups it is written, as payments knows references (`PAY-17`).
    """
    parts = (
        str(clinic_id),
        payer_key(remittance.payer_identifier, remittance.payer_name),
        reference_key(remittance.reference),
        plain(remittance.amount),
        f"{remittance.decided_at:%Y%m%d}",
    )
    return uuid5(NAMESPACE, "transfer\n" + "\n".join(parts))


class DecisionIds:
    """The ids of a remittance's decisions: by our number and the payer's, and the how manieth of these it is.

    What a claim pays is not in it: a repaired file decides the same claims (`INS-3`).
    """

    def __init__(self, of_remittance: UUID) -> None:
        self._remittance = of_remittance
        self._seen: Counter[tuple[str, str, bool]] = Counter()

    def next(self, claim: Claim) -> UUID:
        """The id of the next claim of the remittance."""
        key = (claim.patient_control_number, claim.payer_control_number, claim.status == REVERSAL)
        self._seen[key] += 1
        number, payers_number, reverses = key
        kind = "reversal" if reverses else "decision"
        return uuid5(self._remittance, f"{kind}\n{number}\n{payers_number}\n{self._seen[key]}")


def payer_key(identifier: str, name: str) -> str:
    """What an insurer is known by: its identifier, else its name as people compare names."""
    return f"id {identifier.casefold()}" if identifier else f"name {name_key(name)}"


def reference_key(reference: str) -> str:
    """A trace number without spaces, case and what is not seen: `eft-0815 ab` is `EFT-0815AB`; other signs count."""
    signs = unicodedata.normalize("NFKC", reference)
    return (
        "".join(sign for sign in signs if not sign.isspace() and unicodedata.category(sign) != "Cf").casefold().upper()
    )


def name_key(name: str) -> str:
    """A name without case, accents, punctuation and legal form: `Made-Up Payer, Inc.` is `MADE UP PAYER`.

    What is an accent depends on the script: `Й` is not `И`, nor `ガ` `カ`, and vowels may be marks on what they follow.
    """
    plain_letters = ACCENTED.sub(r"\1", unicodedata.normalize("NFKD", name.casefold()))
    bare = unicodedata.normalize("NFKC", POINTS.sub("", plain_letters))
    words = _words(WITHIN_WORDS.sub("", bare).replace("&", " and "))
    if words[:1] == ["the"]:
        words = words[1:] or words
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words) or bare.strip()


def _words(text: str) -> list[str]:
    """Its letters and digits, with the marks on them."""
    return "".join(one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in text).split()


def plain(amount: Decimal) -> str:
    """An amount in one way of writing: `70`, `70.0` and `070.00` are `70`."""
    return format(amount.normalize() if amount else Decimal(0), "f")
