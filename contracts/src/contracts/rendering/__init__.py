"""What is generated from the event classes: JSON Schemas, examples, the AsyncAPI document, the catalogue."""
