"""Objectives as pure functions of scores. Scores have shape (B,); every function returns a scalar to minimise unless it says otherwise."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, leaky_relu, softplus


def logistic_d(real: Tensor, fake: Tensor, smooth: float = 0.0) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))) on logits (Goodfellow et al., 2014, eq. 1); `smooth` lowers the real target alone."""
    return softplus(-real).mean() + smooth * real.mean() + softplus(fake).mean()


def logistic_g(fake: Tensor) -> Tensor:
    """-E log D(G(z)): the non-saturating loss (section 3 of the same paper)."""
    return softplus(-fake).mean()


def minimax_g(fake: Tensor) -> Tensor:
    """E log(1 - D(G(z))): the saturating loss of eq. 1."""
    return -softplus(fake).mean()


def boundary_g(fake: Tensor) -> Tensor:
    """1/2 E (log D(G(z)) - log(1 - D(G(z))))^2, which of logits is 1/2 E f^2 (Hjelm et al., 2017, continuous case)."""
    return 0.5 * fake.square().mean()


def boundary_weights(fake: Tensor) -> Tensor:
    """Logits of M samples of each z, (..., M) -> their normalised importance weights, the same shape, without a graph (same paper, discrete case)."""
    return fake.detach().softmax(-1)


def boundary_discrete_g(fake: Tensor, log_prob: Tensor) -> Tensor:
    """-E_z sum_m w_m log g(x_m | z), on the logits and log-probabilities (..., M) of M samples of each z (same case): a policy gradient."""
    return -(boundary_weights(fake) * log_prob).sum(-1).mean()


def class_loss(logits: Tensor, y: Tensor) -> Tensor:
    """-E log softmax(logits)_y of raw logits (B, K) and classes (B,) (Odena et al., 2016, eq. 3): the cross-entropy, with no softmax before it."""
    return cross_entropy(logits, y)


def real_logit(logits: Tensor) -> Tensor:
    """(B, K + 1) -> (B,): log(p / (1 - p)) of the probability p that a softmax gives the first K together, all classes of real data; the last is
    "fake" (Odena, 2016; Salimans et al., 2016, section 5). In differences of logits alone, so that nothing underflows."""
    return torch.logsumexp(logits[:, :-1], 1) - logits[:, -1]


def semi_supervised_d(known: Tensor, y: Tensor, real: Tensor, fake: Tensor, weight: float) -> Tensor:
    """Cross-entropy of labelled samples' logits `known`, (b, K + 1), with their classes - w E log(1 - p(fake | x)) - E log p(fake | G(z)); `real`,
    `fake`: logits of samples without labels and of fakes (Odena, 2016; the middle term is of Salimans et al., 2016)."""
    return class_loss(known, y) + weight * softplus(-real_logit(real)).mean() + softplus(real_logit(fake)).mean()


def hinge_d(real: Tensor, fake: Tensor) -> Tensor:
    """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z))), each sample for itself (Miyato et al., 2018, eq. 16); G's loss is `wasserstein_g` (eq. 17)."""
    return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()


def least_squares_d(real: Tensor, fake: Tensor, a: float, b: float) -> Tensor:
    """1/2 E (D(x) - b)^2 + 1/2 E (D(G(z)) - a)^2 (Mao et al., 2016, eq. 2)."""
    return 0.5 * (real - b).square().mean() + 0.5 * (fake - a).square().mean()


def least_squares_g(fake: Tensor, c: float) -> Tensor:
    """1/2 E (D(G(z)) - c)^2 (same equation)."""
    return 0.5 * (fake - c).square().mean()


def relativistic(higher: Tensor, lower: Tensor) -> Tensor:
    """-E log sigma(higher_i - lower_i), pair by pair (Jolicoeur-Martineau, 2018, section 4): D wants real scores higher, G those of fakes."""
    return softplus(lower - higher).mean()


RELATIVE: dict[str, Callable[[Tensor], Tensor]] = {     # what a difference costs that should be large
    "logistic": lambda t: softplus(-t),
    "least squares": lambda t: (t - 1).square(),
    "hinge": lambda t: torch.relu(1 - t),
}


def relativistic_average(higher: Tensor, lower: Tensor, base: str) -> Tensor:
    """Each score of one kind should lie above the mean of the other kind, and the other way round (the same paper and section); a gradient flows
    through the means, too. `base`: a key of RELATIVE. D wants real scores higher, G those of fakes."""
    cost = RELATIVE[base]
    return cost(higher - lower.mean()).mean() + cost(higher.mean() - lower).mean()


def log_partition(real: Tensor, fake: Tensor) -> Tensor:
    """log Z, Z = sum of exp(-mu) over the real and the fake scores of both batches (Lin, 2017)."""
    return torch.logsumexp(-torch.cat([real, fake]), 0)


def softmax_d(real: Tensor, fake: Tensor) -> Tensor:
    """Mean mu of real data + log Z: the cross-entropy of a softmax that should lie on real data alone (same paper)."""
    return real.mean() + log_partition(real, fake)


def softmax_g(real: Tensor, fake: Tensor) -> Tensor:
    """Mean mu of both + log Z: the cross-entropy of a softmax that should be uniform over both (same paper)."""
    return torch.cat([real, fake]).mean() + log_partition(real, fake)


def reconstruction(target: Tensor, output: Tensor, exponent: int = 2, reduction: str = "mean") -> Tensor:
    """(B, ...) and (B, ...) -> (B,): |target - output| ** exponent (1 or 2), "mean" or "sum" over everything but the batch."""
    difference = target - output
    each = (difference.square() if exponent == 2 else difference.abs()).flatten(1)
    return each.sum(1) if reduction == "sum" else each.mean(1)


def began_d(real: Tensor, fake: Tensor, k: Tensor) -> Tensor:
    """L(x) - k L(G(z_D)) on mean energies (Berthelot et al., 2017, section 3.4)."""
    return real - k * fake


def began_k(k: Tensor, real: Tensor, fake: Tensor, gamma: float, lambda_k: float, scale: Tensor | float = 1.0) -> Tensor:
    """k + lambda_k (gamma L(x) - L(G(z_G))) / scale, clamped to [0, 1] (same section; the paper's scale is 1)."""
    return torch.clamp(k + lambda_k * (gamma * real - fake) / scale, 0, 1)


def began_measure(real: Tensor, fake: Tensor, gamma: float) -> Tensor:
    """M_global = L(x) + |gamma L(x) - L(G(z_G))| (section 3.4.1)."""
    return real + (gamma * real - fake).abs()


def wasserstein_d(real: Tensor, fake: Tensor) -> Tensor:
    """E D(G(z)) - E D(x): minus the critic's estimate of the distance (Arjovsky et al., 2017, eq. 2)."""
    return fake.mean() - real.mean()


def wasserstein_g(fake: Tensor) -> Tensor:
    """-E D(G(z)) (same paper, eq. 3)."""
    return -fake.mean()


def mixed(real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """epsilon x + (1 - epsilon) g, one epsilon (B,) in [0, 1] per sample (Gulrajani et al., 2017, algorithm 1)."""
    epsilon = epsilon.view(len(real), *[1] * (real.ndim - 1))
    return epsilon * real + (1 - epsilon) * fake


def gradient_squares(scores: Tensor, x: Tensor) -> Tensor:
    """Squared length of each sample's input gradient, (B,), with a graph; `scores` (B,) must depend on `x`."""
    gradient = torch.autograd.grad(scores.sum(), x, create_graph=True)[0]
    return gradient.flatten(1).square().sum(1)


def gradient_norms(scores: Tensor, x: Tensor) -> Tensor:
    """Length of each sample's input gradient, (B,), as `gradient_squares`. Differentiable at 0, too."""
    return (gradient_squares(scores, x) + 1e-12).sqrt()


def between(x: Tensor, g: Tensor, generator: torch.Generator | None) -> Tensor:
    """epsilon x + (1 - epsilon) g, same shape, one epsilon ~ U(0, 1) per sample, drawn from `generator` (same algorithm)."""
    return mixed(x, g, torch.rand(len(x), generator=generator, device=x.device))


def slopes(critic: Callable[[Tensor], Tensor], u: Tensor) -> Tensor:
    """Length of the critic's gradient at each sample of `u`, (B, ...) -> (B,), with a graph to the critic's weights alone."""
    u = u.detach().requires_grad_()
    return gradient_norms(critic(u), u)


def gradient_penalty(norms: Tensor, one_sided: bool = False) -> Tensor:
    """E (|grad| - 1)^2 (same paper, eq. 3); one-sided: only lengths beyond 1 count."""
    excess = norms - 1
    return (torch.relu(excess) if one_sided else excess).square().mean()


def power_penalty(norms: Tensor, power: float) -> Tensor:
    """E |grad|^p, p = `power` of the lengths themselves, (B,) (Wu et al., 2018)."""
    return norms.pow(power).mean()


def lecam(real: Tensor, fake: Tensor, of_real: Tensor, of_fake: Tensor) -> Tensor:
    """E (D(x) - a_g)^2 + E (D(G(z)) - a_x)^2, a_x and a_g moving averages of both scores (Tseng et al., 2021, arXiv:2104.03310)."""
    return (real - of_fake).square().mean() + (fake - of_real).square().mean()


def perturbed(x: Tensor, noise: Tensor, scale: float) -> Tensor:
    """x + scale std(x) noise, the deviation that of all the batch's numbers; `noise`, as x, in [0, 1] (Kodali et al., 2017, the authors' code)."""
    return x + scale * x.std(correction=0) * noise


def margin_d(real: Tensor, fake: Tensor, margin: Tensor | float) -> Tensor:
    """E e(x) + E max(0, m - e(G(z))), the hinge per sample (Zhao et al., 2016, eq. 1)."""
    return real.mean() + torch.relu(margin - fake).mean()


def energy_g(fake: Tensor) -> Tensor:
    """E e(G(z)) (same paper, eq. 2)."""
    return fake.mean()


def pulling_away(codes: Tensor) -> Tensor:
    """Mean squared cosine between different rows of `codes`, (B, h): 0 orthogonal, 1 parallel (same paper, section 2.4)."""
    rows = codes / codes.norm(dim=1, keepdim=True).clamp_min(1e-12)
    n = len(rows)
    with torch.autocast(rows.device.type, enabled=False):       # this matrix product belongs to a loss, not to a network
        cosines = (rows @ rows.T).square()
    return (cosines.sum() - cosines.diagonal().sum()) / max(n * (n - 1), 1)


def margin_rule(margin: Tensor, real: Tensor, fake: Tensor, fake_before: Tensor) -> Tensor:
    """MAGAN's margin at an epoch's end (Wang et al., 2017, algorithm 1): mean e(x), if it lies under the margin and under mean e(G(z)),
    and mean e(G(z)) has risen; else the old one."""
    return torch.where((real < margin) & (real < fake) & (fake > fake_before), real, margin)


def pair_margin(x: Tensor, g: Tensor, tau: float) -> Tensor:
    """tau times the mean absolute difference of each pair, (B,) (Qi, 2017: Delta; the mean, not the sum)."""
    return tau * (x - g).abs().flatten(1).mean(1)


def loss_sensitive_d(real: Tensor, fake: Tensor, delta: Tensor, weight: float, real_weight: float = 1.0) -> Tensor:
    """w E L(x) + lambda E max(0, Delta(x, g) + L(x) - L(g)), pair by pair (Qi, 2017, eq. 6)."""
    return real_weight * real.mean() + weight * torch.relu(delta + real - fake).mean()


def generalized_d(real: Tensor, fake: Tensor, delta: Tensor, nu: float) -> Tensor:
    """E C_nu(Delta(x, g) + L(x) - L(g)), pair by pair, C_nu(a) = max(a, nu a), nu <= 1 (Qi, 2017, appendix D)."""
    return leaky_relu(delta + real - fake, nu).mean()


def gaussian_kl(mean: Tensor, logvar: Tensor) -> Tensor:
    """E KL(N(mean, exp(logvar)) | N(0, 1)) in nats, of codes (B, n): summed over their numbers (Kingma & Welling, 2013, appendix B)."""
    return 0.5 * (logvar.exp() + mean.square() - 1 - logvar).sum(1).mean()


def gaussian_nll(mean: Tensor, logvar: Tensor, c: Tensor) -> Tensor:
    """-E log N(c; mean, exp(logvar)), (B, n) each: summed over the n numbers of a code, the mean over codes; 0 where n is 0."""
    return 0.5 * (math.log(2 * math.pi) + logvar + (c - mean).square() / logvar.exp()).sum(1).mean()


def information_bound(cross_entropy: Tensor, categories: int) -> Tensor:
    """H(y) + E log Q(y|x), a lower bound of the mutual information of x and one of as many categories, equally likely (Chen et al., 2016, eq. 5)."""
    return math.log(categories) - cross_entropy
