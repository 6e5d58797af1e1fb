"""Every kind of token that opens nothing, as somebody would make it (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import jwt
from chassis.http.auth import ANY_CLINIC
from chassis.testing.tokens import ALL_SCOPES, Issuer
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

UNKNOWN, FORBIDDEN = 401, 403
SECONDS = 600
"""More than clocks may differ."""


def bad_requests(issuer: Issuer, clinic_id: UUID) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Of each kind: its name, the status that it is answered with, and the headers of a request."""
    for kind, given in _unknown(issuer, clinic_id).items():
        yield kind, UNKNOWN, {"Authorization": given}
    whole = issuer.token(clinic_id)
    yield "a clinic's own, another named", FORBIDDEN, _bearer(whole) | {"Clinic-Id": str(uuid4())}
    service = issuer.token(clinic_id, f"{ALL_SCOPES} {ANY_CLINIC}")
    yield "a clinic's own for all, another named", FORBIDDEN, _bearer(service) | {"Clinic-Id": str(uuid4())}
    yield "no clinic", FORBIDDEN, _bearer(issuer.token(None))
    yield "no clinic, one named", FORBIDDEN, _bearer(issuer.token(None)) | {"Clinic-Id": str(clinic_id)}
    yield "a clinic that is none", FORBIDDEN, _bearer(issuer.token("*"))
    yield "for all clinics, none named", FORBIDDEN, _bearer(issuer.token(None, f"{ALL_SCOPES} {ANY_CLINIC}"))
    yield "no scope", FORBIDDEN, _bearer(issuer.token(clinic_id, ""))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _unknown(issuer: Issuer, clinic_id: UUID) -> dict[str, str]:
    """What says of nobody who it is, as an Authorization header has it."""
    later, whole = int(time.time()) + SECONDS, issuer.token(clinic_id)
    claims: dict[str, dict[str, Any]] = {
        "expired": {"exp": later - 2 * SECONDS},
        "not yet valid": {"nbf": later},
        "another audience": {"aud": "scheduling"},
        "no audience": {"aud": None},
        "another issuer": {"iss": "https://elsewhere.test"},
        "no issuer": {"iss": None},
        "no end": {"exp": None},
        "nobody's": {"sub": None},
        "an empty name's": {"sub": " "},
    }
    tokens = {kind: issuer.token(clinic_id, **wrong) for kind, wrong in claims.items()}
    tokens |= {
        "a foreign key": Issuer().token(clinic_id),
        "an unknown kid": Issuer(kid="unknown").token(clinic_id),
        "HS256 with the public key": _keyed_with_the_public_key(issuer, whole),
        "unsigned": _with_header(whole, {"alg": "none", "typ": "JWT"}) + ".",
        "changed after it was signed": _changed(whole),
        "without its signature": whole.rpartition(".")[0] + ".",
        "garbage": "a.b.c",
        "one word": "garbage",
        "nothing": "",
    }
    schemes = {"another scheme": f"Basic {whole}", "no scheme": whole}
    return schemes | {kind: f"Bearer {token}" for kind, token in tokens.items()}


def _keyed_with_the_public_key(issuer: Issuer, token: str) -> str:
    """What a library accepts that takes any algorithm: signed with what everybody can read, as if it were a secret."""
    public = jwt.PyJWK(issuer.jwk()).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = _with_header(token, {"alg": "HS256", "typ": "JWT", "kid": issuer.jwk()["kid"]})
    return f"{signed}.{_encoded(hmac.new(public, signed.encode(), hashlib.sha256).digest())}"


def _changed(token: str) -> str:
    """Of another clinic, under the signature of the first."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{_encoded(json.dumps(claims | {'clinic_id': str(uuid4())}).encode())}.{signature}"


def _with_header(token: str, header: dict[str, str]) -> str:
    return f"{_encoded(json.dumps(header).encode())}.{token.split('.')[1]}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
