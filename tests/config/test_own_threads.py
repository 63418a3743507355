"""Only runs that train have OpenMP helpers: OpenMP counts those of all threads, and makes everyone's waits short beyond as many as cores."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from apps import OURS, free_port

ROOT = Path(__file__).parents[2]
COUNTED = """
import os, runpy, signal, sys, threading, time
import numpy

def others():
    return {int(id) for id in os.listdir("/proc/self/task")} - {thread.native_id for thread in threading.enumerate()}

before = others()                                       # of numpy's own, which OpenMP does not count

def tell():
    seen = set()
    while "warm" not in seen or any(thread.name == "warm" for thread in threading.enumerate()):
        seen |= {thread.name for thread in threading.enumerate()}
        time.sleep(0.005)
    for _ in range(50):                                 # those that are about to end are none
        if not others() - before:
            break
        time.sleep(0.1)
    print(len(others() - before), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=tell, daemon=True).start()
sys.path[0] = os.getcwd()
runpy.run_path("app.py", run_name="__main__")
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self/task") or os.cpu_count() < 2, reason="threads cannot be counted here, or there is one core")
def test_the_app_at_rest_has_no_thread_but_python_s(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "OMP_"))}
    env |= {"PLAYGROUND_DATA": str(tmp_path), "GRADIO_SERVER_PORT": str(free_port()), "GRADIO_SERVER_NAME": "127.0.0.1"}
    done = subprocess.run([sys.executable, "-c", COUNTED], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "0"
