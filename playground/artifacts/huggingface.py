"""Models to the Hugging Face Hub, with the token of who asks, and from it. What cannot be done is said in words; no token is kept or logged."""

import io
import os
import re
import time
from urllib.parse import quote

import httpx2  # what huggingface_hub speaks HTTP with; its errors come through
from huggingface_hub import CommitOperationAdd, HfApi, constants
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.utils import build_hf_headers, disable_progress_bars, get_session, hf_raise_for_status

from playground.artifacts.model_file import examined
from playground.artifacts.safetensors_header import HEAD, MOST_BYTES
from playground.store.models import FILE
from playground.types import Refused

NAME = r"[A-Za-z0-9](?!.*(?:--|\.\.))[A-Za-z0-9._-]{0,95}"
REPO, REVISION = re.compile(f"{NAME}/{NAME}"), re.compile(r"[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._/-]{0,99}")
TOKEN = re.compile(r"[A-Za-z0-9_.-]{20,2000}")
PATIENCE, WHOLE = 20.0, 120.0           # seconds for an answer, and for a whole file
BLOCK = 1 << 18


def endpoint() -> str:
    """HF_ENDPOINT, as huggingface_hub knows it."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or constants.ENDPOINT


def push(files: dict[str, bytes], repo: str, token: str, private: bool) -> str:
    """Put files, by name, into the model repository `repo`, which is made if it is not there; its address.

    Refused: "token" when the Hub does not take it, or it may not write there, "hub" when the Hub cannot be reached.
    """
    disable_progress_bars()
    api = HfApi(endpoint(), token)
    parts = [CommitOperationAdd(name, io.BytesIO(data)) for name, data in files.items()]      # no bytes: those would go by other ways than HTTP
    try:
        api.create_repo(repo, private=private, exist_ok=True)
        api.create_commit(repo, parts, commit_message="A model of the GAN Playground")
    except (httpx2.HTTPError, OSError, ValueError) as error:
        raise refusal(error, repo, token) from None         # its own words may hold addresses that are signed
    return f"{endpoint()}/{repo}"


def pull(repo: str, revision: str = "", token: str = "") -> bytes:
    """The model's file of a repository, as far as its head is a model's; no more than a model may have is read.

    Refused: "repo", "revision" for what is not there, "hub" when the Hub cannot be reached; as `model.examined`.
    """
    at = f"{endpoint()}/{repo}/resolve/{quote(revision or 'main', safe='')}/{FILE}"
    headers = {**build_hf_headers(token=token or False), "Accept-Encoding": "identity"}        # False: not the server's own, where it has one
    end, most, found, looked = time.monotonic() + WHOLE, HEAD + MOST_BYTES, bytearray(), False
    try:
        with get_session().stream("GET", at, headers=headers, timeout=PATIENCE) as answer:
            if answer.is_error:
                answer.read()
            hf_raise_for_status(answer)
            size = int(answer.headers.get("Content-Length", 0))
            for block in answer.iter_bytes(BLOCK):
                found += block
                if len(found) > most or size > most:
                    raise Refused("file", f"a model's file holds at most 64 MB, and that of {repo} has more")
                if time.monotonic() > end:
                    raise Refused("hub", "the Hub sends too slowly: try again later")
                if size and not looked and len(found) >= min(HEAD, size):
                    examined(bytes(found[:HEAD]), size)
                    looked = True
    except (httpx2.HTTPError, OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise refusal(error, repo, token) from None
    return bytes(found)


def refusal(error: Exception, repo: str, token: str) -> Refused:
    """What went wrong with the Hub, in words for who asked."""
    status = error.response.status_code if isinstance(error, HfHubHTTPError) else 0
    if isinstance(error, RevisionNotFoundError):
        return Refused("revision", f"{repo} has no such revision on the Hub")
    if isinstance(error, EntryNotFoundError):
        return Refused("repo", f"{repo} has no {FILE} at its top: only models of this playground can be loaded")
    if token and status == 401:
        return Refused("token", "the Hub does not take this token: it is wrong or has run out. Sign in again, or make another one")
    if token and status == 403:
        return Refused("token", f"this token may not write to {repo}: it needs the right to write, and the name must be yours or your organisation's")
    if isinstance(error, RepositoryNotFoundError):
        return Refused("repo", f"there is no model {repo} on the Hub, or it is private and needs a token of yours")
    if status == 429:
        return Refused("hub", "the Hub asks to wait a little: try again in a few minutes")
    if status:
        return Refused("hub", f"the Hub answered {status} and did nothing")
    if isinstance(error, (OfflineModeIsEnabled, httpx2.TransportError)):
        return Refused("hub", f"{endpoint()} cannot be reached from here. Download the model's file and send it from where there is a network")
    return Refused("hub", f"the Hub's answer cannot be understood ({type(error).__name__})")
