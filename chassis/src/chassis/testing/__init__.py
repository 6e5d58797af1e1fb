"""For tests: a service on a real PostgreSQL without Kafka, tokens of one's own, waiting without sleeping."""

from chassis.testing.eventually import eventually
from chassis.testing.harness import Announced, ServiceHarness, service_fixture
from chassis.testing.tokens import Issuer

__all__ = ["Announced", "Issuer", "ServiceHarness", "eventually", "service_fixture"]
