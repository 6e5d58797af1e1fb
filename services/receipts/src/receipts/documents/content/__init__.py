"""What a document says: frozen facts with no language, no layout, kept as JSON for as long as the document."""
