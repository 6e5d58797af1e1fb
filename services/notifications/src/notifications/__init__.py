"""Who was told, once, by email."""
