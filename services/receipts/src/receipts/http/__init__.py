"""The API: receipts and their PDFs, invoices as PDF, and how a clinic wants its documents."""
