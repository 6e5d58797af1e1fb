"""The PDFs that go with a message, fetched from the receipts service."""
