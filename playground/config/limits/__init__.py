"""Bounds per person, per network address and in all: places to wait in, worker threads, rates, memory."""
