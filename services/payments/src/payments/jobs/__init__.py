"""What payments does on the clock."""
