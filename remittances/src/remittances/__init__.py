"""Insurers' remittance files (X12 835), read, matched to invoices, and announced as adjudications (`INS-3`)."""
