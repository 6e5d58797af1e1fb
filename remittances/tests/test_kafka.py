"""How the importer reaches Kafka: as the environment says, or not at all."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from contracts.event import Amount
from contracts.golden import GOLDEN
from contracts.insurance import ClaimAdjudicated, ClaimAdjustment
from remittances.kafka import security_of
from remittances.main import main
from remittances.publishing import KafkaPublisher

KNOWN = {"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_SASL_USERNAME": "insurance-claims"} | {
    "KAFKA_SASL_PASSWORD": "insurance-claims"
}


def test_a_laptop_may_have_a_password_that_everybody_knows() -> None:
    assert security_of(KNOWN | {"ENVIRONMENT": "local"})["sasl_plain_password"] == "insurance-claims"


def test_without_a_word_it_is_plain() -> None:
    assert security_of({"KAFKA_SECURITY_PROTOCOL": " ", "HOME": "/"}) == {"security_protocol": "PLAINTEXT"}


def test_name_password_and_authorities_are_told(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    told = {
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SSL_CAFILE": str(tmp_path / "ca.pem"),
        "KAFKA_SASL_USERNAME": "claims",
        "KAFKA_SASL_PASSWORD": "hush, whoever asks",
    }
    security = security_of(told)
    context = security.pop("ssl_context")
    assert security == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "claims",
        "sasl_plain_password": "hush, whoever asks",
    }
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(context.get_ca_certs()) == 1


async def test_a_decision_of_many_lines_is_published_whole(kafka_server: str) -> None:
    """INS-3: larger than a producer takes by itself, and no larger than the topic does."""
    golden = GOLDEN[ClaimAdjudicated.event_type].event
    assert isinstance(golden, ClaimAdjudicated)
    adjustment = ClaimAdjustment(group="CO", reason_code="45", amount=Amount(amount="1.00", currency="USD"))
    line = golden.lines[0].model_copy(update={"adjustments": (adjustment,) * 20})
    decision = golden.model_copy(update={"lines": (line,) * 999})
    assert len(decision.model_dump_json(exclude_none=True)) > 1_500_000
    async with KafkaPublisher(kafka_server) as publisher:
        await publisher.publish([decision])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "TLS"}, "KAFKA_SECURITY_PROTOCOL is none of"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_USERNAME": "u"}, "KAFKA_SASL_PASSWORD is needed"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SSL_CAFILE": "/nowhere"}, "KAFKA_SSL_CAFILE names no file"),
        ({"KAFKA_SSL_CAFILE": __file__}, "KAFKA_SSL_CAFILE is set, but"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SASL_USERNAME": "u"}, "KAFKA_SASL_USERNAME is set, but"),
        (KNOWN | {"ENVIRONMENT": "production"}, "only a laptop may have such a one"),
        (KNOWN | {"ENVIRONMENT": "production", "KAFKA_SASL_PASSWORD": "short"}, "only a laptop may have such a one"),
    ],
)
def test_what_cannot_be_meant_is_named_and_nothing_is_read(
    told: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=said):
        security_of(told)
    for name, value in (told | {"TOKEN": "t", "INVOICING_URL": "http://x", "KAFKA_BOOTSTRAP": "x:1"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main(["/nowhere.835", "--clinic", "019ab7c0-0001-7000-8000-000000000001"])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
