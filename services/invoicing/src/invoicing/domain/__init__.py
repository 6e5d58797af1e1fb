"""What is owed, as plain Python: invoices, lines, discounts, taxes, notes, settings. No I/O."""
