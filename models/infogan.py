"""InfoGAN: codes that can be read off the samples."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.functional import cross_entropy, logsigmoid

from models.kit import losses
from models.kit.batch import Plain
from models.kit.coded import CodedKnobs, CodedLatent, HeadedCritic
from models.kit.gan import Form, Paper, Part, Round, Scalar
from models.kit.knobs import knob
from models.kit.landscape import Level
from models.kit.layers import Float32


class InfoGAN(CodedLatent):
    """InfoGAN: Interpretable Representation Learning by Information Maximizing GANs (Chen et al., 2016, arXiv:1606.03657).

    With logits r = D(x), f = D(g), g = G(z, y), y one of K categories, c the first n_c numbers of z, and Q's guess of both, made of what D sees of g:

        L_D = E sp(-r) + E sp(f)                                           eq. 1, sp(t) = log(1 + e^t)
        L_Q = -λ_y E log Q(y|g) - λ_c E log Q(c|g)                         minus the bound of eq. 5, without the constant H(y) + H(c)
        L_G = E sp(-f) + L_Q                                               eq. 6

    Q(c|g) is Gaussian with a variance of 1, as in the authors' code, or with a learnt one. Q moves with G, on the same fakes; and with Q all of D but
    its last layer.

    Differs: small networks, no batch norm in D; the update of D does not descend L_Q; c is as z is, N(0, 1) or U(-1, 1).
    """

    @dataclass(frozen=True)
    class Knobs(CodedKnobs):
        lr_q: float = knob(2e-4, 1e-5, 1e-1, log=True, live=True, basic=True, symbol="η_Q", help="how fast Q learns, and D's layers with it",
                           effects=("codes are read late", "unsteady"))
        lam_cat: float = knob(1.0, 0.0, 3.0, live=True, basic=True, symbol="λ_y", help="weight of the category in what Q and G minimise",
                              effects=("G ignores it", "clean kinds, worse samples"))
        lam_con: float = knob(0.1, 0.0, 1.0, live=True, symbol="λ_c", help="weight of the continuous codes", effects=("ignored", "worse samples"))
        n_con: int = knob(2, 0, 6, symbol="n_c", help="continuous codes: the first numbers of z", effects=("only kinds", "hard to tell"))
        variance: str = knob("1", choices=("1", "learnt"), help="variance of Q's guess of a continuous code")
        hidden_q: int = knob(128, 8, 512, log=True, symbol="n_Q", help="units of Q's own layer", effects=("reads what is plain", "more to learn"))
        prior: str = knob("uniform", choices=("normal", "uniform"), help="distribution of z and of c: N(0, 1) or U(-1, 1) in each coordinate")

    title, family = "InfoGAN", "Information"
    roles = {"D": "critic", "G": "generator", "Q": "encoder"}
    summary = "A part of what G is given must be told from its samples by Q, so that it comes to mean something: a kind, a slant, a width."
    formula = (r"L_D = -\log \sigma(D(x)) - \log(1 - \sigma(D(G(z, y))))", r"L_G = -\log \sigma(D(G(z, y))) + L_Q",
               r"L_Q = \lambda_y (-\log Q(y|G(z, y))) + \lambda_c (-\log Q(c|G(z, y)))")
    paper = Paper("InfoGAN: Interpretable Representation Learning by Information Maximizing GANs", "Chen et al.", 2016, "1606.03657")
    forms = (Form("n_con", 0, r" + \lambda_c (-\log Q(c|G(z, y)))", ""),)
    parts = (
        Part("log σ(D(x))", "mean logarithm of the probability that D gives real data", lambda gan, real, fake: logsigmoid(real)),
        Part("log(1 - σ(D(G(z, y))))", "mean logarithm of the probability that D gives fakes to be so", lambda gan, real, fake: logsigmoid(-fake)),
        Part("log σ(D(G(z, y)))", "mean logarithm of the probability that D gives fakes to be real", lambda gan, real, fake: logsigmoid(fake)),
        Part("L_Q", "what Q minimises, and G with it", "loss/q"),
        Part("-log Q(y|G(z, y))", "cross-entropy of Q's guess of the category", "info/ce"),
        Part("-log Q(c|G(z, y))", "minus the log density of the continuous codes, as Q guesses them", "info/nll"),
    )
    scalars = {
        "score/real": Scalar("mean logit of real data", "logit", "D(x)"),
        "score/fake": Scalar("mean logit of fakes", "logit", "D(G(z, y))"),
        "acc/real": Scalar("share of real data that D calls real", "share", healthy=(0.55, 0.9)),
        "acc/fake": Scalar("share of fakes that D calls fake; both at 1: D has won", "share", healthy=(0.55, 0.9)),
        "info/ce": Scalar("cross-entropy of Q's guess of the category; log K: it knows nothing", "nats", healthy=(0.0, 0.3)),
        "info/mi": Scalar("what samples tell of the category, at least; log K: all of it", "nats", line=0.0),
        "info/nll": Scalar("minus Q's mean log density of the continuous codes", "nats"),
        "info/error": Scalar("squared error of Q's guess of them, in their own variance; 1: it knows nothing", "share", healthy=(0.0, 0.5), line=1.0),
    }

    def build(self) -> None:
        """As for all; Q's own layers stand on what D sees."""
        super().build()
        self.n_con = min(self.knobs.n_con, self.z_dim)
        self.Q = nn.Sequential(nn.Linear(self.D.size, self.knobs.hidden_q), nn.LeakyReLU(0.1),
                               nn.Linear(self.knobs.hidden_q, self.knobs.n_cat + 2 * self.n_con), Float32())

    def make_d(self) -> nn.Module:
        """The network of player D: scores (B,)."""
        return HeadedCritic(super().make_d())

    def players(self) -> dict[str, list[nn.Module]]:
        """D's body is Q's, too."""
        return {"D": [self.D], "G": [self.G], "Q": [self.D.body, self.Q]}

    def guessed(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, h) -> Q's logits of the categories, (B, K), and mean and log variance of the continuous codes, (B, n_c)."""
        logits, mean, spread = self.Q(features).split([self.knobs.n_cat, self.n_con, self.n_con], 1)
        return logits, mean, spread.clamp(-4, 4) if self.knobs.variance == "learnt" else 0 * spread

    def clusters(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the category that Q takes each sample for."""
        return self.guessed(self.D.features(x))[0].argmax(1)

    def coded(self) -> tuple[str, ...]:
        """The continuous codes."""
        return tuple(f"c{i}" for i in range(1, self.n_con + 1))

    def levels(self, x: Tensor, g: Tensor, real: Tensor) -> list[Level]:
        """Logit 0, where D gives real and fake the same probability."""
        return [Level("even odds", "σ(D) = ½", 0.0)]

    def step(self, batches: Iterator[Plain]) -> Round:
        """One update of D, then one of G and Q on the same fakes (eq. 6)."""
        (x,) = next(batches)
        n = len(x)
        real, fake = self.D(x), self.D(self.fakes(n, self.drawn_categories(n)))
        yield {"D": losses.logistic_d(real, fake)}

        z, y = self.noise(n), self.drawn_categories(n)
        c, seen = z[:, :self.n_con], self.D.features(self.G(z, y))
        logits, mean, spread = self.guessed(seen)
        ce, nll = cross_entropy(logits, y), losses.gaussian_nll(mean, spread, c)
        info = self.knobs.lam_cat * ce + self.knobs.lam_con * nll
        yield {"G": losses.logistic_g(self.D.judged(seen)) + info, "Q": info}

        self.log({"score/real": real.mean(), "score/fake": fake.mean(), "acc/real": (real > 0).float().mean(), "acc/fake": (fake < 0).float().mean(),
                  "info/ce": ce, "info/mi": losses.information_bound(ce, self.knobs.n_cat)})
        if self.n_con:
            self.log({"info/nll": nll, "info/error": (mean - c).square().mean() / c.square().mean()})
