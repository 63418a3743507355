"""Quality without downloaded weights. Pure functions of tensors, one subject a file; none raises for samples that are not finite."""

from playground.evaluation.metrics.classes import class_accuracy, class_entropy, classes_found, least_accuracy
from playground.evaluation.metrics.clusters import assignment, cluster_accuracy, confusion, normalised_information
from playground.evaluation.metrics.energy import energy_distance
from playground.evaluation.metrics.frechet import Moments, Scale, frechet_distance, moments
from playground.evaluation.metrics.kid import kernel_distance
from playground.evaluation.metrics.mmd import mmd
from playground.evaluation.metrics.modes import modes_found, share_within
from playground.evaluation.metrics.neighbours import Prdc, prdc, radii
from playground.evaluation.metrics.patches import patches, patches_distance
from playground.evaluation.metrics.sliced import directions, sliced_wasserstein, slices, slices_distance
from playground.evaluation.metrics.spread import sample_std
from playground.evaluation.metrics.ssim import pair_ssim, ssim

__all__ = ["Moments", "Prdc", "Scale", "assignment", "class_accuracy", "class_entropy", "classes_found", "cluster_accuracy", "confusion",
           "directions", "energy_distance", "frechet_distance", "kernel_distance", "least_accuracy", "mmd", "modes_found", "moments",
           "normalised_information", "pair_ssim", "patches", "patches_distance", "prdc", "radii", "sample_std", "share_within",
           "sliced_wasserstein", "slices", "slices_distance", "ssim"]
