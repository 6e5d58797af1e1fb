"""Webhooks by Standard Webhooks: signed, to public addresses only."""
