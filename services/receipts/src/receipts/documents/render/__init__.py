"""How documents look: content and catalog into HTML, HTML into archivable and accessible PDF, in processes of their own."""
