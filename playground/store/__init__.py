"""What a run leaves on disk: one noun a file, the root passed in. Knows `playground.types` alone."""
