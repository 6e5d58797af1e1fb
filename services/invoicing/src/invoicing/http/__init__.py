"""What invoicing answers over HTTP."""
