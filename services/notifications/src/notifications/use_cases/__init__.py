"""The verbs: schedule, check, reserve, record, resend, change the settings."""
