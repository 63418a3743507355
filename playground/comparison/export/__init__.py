"""A comparison as files for people."""
