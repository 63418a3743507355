"""Decodes uploaded pictures in separate processes, which can be killed and hold no data of others: with a deadline, a memory limit and their own
Pillow. Their answers are numbers and pixels of a known size, so a process that a picture has taken over cannot execute anything here. It uses the
standard library's `subprocess`, not a pool (loky, pebble): pools unpickle their workers' answers, and fork, or import torch.
"""
