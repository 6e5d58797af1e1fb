"""Settings come from the environment, are checked once, and keep their secrets."""

from __future__ import annotations

import pytest
from chassis.settings import Settings
from pydantic import ValidationError


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://payments_app:hush@db/payments")
    monkeypatch.setenv("CLIENT_SECRET", "hush")
    settings = Settings()
    assert "hush" not in repr(settings) + str(settings)
    assert settings.migrations_url().endswith(":hush@db/payments")


def test_bad_setting_is_refused_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "hush")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "http_port" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTLP_ENDPOINT", "")
    monkeypatch.setenv("HEALTH_PORT", "")
    settings = Settings()
    assert (settings.otlp_endpoint, settings.health_port) == (None, None)


@pytest.mark.parametrize(
    ("told", "named", "said"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_PASSWORD": "hush"}, "kafka_sasl_username", "is needed"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_USERNAME": "u"}, "kafka_sasl_password", "is needed"),
        ({"KAFKA_SASL_USERNAME": "u"}, "kafka_sasl_username", "KAFKA_SECURITY_PROTOCOL is neither"),
        ({"KAFKA_SSL_CAFILE": __file__}, "kafka_ssl_cafile", "KAFKA_SECURITY_PROTOCOL is neither"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SSL_CAFILE": "/nowhere"}, "kafka_ssl_cafile", "no file"),
        ({"KAFKA_SECURITY_PROTOCOL": "TLS"}, "kafka_security_protocol", "SASL_SSL"),
        ({"DATABASE_URL": "mysql://u:hush@h/d"}, "database_url", "begins with none of"),
        ({"DATABASE_URL": "postgresql://u:hush@h/d?sslmode=verify_full"}, "database_url", "none of disable"),
        ({"DATABASE_URL": "postgresql://u:hush@h/d?ssl=verify"}, "database_url", "none of disable"),
        (
            {"DATABASE_URL": "postgresql://u:hush@h/d?ssl=require&sslmode=require"},
            "database_url",
            "both ssl and sslmode",
        ),
        (
            {"DATABASE_URL": "postgresql://u:hush@h,i/d?target_session_attrs=standby"},
            "database_url",
            "target_session_attrs",
        ),
        ({"DATABASE_URL": "postgresql://u:hush@h/d?sslrootcert=/nowhere"}, "database_url", "sslrootcert"),
    ],
)
def test_what_cannot_be_meant_of_kafka_or_the_database_is_named_at_the_start(
    told: dict[str, str], named: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Encryption that was asked for by half is not silently gone without."""
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert [error["loc"] for error in refused.value.errors()] == [(named,)]
    assert said in str(refused.value)
    assert "hush" not in str(refused.value)


def test_three_replicas_are_asked_for_but_on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-7."""
    assert Settings().replicas_asked == 1
    monkeypatch.setenv("ENVIRONMENT", "staging")
    assert Settings().replicas_asked == 3
    monkeypatch.setenv("KAFKA_REPLICATION_FACTOR", "2")
    assert Settings().replicas_asked == 2
    monkeypatch.setenv("KAFKA_REPLICATION_FACTOR", "0")
    with pytest.raises(ValidationError, match="kafka_replication_factor"):
        Settings()
