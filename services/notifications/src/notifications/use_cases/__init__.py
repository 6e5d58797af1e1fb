"""The verbs: plan, look, claim, record, resend, change the settings."""
