"""What this machine has and what its owner allows."""
