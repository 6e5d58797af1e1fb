"""The whole system on one machine: PostgreSQL, Kafka, the four services, an SMTP catcher, a token issuer."""
