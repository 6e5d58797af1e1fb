"""The nouns of telling people: notices, messages, settings, quiet hours, the check before sending."""
