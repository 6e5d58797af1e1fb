"""The ways to reach somebody; each answers what became of a message."""
