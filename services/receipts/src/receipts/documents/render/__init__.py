"""How documents look: content and catalog into HTML, HTML into archivable, accessible PDF, in own processes."""
