"""Pictures, zips and forms as people send them."""

import io
import struct
import time
import zipfile
from typing import Any

import numpy as np
from PIL import Image

from playground.data import decoded
from playground.render.decoder.readers import Reader
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
            archive.writestr(zipfile.ZipInfo(name), body, kind)      # of no date: its bytes name tests
    return out.getvalue()


def crowded(entries: int, name: bytes = b"a", said: int | None = None, wide: bool = False) -> bytes:
    """A zip whose directory lists one stored file so many times; its last record says `said`, or, `wide`, the record of zip64 before it does."""
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
    directory = (struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), *[0] * 6) + name) * entries
    said = entries if said is None else said
    if not wide:
        return local + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, said, said, len(directory), len(local), 0)
    return b"".join([local, directory, struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, said, said, len(directory), len(local)),
                     struct.pack("<4sIQI", b"PK\6\7", 0, len(local) + len(directory), 1),
                     struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)])


def form(files: dict[str, bytes], boundary: str = "between") -> tuple[bytes, str]:
    """(body, Content-Type)."""
    parts = [b"--%b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%b\"\r\n\r\n%b\r\n" % (boundary.encode(), name.encode(), body)
             for name, body in files.items()]
    return b"".join([*parts, b"--%b--\r\n" % boundary.encode()]), f"multipart/form-data; boundary={boundary}"


def kept(sets: Sets, n: int = 40, owner: str = "local") -> str:
    """The id of a set of `n` pictures."""
    with sets.draft() as folder, Reader(owner) as reader:
        (folder / PICTURES).write_bytes(b"".join(decoded.squared(reader, png(painted(i)), SIDE).numpy().tobytes() for i in range(n)))
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
