"""What can be said of several runs side by side."""
