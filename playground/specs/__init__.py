"""Specs of runs: checked, chosen as presets, estimated."""
