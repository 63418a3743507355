"""Imports torchvision; nothing else does.

torchvision's wheels are built for CUDA; beside a CPU-only torch its import fails with "operator torchvision::nms does not exist".
Its Python parts (transforms, datasets, utils, models) work once the two schemas that it looks up are declared.
"""

import torch


def _declare_missing_operators() -> None:
    """Declare what torchvision registers kernels for, where no torchvision library has done so."""
    for name, schema in {"nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
                         "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"}.items():
        try:
            getattr(torch.ops.torchvision, name)
        except (AttributeError, RuntimeError):
            torch.library.define(f"torchvision::{name}", schema.removeprefix(name))


try:
    from torchvision import datasets, transforms, utils
except RuntimeError as error:
    if "torchvision::" not in str(error):
        raise
    _declare_missing_operators()
    from torchvision import datasets, transforms, utils

__all__ = ["datasets", "transforms", "utils"]
