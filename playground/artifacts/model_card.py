"""What is seen of a model first: its card, Markdown with front matter that the Hugging Face Hub reads, and a picture of its samples."""

import re
from typing import Any

import numpy as np
import torch
import yaml

from models.kit.capabilities import Conditional
from models.kit.knobs import describe
from playground import data
from playground.artifacts.metadata import About
from playground.artifacts.model_file import Model
from playground.evaluation import suite
from playground.evaluation.floors import shipped
from playground.render import encode, thumbnails
from playground.training import build
from playground.types import Refused

EXAMPLE, POINTS, REAL = 64, 500, 1000   # samples in the example; points of a cloud, and real ones beneath
SIDE, RADII = 560, (9, 16, 7)           # px of a cloud; see `thumbs.of_points`
QUALITY, FEW = 90, 16                   # so many are made at once: the widest network that is read would fill gigabytes with 64
LICENCES = {"CC0 1.0": "cc0-1.0", "CC BY 4.0": "cc-by-4.0", "CC BY-SA 3.0": "cc-by-sa-3.0", "CC BY-SA 4.0": "cc-by-sa-4.0", "MIT": "mit",
            "Apache-2.0": "apache-2.0"}         # as the Hub calls them
TASK = "unconditional-image-generation"
MEANING = re.compile(r"([\\`*_\[\]<>#|&~:@$]|(?<=www)\.)", re.IGNORECASE)      # what makes something of a text within a line: links too
LOAD = """```python
from pathlib import Path
from playground.artifacts.model_file import unpack

gan = unpack(Path("model.safetensors").read_bytes()).gan
x = gan.sample(gan.{draw}(64))       # {shape}
```"""


def card(about: About, grid: str = "grid.webp") -> str:
    """A model's README.md. `grid` is the name of the picture beside it. Nothing that a person wrote is Markdown, HTML or YAML in it."""
    cls, points = about.variant_class, about.shape.is_points
    paper = f"[{cls.paper.title}](https://arxiv.org/abs/{cls.paper.arxiv}), {cls.paper.authors}, {cls.paper.year}"
    lines = ["---", yaml.safe_dump(front(about), sort_keys=False, allow_unicode=True).strip(), "---", "", f"# {plain(title(about))}", "",
             f"![Samples of fixed latents]({grid})", "", f"{cls.summary} {cls.title}: {paper}.", "", *_facts(about), ""]
    if about.quality:
        lines += ["## Quality", "", *_measures(about), ""]
    lines += ["## Knobs", "", "| knob | value | what it is |", "|---|---|---|",
              *(f"| `{k['name']}` | {_short(about.knobs[k['name']])} | {_cell(k['help'])} |"
                for k in describe(cls.Knobs, points) if k["name"] in about.knobs), ""]
    shape = ", ".join(map(str, (EXAMPLE, *about.dims)))
    return "\n".join([*lines, "## Use", "", "With the GAN Playground's code at hand; numbers lie within ±1 for pictures.", "",
                      LOAD.format(draw="draw" if issubclass(cls, Conditional) else "noise", shape=f"({shape})"), ""])


def front(about: About) -> dict[str, Any]:
    """The card's front matter."""
    cls, licence = about.variant_class, licence_of(about)
    task = "other" if about.shape.is_points or issubclass(cls, Conditional) else TASK
    told: dict[str, Any] = {"license": LICENCES.get(licence, "other")}
    if told["license"] == "other":
        told["license_name"] = licence or "unknown"
    told |= {"library_name": "pytorch", "tags": ["gan", about.variant, "gan-playground"]} | ({} if task == "other" else {"pipeline_tag": task})
    metrics = [{"type": name.split("/")[1], "name": name, "value": found["value"]} for name, found in about.quality.items()]
    if metrics:
        result = {"task": {"type": task}, "dataset": {"name": title_of_data(about), "type": about.data}, "metrics": metrics}
        told["model-index"] = [{"name": about.name or f"{cls.title} on {title_of_data(about)}", "results": [result]}]
    return told


def title(about: About) -> str:
    """What a model is called: as its owner says, else by its variant and data."""
    return about.name or f"{about.variant_class.title} on {title_of_data(about)}" + ("" if about.shape.is_points else f", {about.size} px")


def title_of_data(about: About) -> str:
    """As this playground calls them; their id where they are not known here."""
    return data.DATASETS[about.data].title if about.data in data.DATASETS else about.data


def licence_of(about: About) -> str:
    """The data's; "" when nobody said."""
    return about.licence or (data.DATASETS[about.data].licence if about.data in data.DATASETS else "")


def plain(text: Any) -> str:
    """Text of a line that Markdown and HTML leave as it is."""
    return MEANING.sub(r"\\\1", str(text))


def grid(model: Model) -> bytes:
    """The pictures that its run was watched by, native pixels; points as a cloud on what they should be like, where that is known. WebP."""
    gan = model.gan
    generator = torch.Generator().manual_seed(model.about.seed)
    code = gan.draw(POINTS, generator) if gan.shape.is_points else build.frame_code(gan, generator)
    made = torch.cat([build.samples(gan, few) for few in code.split(FEW)])
    if not gan.shape.is_points:
        return encode.webp(encode.tiled(made, build.COLUMNS), QUALITY)
    return thumbnails.of_points(made.numpy(), _real(model.about), SIDE, RADII)


def _real(about: About) -> np.ndarray:
    try:
        return data.load(about.data, 0, about.options).held[:REAL].numpy() if data.get(about.data).kind == "points" else np.zeros((0, 2))
    except Refused:                                     # from elsewhere
        return np.zeros((0, 2))


def _facts(about: About) -> list[str]:
    made = ", ".join(f"{name} {version}" for name, version in about.versions.items())
    known = {k: v for k, v in about.options.items() if k != "points"}           # the drawing itself would fill the page
    rows = {"Variant": f"{about.variant_class.title} (`{about.variant}`)", "Data": f"{plain(title_of_data(about))} (`{about.data}`)",
            "The data's licence": plain(licence_of(about) or "not known"),
            "Sample": "a point in the plane" if about.shape.is_points else f"{about.dims[0]} × {about.size} × {about.size} pixels",
            "Options of the data": plain(", ".join(f"{k} = {_short(v)}" for k, v in known.items())), "Steps": f"{about.step:,}",
            "Seed": about.seed, "Trained": about.trained, "Made with": made}
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items() if value != "")]


def measured(about: About) -> dict[str, dict[str, float]]:
    """What a model's file says of its quality, beside what real data reach as it is known now: files of before have that of a single draw."""
    how = about.measured
    best = how and shipped(about.data, about.size, how["n"], how["extractor"])
    if not best or (about.options and dict(data.check_options(data.get(about.data), about.options)) != suite.default_options(about.data)):
        return about.quality
    return {name: said | ({"floor": best.mean[name], "deviation": best.deviation[name]} if name in best.mean else {})
            for name, said in about.quality.items()}


def _measures(about: About) -> list[str]:
    rows = ["| measure | value | best possible (real vs real) | what it is |", "|---|---|---|---|"]
    for name, found in measured(about).items():
        help = suite.MEASURES[name].help if name in suite.MEASURES else ""
        rows.append(f"| `{name}` | {_short(found['value'])} | {_within(found)} | {_cell(help)} |")
    how = about.measured
    if how:
        features = f", in the features of {plain(how['extractor'])}" if how["extractor"] else ""
        rows += ["", f"Of {how['n']:,} samples against as many that were held out{features}. It compares with no figure that was taken otherwise."]
    return rows


def _within(found: dict[str, float]) -> str:
    if "floor" not in found:
        return ""
    return _short(found["floor"]) + (f" ± {found['deviation']:.2g}" if "deviation" in found else "")


def _cell(text: str) -> str:
    """Words of ours, within a table."""
    return text.replace("|", "\\|")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
