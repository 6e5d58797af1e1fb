"""Documents: what they say (content, frozen), in which words (catalogs), how they look (templates), as PDF (render)."""
