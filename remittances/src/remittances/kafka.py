"""How the claims system makes itself known to Kafka: by the environment, as Kafka's own clients name it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiokafka.helpers import create_ssl_context

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_ENCRYPTED = ("SSL", "SASL_SSL")
_NAMED = ("SASL_PLAINTEXT", "SASL_SSL")
_LAPTOP, _CHARACTERS_MIN = "local", 12


def security_of(environment: Mapping[str, str]) -> dict[str, Any]:
    """What a client is given besides the address. Raises ValueError, naming the variable; OSError for a bad file."""
    told = {name: value.strip() for name, value in environment.items() if name.startswith("KAFKA_") and value.strip()}
    protocol = _one_of(PROTOCOLS, told, "KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
    security: dict[str, Any] = {"security_protocol": protocol}
    if protocol in _ENCRYPTED:
        security["ssl_context"] = create_ssl_context(
            cafile=_file(told, "KAFKA_SSL_CAFILE"),
            certfile=_file(told, "KAFKA_SSL_CERTFILE"),
            keyfile=_file(told, "KAFKA_SSL_KEYFILE"),
            password=told.get("KAFKA_SSL_PASSWORD", ""),
        )
    if protocol in _NAMED:
        security["sasl_mechanism"] = _one_of(MECHANISMS, told, "KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
        security["sasl_plain_username"] = _needed(told, "KAFKA_SASL_USERNAME", protocol)
        security["sasl_plain_password"] = _needed(told, "KAFKA_SASL_PASSWORD", protocol)
        if environment.get("ENVIRONMENT") != _LAPTOP:
            _require_own(told)
    _require_told(told, protocol)
    return security


def _require_told(told: Mapping[str, str], protocol: str) -> None:
    """Encryption or a name that somebody asked for by half is not gone without."""
    for prefix, protocols in (("KAFKA_SSL_", _ENCRYPTED), ("KAFKA_SASL_", _NAMED)):
        unused = sorted(name for name in told if name.startswith(prefix))
        if unused and protocol not in protocols:
            raise ValueError(f"{unused[0]} is set, but KAFKA_SECURITY_PROTOCOL is {protocol}")


def _one_of(allowed: tuple[str, ...], told: Mapping[str, str], name: str, default: str) -> str:
    given = told.get(name, default)
    if given not in allowed:
        raise ValueError(f"{name} is none of {', '.join(allowed)}")
    return given


def _needed(told: Mapping[str, str], name: str, protocol: str) -> str:
    if name not in told:
        raise ValueError(f"{name} is needed where KAFKA_SECURITY_PROTOCOL is {protocol}")
    return told[name]


def _require_own(told: Mapping[str, str]) -> None:
    """Outside a laptop a password is none that anybody can guess."""
    given = told["KAFKA_SASL_PASSWORD"]
    if len(given) < _CHARACTERS_MIN or given == told["KAFKA_SASL_USERNAME"]:
        raise ValueError(
            f"KAFKA_SASL_PASSWORD has fewer than {_CHARACTERS_MIN} characters or is the name: only a laptop may have "
            f"such a one (ENVIRONMENT={_LAPTOP})"
        )


def _file(told: Mapping[str, str], name: str) -> str | None:
    given = told.get(name)
    if given is not None and not Path(given).is_file():
        raise ValueError(f"{name} names no file")
    return given
