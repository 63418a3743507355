"""Programs that make what ships; each is run by hand."""
