"""How payments are kept: what is locked, what is appended, what is read."""
