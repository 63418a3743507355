"""`python app.py`, in which a long run rests after each step: the tests of the page need one that goes on, and not a core for it.

A run with a budget of up to `AT_ONCE` steps trains as fast as it can, for tests wait until such a one has finished.
"""

import importlib
import runpy
import sys
import threading
import time
from pathlib import Path

AT_ONCE = 2000          # steps
REST = 0.01             # seconds after each step, at least: at most a hundred steps a second, on any machine
SHARE = 3               # times as long as a step took of its core
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Serve as `app.py` does; it ends this process itself."""
    sys.path[0] = str(ROOT)
    importlib.import_module("app")          # what it sets before anything is imported
    threading.Thread(target=importlib.import_module, args=("gradio",)).start()          # as it does, while torch is read
    from playground.worker.session import Session

    keep_up, spent = Session.keep_up, threading.local()

    def keep_up_and_rest(session: Session) -> None:
        keep_up(session)
        before, spent.at = getattr(spent, "at", 0.0), time.thread_time()
        if session.spec.steps > AT_ONCE:
            time.sleep(min(1.0, max(REST, SHARE * (spent.at - before))))

    Session.keep_up = keep_up_and_rest
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")


if __name__ == "__main__":
    main()
