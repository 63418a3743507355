"""What the page asks for when runs stand side by side."""
