"""DCGAN, a convolutional architecture."""

from dataclasses import dataclass

import torch
from torch import nn

from models.gan import MinimaxGAN
from models.kit import nets
from models.kit.batch import Images
from models.kit.gan import Paper
from models.kit.knobs import knob
from models.kit.layers import Double, Flat, Float32, Grid


class DCGAN(MinimaxGAN):
    """Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks (Radford et al., 2015, arXiv:1511.06434).

    GAN's losses; what is new is the architecture (section 3), which is of images alone: without pixels there is nothing to convolve.

        G: z -> n_G 2^(u - 1) maps, then u times 4x4 transposed convolutions with stride 2, of half as many maps each; batch norm and ReLU, tanh last
        D: u times 4x4 convolutions with stride 2, of n_D maps, then twice as many each; batch norm and LeakyReLU 0.2; a linear score

    No batch norm at G's output and at D's input; no pooling, no hidden layer. Weights are drawn from N(0, 0.02^2). Real and fake samples are
    batches of their own in D, each normalised by its own statistics; in views of D at rest, running statistics of both stand for them.

    Differs: sizes other than 64 pixels have as many halvings as lead to maps of 4 to 7; batch norm's scales begin at N(1, 0.02^2) and layers have no
    biases, as common implementations have it; GAN's other choices, spectral norm and a hidden layer of D may be switched on.
    """

    @dataclass(frozen=True)
    class Knobs(MinimaxGAN.Knobs):
        width_g: int = knob(64, 4, 128, log=True, symbol="n_G", help="channels of G's last hidden layer", effects=("blurry", "slow"))
        width_d: int = knob(64, 4, 128, log=True, symbol="n_D", help="channels of D's first layer", effects=("easily fooled", "slow, strict"))
        prior: str = knob("uniform", choices=("normal", "uniform"), help="distribution of z: N(0, 1) or U(-1, 1) in each coordinate")

    title, batch, batch_norm_d = "DCGAN", Images, True
    summary = "GAN with the convolutional networks that many later GANs began with: strides, and batch norm in both players. Images only."
    paper = Paper("Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks", "Radford, Metz, Chintala", 2015,
                  "1511.06434")

    def initialise(self, generator: torch.Generator) -> None:
        """Every weight from N(0, 0.02^2) (section 4)."""
        nets.initialise(self, generator, 0.02)

    def make_g(self) -> nn.Module:
        """(B, z_dim) -> images in [-1, 1]; no batch norm at the output."""
        base, ups = nets.base_size(self.shape.size)
        c = self.knobs.width_g * 2 ** (ups - 1)
        layers: list[nn.Module] = [nn.Linear(self.z_dim, c * base * base, bias=False), Grid(c, base), nn.BatchNorm2d(c), nn.ReLU()]
        for _ in range(ups - 1):
            layers += [Double(c, c // 2, bias=False), nn.BatchNorm2d(c // 2), nn.ReLU()]
            c //= 2
        return nn.Sequential(*layers, Double(c, self.shape.channels, bias=False), nn.Tanh(), Float32())

    def make_d(self) -> nn.Module:
        """Images -> logits, (B,); no batch norm at the input."""
        k, (base, downs) = self.knobs, nets.base_size(self.shape.size)
        layers: list[nn.Module] = []
        a, b = self.shape.channels, k.width_d
        for i in range(downs):
            layers += [nn.Conv2d(a, b, 4, 2, 1, bias=False), *([nn.BatchNorm2d(b)] if i else []), nn.LeakyReLU(0.2)]
            a, b = b, 2 * b
        features = a * base * base
        hidden = [nn.Linear(features, k.hidden_d), nn.LeakyReLU(0.2)] if k.hidden_d else []
        net = nn.Sequential(*layers, Flat(), *hidden, nn.Linear(k.hidden_d or features, 1, bias=False), nn.Flatten(0), Float32())
        return nets.normed(net) if k.spectral else net
