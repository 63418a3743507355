"""Pictures, zips and forms as people send them."""

import io
import time
import zipfile
from typing import Any

import numpy as np
from PIL import Image

from playground.data import decoding
from playground.store.sets import PICTURES, SIDE, Sets


def painted(n: int, w: int = 48, h: int = 32) -> Image.Image:
    """The n-th of many that differ: a colour of its own, and a bar at its foot."""
    x = np.full((h, w, 3), (n * 37 % 256, n * 101 % 256, n * 7 % 256), np.uint8)
    x[-h // 4:, :w // 2] = 255 - x[0, 0]
    x[0, 0] = n // 256, n % 256, 0
    return Image.fromarray(x)


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def pngs(n: int) -> dict[str, bytes]:
    return {f"{i}.png": png(painted(i)) for i in range(n)}


def zipped(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def form(files: dict[str, bytes], boundary: str = "between") -> tuple[bytes, str]:
    """(body, Content-Type)."""
    parts = [b"--%b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%b\"\r\n\r\n%b\r\n" % (boundary.encode(), name.encode(), body)
             for name, body in files.items()]
    return b"".join([*parts, b"--%b--\r\n" % boundary.encode()]), f"multipart/form-data; boundary={boundary}"


def kept(sets: Sets, n: int = 40, owner: str = "local") -> str:
    """The id of a set of `n` pictures."""
    with sets.draft() as folder:
        (folder / PICTURES).write_bytes(b"".join(decoding.square(io.BytesIO(png(painted(i))), SIDE).numpy().tobytes() for i in range(n)))
        return sets.create(folder, owner, n, "Bars").id


def sent(client: Any, body: bytes, kind: str = "application/zip", **query: str) -> dict[str, Any]:
    """What the server answers to a body."""
    return client.post("/play/upload/images", params=query, content=body, headers={"content-type": kind}).json()


def arrived(person: Any, n: int = 40, **query: str) -> dict[str, Any]:
    """The set that a person's pictures have become."""
    id = sent(person.web, zipped(pngs(n)), **query)["job"]
    while not (found := person.call("sets", {"job": id})["job"])["set"]:
        assert not found["error"], found
        time.sleep(0.02)
    return found["set"]
