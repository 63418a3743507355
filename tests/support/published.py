"""Small data sets in the formats that their makers publish, and a web server that has them."""

import gzip
import hashlib
import io
import pickle
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from playground.data.sources import torchvision_compat

CLASSES = 10
Files = dict[str, bytes]


def numbered(n: int, shape: tuple[int, ...], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n distinct pictures and their classes."""
    chance = np.random.default_rng(seed)
    return chance.integers(0, 256, (n, *shape), dtype=np.uint8), np.arange(n) % CLASSES


def idx(x: np.ndarray) -> bytes:
    """Yann LeCun's format: 0, 0, 8 for bytes, the number of dimensions, each as big-endian int32, then the bytes; gzipped."""
    return gzip.compress(bytes([0, 0, 8, x.ndim]) + b"".join(n.to_bytes(4, "big") for n in x.shape) + x.astype(np.uint8).tobytes())


def mnist(train: int = 80, test: int = 20) -> Files:
    files = {}
    for part, n, seed in (("train", train, 0), ("t10k", test, 1)):
        x, y = numbered(n, (28, 28), seed)
        files |= {f"{part}-images-idx3-ubyte.gz": idx(x), f"{part}-labels-idx1-ubyte.gz": idx(y)}
    return files


def cifar10() -> Files:
    """Its tar of pickles; torchvision is told their checksums."""
    inside = {}
    for i, name in enumerate([*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]):
        x, y = numbered(50 if name == "test_batch" else 10, (3072,), i)
        inside[name] = pickle.dumps({"data": x, "labels": y.tolist()})
    inside["batches.meta"] = pickle.dumps({"label_names": [str(k) for k in range(CLASSES)]})
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, body in inside.items():
            about = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            about.size = len(body)
            tar.addfile(about, io.BytesIO(body))
    return {"cifar-10-python.tar.gz": out.getvalue()} | {f"inside/{name}": body for name, body in inside.items()}


def svhn() -> Files:
    from scipy.io import savemat

    files = {}
    for part, n, seed in (("train", 80, 0), ("test", 20, 1)):
        x, y = numbered(n, (3, 32, 32), seed)
        out = io.BytesIO()
        savemat(out, {"X": x.transpose(2, 3, 1, 0), "y": np.where(y == 0, 10, y)[:, None].astype(np.uint8)}, do_compression=True)
        files[f"{part}_32x32.mat"] = out.getvalue()
    return files


def md5(body: bytes) -> str:
    return hashlib.md5(body).hexdigest()


def declare(patch: pytest.MonkeyPatch, name: str, files: Files, base: str) -> None:
    """Make torchvision's class `name` expect these files, to be had at `base`: addresses and checksums alone are changed."""
    cls = getattr(torchvision_compat.datasets, name)
    if name == "CIFAR10":
        patch.setattr(cls, "url", f"{base}/cifar-10-python.tar.gz")
        patch.setattr(cls, "tgz_md5", md5(files["cifar-10-python.tar.gz"]))
        for attribute in ("train_list", "test_list"):
            patch.setattr(cls, attribute, [[name, md5(files[f"inside/{name}"])] for name, _ in getattr(cls, attribute)])
        patch.setattr(cls, "meta", cls.meta | {"md5": md5(files["inside/batches.meta"])})
    elif name == "SVHN":
        patch.setattr(cls, "split_list", {part: [f"{base}/{part}_32x32.mat", f"{part}_32x32.mat", md5(files[f"{part}_32x32.mat"])]
                                          for part in ("train", "test")})
    else:
        patch.setattr(cls, "mirrors", [f"{base}/"])
        patch.setattr(cls, "resources", [(name, md5(files[name])) for name, _ in cls.resources])


class Web:
    """What it has, what it was asked for, and how it misbehaves: "" | "missing" | "cut" | "other" | "silent"."""

    def __init__(self, files: Files) -> None:
        self.files, self.asked, self.fault, self.wait = files, [], "", 0.0
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path[1:])
                body = web.files.get(self.path[1:])
                time.sleep(web.wait)
                if body is None or web.fault == "missing":
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if web.fault == "silent":
                    time.sleep(1.0)
                    return
                self.wfile.write(body[:len(body) // 2] if web.fault == "cut" else body[::-1] if web.fault == "other" else body)

            def log_message(self, *_: object) -> None:
                """Nothing on the test's screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def serving(files: Files) -> Iterator[Web]:
    web = Web(files)
    thread = threading.Thread(target=web.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        web.server.shutdown()
        web.server.server_close()
        thread.join()
