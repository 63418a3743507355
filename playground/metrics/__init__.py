"""Quality without downloaded weights. Pure functions of tensors, one noun a file; none of them raises for samples that are not numbers."""

from playground.metrics.classes import class_entropy, classes_found
from playground.metrics.energy import energy_distance
from playground.metrics.frechet import Moments, Scale, frechet_distance, moments
from playground.metrics.kid import kernel_distance
from playground.metrics.mmd import mmd
from playground.metrics.modes import modes_found, share_within
from playground.metrics.neighbours import Prdc, prdc, radii
from playground.metrics.patches import patches, patches_distance
from playground.metrics.sliced import directions, sliced_wasserstein, slices, slices_distance
from playground.metrics.spread import sample_std
from playground.metrics.ssim import pair_ssim, ssim

__all__ = ["Moments", "Prdc", "Scale", "class_entropy", "classes_found", "directions", "energy_distance", "frechet_distance", "kernel_distance",
           "mmd", "modes_found", "moments", "pair_ssim", "patches", "patches_distance", "prdc", "radii", "sample_std", "share_within",
           "sliced_wasserstein", "slices", "slices_distance", "ssim"]
