"""Factur-X: an invoice or note as EN 16931 data, carried by its PDF (`RCP-4`)."""
