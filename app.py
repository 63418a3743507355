"""The playground starts here: `python app.py`. Settings come from the environment; playground/config/README.md lists them."""

import argparse
import importlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from playground.config.log_thinning import Short, Thinned

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")          # before gradio is imported: nothing is reported to anybody
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
ASSETS = Path(__file__).parent / "assets"
LISTING = 3.0           # seconds, at most, that the page waits for a list of all runs


def main() -> int:
    """Serve until SIGTERM or SIGINT; then every run reaches a checkpoint. The exit code: 0, or 2 for a setting that cannot be used."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    handler = logging.StreamHandler()
    handler.setFormatter(Short("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Thinned(handler))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    threading.Thread(target=importlib.import_module, args=("gradio",)).start()          # while this thread reads torch

    from playground import data
    from playground.config import file_handles, machine, settings
    from playground.engine.engine import Engine
    from playground.engine.warmup import listed, warm
    from playground.store.cache import Cache
    from playground.types import Refused
    from playground.ui.handlers.rpc import PageFunctions
    from playground.ui.handlers.services import Services
    from playground.ui.http import gradio_page
    from playground.ui.http.client_api import ClientFunctions
    from playground.ui.http.routes import PageFiles, routes
    from playground.ui.requests.identity import People
    from playground.ui.requests.threads import Threads

    machine.tune_malloc()
    machine.use_threads(1)          # of this thread: a helper of its own would make OpenMP's waits short while runs train
    room = file_handles.room(file_handles.raise_limit())
    try:
        root, folder = machine.root(), machine.folder()
        data.configure(root, folder)
        limits, access, resumes = settings.Limits.read(), settings.AccessPolicy.read(), settings.resumes()
        cache = Cache(root / "cache")
        engine = Engine(root, limits=limits, cache=cache)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    try:
        listed(engine, LISTING)
        services, page_files, people, threads = Services(engine, ASSETS), PageFiles(), People(access, root), Threads()
        functions = PageFunctions(engine, services, people).functions()
        blocks = gradio_page.build(functions, page_files.version, ClientFunctions(services).functions(), threads)
        served = gradio_page.launch(blocks, routes(services, page_files, threads), people, room)
        print(f"GAN Playground is at {served.url} and keeps its runs in {engine.runs.root}. Ctrl+C stops it.", flush=True)
        if resumes:
            engine.resume_interrupted()
        threading.Thread(target=warm, args=(engine, stop), name="warm").start()
        stop.wait()
    except OSError as error:                            # the port is taken
        print(error, file=sys.stderr)
        return 2
    finally:
        engine.close()
        cache.close()
    served.server.close()
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()       # there are no arguments: --help says so, and others are refused
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)          # all is on disk: what a thread still computes for later is not waited for
