"""The contracts as packages for Python and TypeScript: what they hold, how they are built, and that they work."""
