"""The closed-form examples, as tensors."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

EXAMPLES = {e["id"]: e for e in json.loads((Path(__file__).parent / "loss_examples.json").read_text())["examples"]}
EXACT = {"rel": 1e-9, "abs": 1e-9}


def double(values: Any) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def example(name: str, tensors: bool = True) -> tuple[dict[str, Tensor], dict[str, Any], dict[str, Any]]:
    """Inputs as float64 tensors (none, where they are not all numbers), hyperparameters, and the whole record."""
    e = EXAMPLES[name]
    return {k: double(v) for k, v in e["inputs"].items()} if tensors else {}, e["hyper"], e


def grad(loss: Tensor, of: Tensor) -> Any:
    return torch.autograd.grad(loss, of, retain_graph=True)[0].tolist()
