"""What every billing service has in common and nothing dental: database, messaging, HTTP, telemetry."""
