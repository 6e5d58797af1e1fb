"""What invoicing does: one verb a file, each a command and one function that loads, decides, saves and announces."""
