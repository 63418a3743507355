"""Whether two runs at once do the work of one after the other: python -m bench.pair [--seconds N] [--times N] [--only NAME]

Two runs of one kind, in an engine with two workers at half the threads each, against one in an engine with one worker: steps per second
of both together over steps per second of the one. The two ways take turns; the ratio is the median.
"""

import argparse
import statistics

from bench.common import fresh, say

CASES = {"digits, gan": ("gan", "digits"), "digits, began": ("began", "digits"), "ring, began": ("began", "ring8")}


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=list(CASES), action="append")
    args = parser.parse_args()
    for name in args.only or CASES:
        variant, data = CASES[name]
        rounds = []
        for _ in range(args.times):
            rounds.append([fresh("bench.headless", "--workers", n, "--runs", n, "--variant", variant, "--data", data, "--seconds", args.seconds)
                           for n in (1, 2)])
        ratios = [sum(both["rates"]) / one["rates"][0] for one, both in rounds]
        say("pair", f"{name}: two at once against one after the other", statistics.median(ratios), "times", least=1,
            least_of_times=round(min(ratios), 2), most_of_times=round(max(ratios), 2), times=args.times,
            steps_per_s=round(statistics.median(one["rates"][0] for one, _ in rounds), 1),
            both=[round(statistics.median(both["rates"][i] for _, both in rounds), 1) for i in (0, 1)])


if __name__ == "__main__":
    main()
