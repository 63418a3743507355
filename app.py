"""The playground's door: `python app.py`. Settings come from the environment; README.md lists them."""

import importlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")          # before gradio is imported: nothing is reported to anybody
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
ASSETS = Path(__file__).parent / "assets"
LISTING = 3.0           # seconds, at most, that the page waits for a list of all runs


def main() -> int:
    """Serve until SIGTERM or SIGINT; then every run reaches a checkpoint. The exit code: 0, or 2 for a setting that cannot be used."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    threading.Thread(target=importlib.import_module, args=("gradio",)).start()          # while this thread reads torch

    from playground import data, machine, settings
    from playground.engine import Engine
    from playground.store.cache import Cache
    from playground.types import Refused
    from playground.ui import page
    from playground.ui.endpoints import Calls
    from playground.ui.library import Library
    from playground.ui.people import People
    from playground.ui.routes import Live, routes
    from playground.ui.server import Server
    from playground.warm import listed, warm

    machine.tune_malloc()
    try:
        root, folder = machine.root(), machine.folder()
        data.settle(root, folder)
        limits, door, resumes = settings.Limits.read(), settings.Door.read(), settings.resumes()
        cache = Cache(root / "cache")
        engine = Engine(root, limits=limits, cache=cache)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    try:
        listed(engine, LISTING)
        library, live, people = Library(engine, ASSETS), Live(), People(door, root)
        blocks = page.build(Server(engine, library, people).functions(), live.version, Calls(library).functions())
        served = page.launch(blocks, routes(library, live), people)
        print(f"GAN Playground is at {served.url} and keeps its runs in {engine.runs.root}. Ctrl+C stops it.", flush=True)
        if resumes:
            engine.keeper.go_on()
        threading.Thread(target=warm, args=(engine, stop), name="warm").start()
        stop.wait()
    except OSError as error:                            # the port is taken
        print(error, file=sys.stderr)
        return 2
    finally:
        engine.close()
        cache.close()
    served.blocks.close(verbose=False)
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)          # all is on disk: what a thread still computes for later is not waited for
