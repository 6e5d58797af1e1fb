"""What is proven, as plain Python: transactions, receipts, issued invoices, and how a clinic wants its documents."""
