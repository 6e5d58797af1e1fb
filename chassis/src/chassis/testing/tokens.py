"""A token issuer for tests, with a key of its own."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from chassis.http.auth import StaticKeys, TokenVerifier

ALL_SCOPES = (
    "invoices:read invoices:write invoices:approve payments:read payments:write payments:reverse payments:approve "
    "receipts:read notifications:read notifications:write settings:read settings:write operations"
)


class Issuer:
    """Issues tokens for the audience `billing`, and verifies them as a service does."""

    def __init__(self, *, kid: str = "test", issuer: str = "https://issuer.test", audience: str = "billing") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._kid = kid
        self.issuer = issuer
        self.audience = audience

    def jwk(self) -> dict[str, Any]:
        """The public key, as the issuer's key set has it."""
        public: dict[str, Any] = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return public | {"kid": self._kid, "alg": "ES256", "use": "sig"}

    def jwks(self) -> dict[str, Any]:
        """The issuer's key set."""
        return {"keys": [self.jwk()]}

    def verifier(self) -> TokenVerifier:
        """A verifier that knows this issuer only."""
        keys = StaticKeys(jwt.PyJWK(self.jwk()))
        return TokenVerifier(keys, audience=self.audience, issuer=self.issuer)

    def token(
        self,
        clinic_id: UUID | str | None,
        scopes: str | Iterable[str] = ALL_SCOPES,
        *,
        subject: str = "clerk:test",
        expires_in_seconds: float = 3_600,
        **claims: Any,
    ) -> str:
        """A token; further claims are added or, given as None, left out."""
        now = time.time()
        payload: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "iat": int(now),
            "nbf": int(now),
            "exp": int(now + expires_in_seconds),
            "clinic_id": None if clinic_id is None else str(clinic_id),
            "scope": scopes if isinstance(scopes, str) else " ".join(scopes),
        }
        kept = {name: value for name, value in (payload | claims).items() if value is not None}
        return jwt.encode(kept, self._key, algorithm="ES256", headers={"kid": self._kid})
