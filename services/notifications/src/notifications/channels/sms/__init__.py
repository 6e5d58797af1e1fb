"""Text messages, by a provider with Twilio's HTTP API."""
