"""All runs of a server: who may start what, who waits, who has a worker, what is kept."""
