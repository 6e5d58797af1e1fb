"""The routes of the settings and of the log of messages."""
