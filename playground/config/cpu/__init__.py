"""Cores: how busy they are on Linux, and where the threads that train compute."""
