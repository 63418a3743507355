"""Variants whose D is an autoencoder: a score is an energy."""

from dataclasses import dataclass

from torch import Tensor, nn

from models.kit import losses, nets
from models.kit.gan import Latent, LatentKnobs
from models.kit.knobs import knob
from models.kit.landscape import energies, energy_cells


@dataclass(frozen=True)
class EnergyKnobs(LatentKnobs):
    """Knobs of variants whose D is an autoencoder."""

    code: int = knob(64, 2, 512, log=True, symbol="h", help="numbers between encoder and decoder", effects=("poor reconstructions", "D copies all"))
    critic: str = knob("lift", choices=("lift", "denoise", "plain"), only="points",
                       help="what D reconstructs: random Fourier features, a noisy point, or the point itself (which it learns to copy)")
    noise: float = knob(0.3, 0.0, 1.0, only="points", symbol="σ", help="noise on the points of which D reconstructs the clean ones; not with plain",
                        effects=("narrow valleys of energy", "wide valleys"))
    exponent: str = knob("2", choices=("1", "2"), symbol="η", help="energy = |v - D(v)| to this power")


class Energy(Latent):
    """Variants whose D is an autoencoder. Capability: `reconstruct`. A score is an energy: larger is more fake."""

    Knobs = EnergyKnobs
    larger_is, positive = "fake", True
    pair = ("energy/real", "energy/fake")

    def make_d(self) -> nn.Module:
        """An autoencoder: (B, *shape.dims) -> a `nets.Reconstruction`."""
        k = self.knobs
        return nets.autoencoder(self.shape, k.width_d, k.code, hidden=k.hidden_d, spectral=k.spectral, critic=k.critic, noise=k.noise)

    def energy(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): |x - D(x)| ** exponent, mean (or sum) over the pixels (or features) of each sample."""
        return self.energy_and_code(x)[0]

    def energy_and_code(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The energies, (B,), and D's codes of the samples, (B, h)."""
        found = self.D(x, self.generator)
        return losses.reconstruction(found.target, found.output, int(self.knobs.exponent), self.reduction()), found.code

    def reduction(self) -> str:
        """"mean" or "sum" over a sample's numbers."""
        return "mean"

    def score(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B,): the energy."""
        return self.energy(x)

    def landscape(self, n: int, reach: float) -> Tensor:
        """As for every GAN; D's input noise is integrated over, not drawn (`landscape.energy_cells`)."""
        if not self.D.noise:
            return super().landscape(n, reach)
        return energy_cells(self.D, n, reach, int(self.knobs.exponent), self.reduction(), self.generator.device)

    def smooth_score(self, x: Tensor) -> Tensor:
        """As for every GAN; D's input noise is integrated over, not drawn (`landscape.energies`)."""
        return energies(self.D, x, int(self.knobs.exponent), self.reduction()) if self.D.noise else self.score(x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> D's reconstructions, same shape."""
        return self.D(x, self.generator).output
