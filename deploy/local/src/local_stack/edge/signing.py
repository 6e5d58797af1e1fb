"""The issuer's key and the tokens that it signs: JWTs as the services expect them (RFC 9068's claims, by and large)."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local_stack.edge.settings import AUDIENCE, LIFETIME_SECONDS

if TYPE_CHECKING:
    from chassis.http.auth import TokenVerifier

_COORDINATE_BYTES = 32


@dataclass(frozen=True)
class Signer:
    """Signs tokens with one ES256 key, kept in a file that only its owner reads."""

    key: ec.EllipticCurvePrivateKey
    issuer: str

    @classmethod
    def kept_in(cls, file: Path, issuer: str) -> Signer:
        """The key of `file`, made if there is none yet."""
        if not file.exists():
            made = ec.generate_private_key(ec.SECP256R1())
            text = made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            file.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
                output.write(text)
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{file} holds a key of another kind")
        return cls(key, issuer)

    def key_set(self) -> dict[str, Any]:
        """The public key as a JWK set (RFC 7517)."""
        return {"keys": [self._public() | {"kid": self._key_id(), "use": "sig", "alg": "ES256"}]}

    def verifier(self) -> TokenVerifier:
        """Verifies its tokens, as the services do."""
        from chassis.http.auth import StaticKeys, TokenVerifier

        keys = StaticKeys(*jwt.PyJWKSet.from_dict(self.key_set()).keys)
        return TokenVerifier(keys, audience=AUDIENCE, issuer=self.issuer)

    def token(
        self, *, subject: str, clinic_id: UUID | None, scopes: frozenset[str], lifetime_seconds: int = LIFETIME_SECONDS
    ) -> str:
        """A signed token for one clinic, or of none."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lifetime_seconds,
            "jti": str(uuid4()),
            "scope": " ".join(sorted(scopes)),
        } | ({} if clinic_id is None else {"clinic_id": str(clinic_id)})
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": self._key_id()})

    def identity_token(self, *, subject: str, audience: str, claims: dict[str, Any]) -> str:
        """Who has signed in, signed for the client that asked (OpenID Connect Core, 2)."""
        now = int(time.time())
        own = {"iss": self.issuer, "sub": subject, "aud": audience, "iat": now, "exp": now + LIFETIME_SECONDS}
        return jwt.encode(claims | own, self.key, algorithm="ES256", headers={"kid": self._key_id()})

    def _public(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        return {"crv": "P-256", "kty": "EC", "x": _encoded(numbers.x), "y": _encoded(numbers.y)}

    def _key_id(self) -> str:
        public = self._public()
        thumbprint = ",".join(f'"{name}":"{public[name]}"' for name in ("crv", "kty", "x", "y"))
        digest = hashlib.sha256(f"{{{thumbprint}}}".encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _encoded(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(_COORDINATE_BYTES, "big")).rstrip(b"=").decode()
