"""What invoicing does on the clock."""
