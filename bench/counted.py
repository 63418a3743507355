"""`python app.py`, with the pictures that it encodes counted: python -m bench.counted COUNTS. The file has the numbers when the app has ended."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import app
from playground.render import encode as pictures


def main(counts: Path) -> int:
    """Run the app, and write to `counts` how often it encoded what. Returns its exit code."""
    made: Counter[str] = Counter()

    def counting(name: str, encode: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            made[name] += 1
            return encode(*args, **options)
        return counted

    for name in ("webp", "cloud"):
        setattr(pictures, name, counting(name, getattr(pictures, name)))
    code = app.main()
    counts.write_text(json.dumps(made))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
