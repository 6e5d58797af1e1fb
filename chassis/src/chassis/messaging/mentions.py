"""Whom a message names, besides those whose lane it is in: what says one clinic or patient may name another (`ALL-9`).

A message that can be read is about its key and the patient that its data names. One that cannot be read, and so is
never handled, may be about anybody whose id stands in it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from chassis.messaging.cloudevents import NO_CLINIC, UNREADABLE
from chassis.messaging.message import Lane

MOST_LANES = 1_000
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OF_CLINICS = ("clinic_id", "clinicid")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The clinics that a message names, and the keys of whom; no clinic means that it may be any."""

    clinics: frozenset[UUID]
    keys: frozenset[str]

    def include(self, lane: Lane) -> bool:
        """Whether somebody is among them."""
        clinic_id, key = lane
        return key in self.keys and (not self.clinics or clinic_id in self.clinics)

    def lanes(self) -> set[Lane]:
        """Each that it may be."""
        return {(clinic_id, key) for clinic_id in self.clinics for key in self.keys}

    @property
    def are_too_many(self) -> bool:
        """Whether nobody goes through them: they are of no event that there is."""
        return len(self.clinics) * len(self.keys) > MOST_LANES


def mentions_of(lane: Lane, sequence: int, data: bytes) -> Mentions:
    """Whom a message of this lane names; `sequence` says whether its headers could be read."""
    own, key = lane
    document = _object(data)
    of_header = frozenset() if own == NO_CLINIC else frozenset({own})
    if document is not None and sequence != UNREADABLE:
        return Mentions(of_header, frozenset({key, *_patient(document)}))
    texts = list(_texts(data, document))
    ids = {found.decode() for text in texts for found in _ID.findall(text.lower())}
    told = _clinics(document) if document is not None else {UUID(id_) for id_ in ids}
    return Mentions(of_header | told, frozenset(ids | {key}))


def _texts(data: bytes, document: Mapping[str, Any] | None) -> Iterator[bytes]:
    yield data
    if document is not None and (inner := _hidden(document)) is not None:
        yield inner


def _clinics(document: Mapping[str, Any]) -> set[UUID]:
    inner = document.get("data")
    parts = [document, inner if isinstance(inner, dict) else {}, _object(_hidden(document) or b"") or {}]
    found = set()
    for part in parts:
        for name in _OF_CLINICS:
            try:
                found.add(UUID(str(part.get(name))))
            except ValueError:
                continue
    return found


def _patient(document: Mapping[str, Any]) -> set[str]:
    """The patient that it names, as ids are written; anything may stand there, and most of it no database takes."""
    try:
        return {str(UUID(str(document.get("patient_id"))))}
    except ValueError:
        return set()


def _hidden(document: Mapping[str, Any]) -> bytes | None:
    """What an event in structured mode has in base64."""
    try:
        return b64decode(document["data_base64"])
    except (KeyError, ValueError, TypeError):
        return None


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        found = from_json(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
