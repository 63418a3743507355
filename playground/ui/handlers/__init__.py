"""What the page asks for, one noun a file."""
