"""What the environment says of Kafka: the same for services, workers and commands."""

from __future__ import annotations

import os
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.broker import ENCRYPTED, NAMED, Broker, Mechanism, Protocol
from chassis.known_secrets import LAPTOP, is_address, require_own
from chassis.tls import CertificateFiles

Replicas = Annotated[int, Field(ge=1, le=100)]
CLUSTER_REPLICAS, CLUSTER_IN_SYNC = 3, 2
"""What a cluster has where nothing else is said, as `deploy/kafka/topics.yaml` declares it; a laptop has one broker."""


class BrokerSettings(BaseSettings):
    """Environment variables that begin with KAFKA_, named as Kafka's own clients name them, and ENVIRONMENT.

    Outside a laptop a secret that anybody can guess is refused, whichever variable has it.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    environment: str = "production"
    """Where this runs: `local` is a laptop, whose secrets may be known and whose broker may be the only one."""
    kafka_bootstrap: Annotated[str, Field(pattern=r"^[^\s,]+(\s*,\s*[^\s,]+)*$")] = "localhost:9092"
    kafka_security_protocol: Protocol = "PLAINTEXT"
    kafka_sasl_mechanism: Mechanism = "SCRAM-SHA-512"
    kafka_sasl_username: Annotated[str | None, Field(validate_default=True)] = None
    kafka_sasl_password: Annotated[SecretStr | None, Field(validate_default=True)] = None
    kafka_ssl_cafile: str | None = None
    """The authorities that may have made the brokers' certificates (PEM); the system's without it."""
    kafka_ssl_certfile: str | None = None
    """The client's own certificate (PEM), where brokers want one."""
    kafka_ssl_keyfile: str | None = None
    kafka_ssl_password: SecretStr | None = None
    """Of the private key, where it has one."""
    kafka_replication_factor: Replicas | None = None
    """How many replicas each topic is to have: 3 where nothing is said, 1 on a laptop."""

    @field_validator("*")
    @classmethod
    def _own(cls, given: Any, info: ValidationInfo) -> Any:
        """A secret is not known to everybody; so for every setting that a service will ever have (`ALL-5`)."""
        told = given.get_secret_value() if isinstance(given, SecretStr) else given
        if isinstance(given, SecretStr) or (isinstance(told, str) and is_address(told)):
            plain = [word for word in info.data.values() if isinstance(word, str)]
            require_own(info.data.get("environment", ""), told, plain)
        return given

    @field_validator("kafka_sasl_username", "kafka_sasl_password")
    @classmethod
    def _told_where_asked_for(cls, given: Any, info: ValidationInfo) -> Any:
        """A name that would not be told, or is missing, is a mistake of whoever set it."""
        protocol = info.data.get("kafka_security_protocol")
        if protocol in NAMED and given is None:
            raise ValueError(f"is needed where KAFKA_SECURITY_PROTOCOL is {protocol}")
        if protocol not in (*NAMED, None) and given is not None:
            raise ValueError("is set, but KAFKA_SECURITY_PROTOCOL is neither SASL_SSL nor SASL_PLAINTEXT")
        return given

    @field_validator("kafka_ssl_cafile", "kafka_ssl_certfile", "kafka_ssl_keyfile")
    @classmethod
    def _readable(cls, given: str | None, info: ValidationInfo) -> str | None:
        """Encryption that somebody asked for by half is not gone without."""
        if given is None:
            return None
        if info.data.get("kafka_security_protocol") not in (*ENCRYPTED, None):
            raise ValueError("is set, but KAFKA_SECURITY_PROTOCOL is neither SSL nor SASL_SSL")
        if not os.access(given, os.R_OK):
            raise ValueError("names no file that can be read")
        return given

    @property
    def replicas_asked(self) -> int:
        """How many replicas each topic is to have."""
        return self.kafka_replication_factor or (1 if self.environment == LAPTOP else CLUSTER_REPLICAS)

    def broker(self) -> Broker:
        """What clients are made with. Raises OSError where the files of certificates do not fit together."""
        broker = Broker(
            bootstrap=self.kafka_bootstrap,
            protocol=self.kafka_security_protocol,
            mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_sasl_username,
            password=_plain(self.kafka_sasl_password),
            files=CertificateFiles(
                authorities=self.kafka_ssl_cafile,
                certificate=self.kafka_ssl_certfile,
                key=self.kafka_ssl_keyfile,
                key_password=_plain(self.kafka_ssl_password),
            ),
        )
        broker.security()
        return broker


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
