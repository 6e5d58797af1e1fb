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
