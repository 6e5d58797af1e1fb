"""A Kafka and a PostgreSQL that let nobody in without encryption, with certificates made here."""

from __future__ import annotations

import dataclasses
import os
import pwd
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from chassis.broker import Broker
from chassis.tls import CertificateFiles
from cryptography.hazmat.primitives import serialization
from local_stack.encrypted_postgres import encrypted_binaries
from local_stack.kafka import Kafka, Topics
from local_stack.places import passable_folder
from local_stack.ports import free_port
from local_stack.postgres import Postgres

USERNAME, PASSWORD = "billing", "of-the-broker"
BY_CERTIFICATE = "by_certificate"


@dataclass
class Certificates:
    """An authority and what it makes, as PEM files."""

    folder: Path
    authority: trustme.CA

    def __post_init__(self) -> None:
        self.authority.cert_pem.write_to_path(self.authorities)

    @property
    def authorities(self) -> Path:
        return self.folder / "authorities.pem"

    def server(self, name: str) -> Path:
        """Certificate and key in one file, for servers on this machine."""
        made, file = self.authority.issue_cert("127.0.0.1", "localhost"), self.folder / f"{name}.pem"
        key = serialization.load_pem_private_key(made.private_key_pem.bytes(), password=None)
        # Kafka reads no other form of a key.
        plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(key.private_bytes(*plain) + made.cert_chain_pems[0].bytes())
        return file

    def client(self, name: str, *, expired: bool = False) -> CertificateFiles:
        """A client's certificate with this common name; written over where there is one already."""
        now = datetime.now(UTC)
        times = {"not_before": now - timedelta(days=2), "not_after": now - timedelta(days=1)} if expired else {}
        made = self.authority.issue_cert(f"{name}@clients.test", common_name=name, **times)
        certificate, key = self.folder / f"{name}-certificate.pem", self.folder / f"{name}-key.pem"
        made.cert_chain_pems[0].write_to_path(certificate)
        made.private_key_pem.write_to_path(key)
        key.chmod(0o600)
        return CertificateFiles(authorities=str(self.authorities), certificate=str(certificate), key=str(key))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    made = passable_folder("tls")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def certificates(folder: Path) -> Certificates:
    return Certificates(folder, trustme.CA())


@pytest.fixture(scope="session")
def strangers(folder: Path) -> Certificates:
    """Of an authority that no server here knows."""
    (folder / "strangers").mkdir()
    return Certificates(folder / "strangers", trustme.CA())


@dataclass
class EncryptedKafka:
    """How to get in: by name and password, or by certificate."""

    by_name: Broker
    certificate_port: int

    def by_certificate(self, files: CertificateFiles) -> Broker:
        return Broker(f"127.0.0.1:{self.certificate_port}", protocol="SSL", files=files)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def encrypted_kafka(folder: Path, certificates: Certificates) -> AsyncIterator[EncryptedKafka]:
    named, certified = free_port(), free_port()
    controller = free_port(besides=[named, certified])
    trusting = CertificateFiles(authorities=str(certificates.authorities))
    by_name = Broker(f"127.0.0.1:{named}", "SASL_SSL", "SCRAM-SHA-512", USERNAME, PASSWORD, trusting)
    listeners = f"SASL_SSL://127.0.0.1:{named},SSL://127.0.0.1:{certified}"
    settings = {
        "listeners": f"{listeners},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(certificates.server("kafka")),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates.authorities),
        "listener.name.ssl.ssl.client.auth": "required",
    }
    kafka = Kafka(
        folder / "kafka",
        named,
        controller,
        folder / "kafka.log",
        topics=Topics(("test.heard.v1", "test.told.v1"), 2),
        more=settings,
        format_options=["--add-scram", f"SCRAM-SHA-512=[name={USERNAME},password={PASSWORD}]"],
        broker=by_name,
    )
    try:
        await kafka.start()
        yield EncryptedKafka(by_name, certified)
    finally:
        await kafka.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def encrypted_postgres(folder: Path, certificates: Certificates) -> AsyncIterator[str]:
    """A superuser's address. The role of `BY_CERTIFICATE` shows its certificate, all others say a password."""
    binaries = encrypted_binaries(folder)
    rules, key = folder / "pg_hba.conf", certificates.server("postgres")
    rules.write_text(f"hostssl all {BY_CERTIFICATE} 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
    for file in (rules, key):
        _give_to_the_server(file)
    settings = {
        "ssl": "on",
        "ssl_cert_file": str(key),
        "ssl_key_file": str(key),
        "ssl_ca_file": str(certificates.authorities),
        "hba_file": str(rules),
    }
    postgres = Postgres(
        folder / "data",
        free_port(),
        folder / "postgres.log",
        password="of-the-database",
        durable=False,
        binaries=binaries,
        more=settings,
        query=f"sslmode=verify-full&sslrootcert={certificates.authorities}",
    )
    try:
        await postgres.start()
        yield postgres.dsn()
    finally:
        await postgres.stop()


def _give_to_the_server(file: Path) -> None:
    file.chmod(0o600)
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        os.chown(file, account.pw_uid, account.pw_gid)


def with_authorities(broker: Broker, file: Path) -> Broker:
    """The same broker, trusting others."""
    return dataclasses.replace(broker, files=dataclasses.replace(broker.files, authorities=str(file)))
