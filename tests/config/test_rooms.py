"""Where requests can wait for each other, and what bounds that: each pool, lock and store of answers has its line here, or the test fails."""

import ast
from pathlib import Path

from serving import place

from playground.config.limits.shares import Shares

ROOT = Path(__file__).parents[2] / "playground"
KINDS = {"ThreadPoolExecutor", "ProcessPoolExecutor", "Thread", "Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "OrderedDict", "deque",
         "SimpleQueue", "Queue", "run_in_threadpool", "to_thread", "Pool", "Shares", "LRUCache", "AnswerCache"}
MARKS = {"cache", "lru_cache", "cached_property"}
HERE = {
    # by turns of address and owner, within shares of each
    "config/limits/pool.py": "Deque, Lock: what `Shares` let in. Threads: as many as `workers`",
    "config/limits/shares.py": "Lock: for a few numbers",
    "config/cpu/cores.py": "RLock: for the threads that train, looked at once a second",
    "worker/slowdown.py": "deque: of 60 and of RECENT rates",
    "config/cpu/openmp_waits.py": "Thread: one that sleeps",
    "evaluation/floors.py": "one file that ships",
    "config/limits/rates.py": "Lock: for a few numbers; names are forgotten beyond FORGET",
    "config/limits/memory_cache.py": "Lock: for a few entries; Future per key",
    "explorer/explorer.py": "two pools; pads of PAGES pages, by who asks",
    "explorer/inversion_jobs.py": "a pool; KEPT jobs",
    "data/ingest.py": "a pool; JOBS jobs",
    "artifacts/gallery.py": "a pool; IN_MEMORY bytes of models; what ships is read once",
    "explorer/neighbours.py": "MEMORY bytes of codes",
    "explorer/result_cache.py": "MEMORY bytes of answers",
    "ui/requests/request_slots.py": "Semaphore: AT_ONCE requests of one address are worked on, EACH wait",
    "ui/http/admin_login.py": "the tries of a minute",
    "ui/http/headers.py": "one policy",
    "ui/http/server.py": "Thread: the server's",
    "config/log_thinning.py": "Lock: for a few counts",
    "ui/handlers/inspection.py": "a pool; MEMORY bytes",
    "ui/handlers/huggingface.py": "a pool",
    "ui/handlers/rpc.py": "a pool",
    "ui/handlers/comparison/functions.py": "a pool",
    "ui/handlers/comparison/downloads.py": "two pools",
    "ui/http/client_api.py": "a pool; KEPT calls; the functions are made once",
    "ui/requests/uploads.py": "shares; a block is written in a thread of the web framework's",
    "ui/http/routes.py": "a pool; MEMORY bytes of thumbnails",
    "ui/handlers/datasets.py": "MEMORY bytes of pictures",
    "ui/http/poll_cache.py": "MEMORY bytes of news, and of pictures",
    "ui/handlers/run_reader.py": "HISTORIES bytes",
    "ui/handlers/networks.py": "MEMORY bytes of networks",
    # small, short or one of each
    "comparison/bootstrap.py": "places of resamples, by the number of seeds",
    "comparison/networks.py": "KEPT Specs",
    "specs/pairs.py": "one file that ships",
    "comparison/export/tiles.py": "a font in three sizes",
    "render/plotly_script.py": "one script",
    "ui/handlers/latents.py": "as many threads as may wait for a decoder",
    "ui/handlers/catalogue.py": "one answer; formulas of the variants' own",
    "ui/handlers/races.py": "a pool",
    "ui/handlers/runs.py": "a pool for forks; Lock: one look at all runs serves all who ask at that time",
    "explorer/uploaded_targets.py": "ALL pictures of 49 kB, EACH of one person",
    "render/decoder/readers.py": "shares, and processes in turn",
    "render/decoder/own_pillow.py": "Lock: one installation",
    "store/addresses.py": "Lock: for the key of marks",
    "specs/cost.py": "counts by Spec; speed once for each device",
    "evaluation/suite.py": "KEPT references",
    "artifacts/model_file.py": "64 headers",
    "evaluation/features.py": "one net",
    "guidance/diagnosis.py": "advice of the runs looked at last",
    "ui/requests/threads.py": "a pool",
    "evaluation/metrics/patches.py": "filters by size",
    "evaluation/metrics/sliced.py": "directions by size",
    "evaluation/metrics/ssim.py": "a window by size",
    "data/registry.py": "KEPT bytes of sets; Lock per set that is being built",
    "data/sources/own_folder.py": "one folder",
    "data/thumbnails.py": "one picture a set",
    "data/sources/downloads.py": "Lock: one download of a set at a time",
    # the engine's: what trains has its own queue
    "engine/run_table.py": "Condition: for the table of runs",
    "engine/workers.py": "a thread a worker",
    "engine/lifecycle.py": "Thread: names of those that were replaced",
    "engine/watchdog.py": "a thread an engine",
    "engine/usage.py": "Lock: one clean-up at a time",
    "engine/retention.py": "Lock: for which runs are spared",
    "engine/fork.py": "Lock: one fork at a time; who asks through the page waits in a pool",
    "engine/run_handle.py": "commands of one run; Lock: for its pending tune",
    "evaluation/background.py": "a thread a run",
    "worker/alarms.py": "BEFORE numbers",
    "store/history.py": "RLock: one journal's numbers",
    "store/runs.py": "Lock: for run.json",
    "store/models.py": "Lock: for model.json",
    "store/races.py": "Lock: for the records, which go with the last of their runs",
    "store/sets.py": "Lock: for set.json",
    "store/journal.py": "Lock: one writer",
    "store/cache.py": "one thread: the database's",
    "tools/train_gallery.py": "a script of its own",
}


def used(path: Path) -> set[str]:
    """Kinds of KINDS that a file uses by name, and of MARKS above a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        for mark in getattr(node, "decorator_list", ()):
            found |= {part.id for part in ast.walk(mark) if isinstance(part, ast.Name)} & MARKS
        if isinstance(node, ast.Name) and node.id in KINDS and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in KINDS:
            found.add(node.attr)
    return found


def test_every_place_to_wait_in_and_every_store_of_answers_is_listed_with_its_bound():
    there = {path.relative_to(ROOT).as_posix(): kinds for path in sorted(ROOT.rglob("*.py")) if (kinds := used(path))}
    assert {name: sorted(kinds) for name, kinds in there.items() if name not in HERE} == {}
    assert HERE.keys() - there.keys() == set()


def test_threads_are_made_by_pools_alone_but_where_a_line_says_so():
    threads = {"ThreadPoolExecutor", "Semaphore", "to_thread", "run_in_threadpool"}
    own = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if used(path) & threads}
    routes = (f"ui/{name}.py" for name in ("handlers/latents", "requests/uploads"))
    assert own == {"config/limits/pool.py", "store/cache.py", "ui/requests/request_slots.py", *routes}


def test_every_room_keeps_places_for_newcomers_and_gives_no_address_all(monkeypatch, tmp_path):
    """Each that is made when the page is: of it, one network has at most three quarters, and newcomers have places of their own."""
    made = []
    whole = Shares.__init__

    def noted(self, *given, **named) -> None:
        whole(self, *given, **named)
        made.append(self)

    monkeypatch.setattr(Shares, "__init__", noted)
    with place(tmp_path):
        rooms = {room.what: room for room in made}
    assert len(rooms) >= 11
    for room in rooms.values():
        assert room.kept >= 1, room.what
        assert room.address <= 0.75 * room.most, room.what
        assert room.each <= 0.75 * room.address or room.most <= 4, room.what
