"""Gradio's addresses, messages and names, which the page and programs use and our own routes answer in its place; no Gradio is imported.

tests/ui/http/test_gradio_contract.py holds each against Gradio and gradio_client.
"""

from typing import Any

API = "/gradio_api"
CALL = f"{API}/component_server"        # the page's functions: {"fn_name", "data", "session_hash", "component_id"}
JOIN = f"{API}/queue/join"              # a call of a program: {"fn_index", "data", "session_hash"}; the answer is {"event_id"}
DATA = f"{API}/queue/data"              # the answers of a session's calls, as server-sent events
SIGN_IN = "/login/"                     # signing in with the Hub, where Gradio adds it
PROXY_HEADER = b"x-gradio-server"       # the address that Gradio's own proxy says the server has: Gradio believes it of anybody
CLOSED = {"msg": "close_stream"}        # the last event: no answer is left
UNUSED = ("proxy={name:path}", "file={name:path}", "file/{name:path}", "stream/{name:path}", "queue/{name:path}", "call/{name:path}",
          "heartbeat/{name:path}", "upload_progress", "deep_link", "dev/reload")          # streams that never end, files, requests to other hosts


def completed(id: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The event that ends a call."""
    return {"msg": "process_completed", "event_id": id, "success": True, "output": {"data": [answer], "is_generating": False}}


def failed(id: str, error: str) -> dict[str, Any]:
    """The event that ends a call which has no answer; a client raises `error`."""
    return {"msg": "process_completed", "event_id": id, "success": False, "output": {"error": error}}
