"""The figures of documents that are not told by events: asked of the service that answers for them."""
