"""How long a person waits: from `python app.py` to the page, from the click to the first live frame, from SIGTERM to the end.

python -m bench.startup [times]. One JSON line per figure. Run it once before you trust it: the first time reads cold files.
"""

import sys
import time
from functools import partial

from bench.common import Client, app, say

figure = partial(say, "startup")


def first_frame(client: Client, seed: int) -> tuple[str, float, float]:
    """(run, seconds to its first frame, seconds to the first one after a step) from the click on."""
    first, start = client.call("catalogue", {})["first"], time.perf_counter()
    id = client.call("start", {"spec": {"variant": first["variant"], "data": first["data"], "preset": first["preset"], "seed": seed}})["run"]
    seen = [0.0, 0.0]
    while not all(seen):
        time.sleep(0.02)
        frames = client.call("poll", {"run": id})["frames"]
        for i, there in enumerate((frames, [f for f in frames if f > 0])):
            if there and not seen[i]:
                client.web.get(f"/play/runs/{id}/frames/{there[0]}").raise_for_status()
                seen[i] = time.perf_counter() - start
        if time.perf_counter() - start > 60:
            raise TimeoutError("no frame within a minute")
    return id, *seen


def once() -> None:
    """Start the app once, and note the times."""
    with app() as made:
        figure("page", made.ready, "s", most=8)
        client, asked = Client(made.url), time.perf_counter()
        client.call("catalogue", {})
        figure("first catalogue", time.perf_counter() - asked, "s", most=2)
        for name, seed in (("right after the page", 1), ("warm", 2)):
            id, first, live = first_frame(client, seed)
            figure(f"click to first frame, {name}", first, "s", most=2)
            figure(f"click to first frame after a step, {name}", live, "s", most=2)
            if seed == 1:
                time.sleep(3)
                client.call("act", {"run": id, "do": "stop"})
        figure("memory", made.memory(), "MB", most=1500)
        took, code = made.stop()
        figure("SIGTERM to exit with a run training", took, "s", most=10)
        figure("exit code", code, most=0, least=0)


if __name__ == "__main__":
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        once()
