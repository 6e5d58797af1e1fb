"""Who was told, once: email, SMS and webhooks."""
