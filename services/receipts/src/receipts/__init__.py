"""What is proven: numbered, frozen PDF documents."""
