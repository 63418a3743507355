"""Titles of knobs, for all variants; for others the words of the name are used."""

TITLES = {
    "lr_g": "learning rate of G", "lr_d": "learning rate of D", "batch": "batch size",
    "beta1": "Adam's momentum", "beta2": "Adam's second moment", "weight_decay": "weight decay of D",
    "width_g": "width of G", "width_d": "width of D", "hidden_d": "hidden units of D", "body": "architecture",
    "ema": "moving average of G", "spectral": "spectral normalization",
    "z_dim": "latent dimension", "prior": "latent distribution", "skip": "skip connection of G", "z": "latents of D and G",
    "code": "code dimension", "critic": "input of D", "noise": "noise on D's input", "exponent": "exponent of the energy",
    "reduction": "energy over pixels", "clamp": "loss function clamped at 0",
    "gamma": "diversity ratio", "lambda_k": "gain of k", "k0": "initial k", "k_scale": "scale of k's error", "halve_lr": "halve rates when stalled",
    "margin": "margin", "pt": "pulling-away weight", "hold": "fixed margin", "pretrain": "pretraining steps", "epoch_len": "steps per epoch",
    "g_loss": "loss of G", "n_d": "updates of D per step", "n_critic": "critic updates per step", "label_smooth": "label smoothing",
    "scheme": "targets", "tau": "margin per distance", "weight": "weight of violations", "real_weight": "weight of L(x)",
    "gp": "gradient penalty weight", "clip": "clipping bound", "boost": "extra critic updates", "optimiser": "optimizer",
    "base": "base loss", "burn_in": "burn-in steps",
    "perturb": "perturbation of data", "power": "power of slopes", "at": "where slopes are penalized", "nu": "weight of kept margins",
    "class_weight": "weight of the class loss", "fake_classes": "classes of fakes in D's loss",
    "labels": "known labels", "unlabelled": "weight of samples without labels",
    "regulariser": "regularizer", "regulariser_weight": "weight of the regularizer", "augment": "augmentation of D's input",
    "ada": "target of ADA", "relative": "relativistic losses", "topk": "share of best fakes",
    "n_cat": "categories", "n_con": "continuous codes", "lam_cat": "weight of the category", "lam_con": "weight of continuous codes",
    "variance": "variance of Q", "hidden_q": "hidden units of Q", "lr_q": "learning rate of Q", "lr_e": "learning rate of E",
    "sigma": "scale of z", "beta_n": "weight of E's error of z", "beta_c": "weight of the category",
    "gain": "gain behind spectral norm", "n_power": "rounds of power iteration",
}


def title(name: str) -> str:
    """The title of the knob `name`."""
    return TITLES.get(name, words_of(name))


def words_of(name: str) -> str:
    """A name's words, separated by spaces."""
    return name.replace("_", " ")
