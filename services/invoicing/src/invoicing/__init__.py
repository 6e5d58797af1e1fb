"""What is owed: billable procedures, invoices, notes and plans."""
