"""How fast training is: python -m bench.steps [--seconds N] [--times N] [--only NAME]

The quick presets, through the trainer and as a run has them, pictures and checkpoints apart: the ring at batch 256 on one thread, digits
on two. Each measurement is a fresh process; the cases take turns, so that whatever else the machine does hits all of them alike. One
JSON line per figure: the median of `times`, and beside it the best, and the share of the processor time asked for that was had: where
it is well below 1 the machine was busy and "per_cpu_s" is what to compare.
"""

import argparse
import json
import statistics
import time
from typing import Any, NamedTuple

from bench.common import fresh, say


class Case(NamedTuple):
    """A run to time, and the rate that it should reach."""

    variant: str
    data: str
    threads: int
    batch: int = 0          # 0: the preset's
    at_least: float = 0.0   # steps/s


CASES = {
    "ring, gan": Case("gan", "ring8", 1, 256),
    "ring, lsgan": Case("lsgan", "ring8", 1, 256, at_least=250),
    "ring, began": Case("began", "ring8", 1, 256, at_least=120),
    "digits, gan": Case("gan", "digits", 2),
    "digits, lsgan": Case("lsgan", "digits", 2),
    "digits, began": Case("began", "digits", 2),
}


def measure(case: Case, seconds: float) -> dict[str, Any]:
    """Train for `seconds` after a warm-up, in this process."""
    import torch

    import models
    from models.kit.knobs import check
    from playground.config import machine
    from playground.data import load
    from playground.specs.presets import preset
    from playground.training.build import batches_of
    from playground.training.trainer import BUFFER_STEPS, Trainer

    machine.tune_malloc()
    torch.set_num_threads(case.threads)
    chosen, variant = preset(case.variant, case.data, "quick"), models.get(case.variant)
    knobs = check(variant.Knobs, chosen["knobs"] | ({"batch": case.batch} if case.batch else {}))
    data, generator = load(case.data, chosen["size"]), torch.Generator().manual_seed(0)
    precision = "float32" if data.shape.is_points else machine.precision("cpu")
    gan = variant(data.domain, knobs, torch.Generator().manual_seed(0))
    trainer = Trainer(gan, batches_of(gan, data, generator), 10**9, generator=generator, bf16=precision == "bfloat16")

    def train(seconds: float) -> tuple[int, float]:
        first, start = trainer.step, time.perf_counter()
        while time.perf_counter() < start + seconds:
            trainer.advance()
            if trainer.step % BUFFER_STEPS == 0:
                trainer.flush()
        trainer.flush()
        return trainer.step - first, time.perf_counter() - start

    train(1.0)
    before = time.process_time()
    steps, took = train(seconds)
    cpu = time.process_time() - before
    return {"steps_per_s": steps / took, "steps_per_cpu_s": steps / cpu, "share": cpu / took / case.threads, "batch": knobs.batch,
            "precision": precision}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", choices=list(CASES), action="append")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(CASES[args.one], args.seconds)))
        return
    names, found = args.only or list(CASES), {name: [] for name in args.only or CASES}
    for _ in range(args.times):
        for name in names:
            found[name].append(fresh("bench.steps", "--one", name, "--seconds", args.seconds))
    for name in names:
        case, rates = CASES[name], [f["steps_per_s"] for f in found[name]]
        median, batch = statistics.median(rates), found[name][0]["batch"]
        say("steps", name, median, "steps/s", least=case.at_least or None, best=round(max(rates), 1),
            per_cpu_s=round(statistics.median(f["steps_per_cpu_s"] for f in found[name]), 1),
            share=round(statistics.median(f["share"] for f in found[name]), 2), images_per_s=round(median * batch), batch=batch,
            threads=case.threads, precision=found[name][0]["precision"])


if __name__ == "__main__":
    main()
