"""EBGAN-PT."""

from dataclasses import dataclass

from torch import Tensor

from models.ebgan import EBGAN
from models.kit import losses
from models.kit.gan import Paper, Scalar
from models.kit.knobs import knob


class EBGANPT(EBGAN):
    """Energy-based Generative Adversarial Network, section 2.4: the repelling regularizer (Zhao, Mathieu & LeCun, 2016, arXiv:1609.03126).

    EBGAN whose G has another term, which keeps its samples' codes S (of D's encoder) from being parallel:

        L_G = E e(G(z)) + λ PT(S),      PT(S) = 1 / (N (N - 1)) Σ_{i ≠ j} (S_i · S_j / |S_i| |S_j|)^2          eq. 5

    D's loss has no PT, and in G's update the gradient reaches G alone.

    Differs: as EBGAN.
    """

    @dataclass(frozen=True)
    class Knobs(EBGAN.Knobs):
        pt: float = knob(0.1, 0.0, 1.0, live=True, basic=True, symbol="λ_PT",
                         help="weight of the term that keeps the fakes' codes from being parallel",
                         effects=("EBGAN", "more variety, less realism"))

    title, summary = "EBGAN-PT", "EBGAN, with a term that pulls the codes of G's samples apart."
    formula = (*EBGAN.formula[:1], r"L_G = U(G(z)) + \lambda_{PT}\, PT(S)")
    paper = Paper("Energy-based Generative Adversarial Network", "Zhao, Mathieu, LeCun", 2016, "1609.03126")
    scalars = EBGAN.scalars | {"code/pt": Scalar("mean squared cosine of the fakes' codes; 1: all parallel", "cosine", "PT(S)", healthy=(0.0, 0.5)),
                               "code/rank": Scalar("effective number of directions of the codes", "directions")}

    def extra(self, codes: Tensor) -> Tensor:
        """λ_PT PT(S) of the codes (B, h) of G's fakes, a scalar (section 2.4); logs PT and the effective number of directions."""
        pt = losses.pulling_away(codes)
        self.log({"code/pt": pt, "code/rank": len(codes) / (1 + (len(codes) - 1) * pt)})      # N^2 / sum of all squared cosines
        return self.knobs.pt * pt
