"""Email: what it says, how it looks, and the SMTP server that takes it."""
