"""Where the bytes of documents lie: a folder, or a bucket of S3 (`RCP-1`)."""
