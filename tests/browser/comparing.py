"""Runs that are put side by side in the tab Compare."""

from playwright.sync_api import expect
from visitor import Visitor

BEGAN = {"variant": "began", "data": "ring8", "preset": "quick",
         "knobs": {"width_g": 8, "width_d": 8, "batch": 16, "gamma": 0.5, "lr_g": 2e-4, "lr_d": 2e-4}}
GAN = {"variant": "gan", "data": "ring8", "preset": "quick", "knobs": {"width_g": 8, "width_d": 8, "batch": 32}}


def come(visitor: Visitor, *lanes: str, view: str = "") -> None:
    """Open lanes of ended runs, each the ids of its runs with dots between them."""
    visitor.page.goto(f"{visitor.url}/?tab=compare&runs={','.join(lanes)}{view}")
    for i, _ in enumerate(lanes):
        expect(visitor.page.get_by_test_id(f"lane-status-{i}")).to_contain_text("finished")
