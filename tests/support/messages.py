"""One good message for each function of the page, what is hostile, and where a hostile value happens to be one that may be given."""

import math
from typing import Any

from serving import TINY

GONE = object()
LONG = "x" * 10_000_000
HOSTILE = [math.nan, math.inf, -math.inf, 1e308, -1, 0, 2.5, 10 ** 400, "7", "abc", "", None, True, [], [1], {}, {"a": [1]}, GONE, LONG,
           "../../etc/passwd", "<img src=x onerror=alert(1)>", "\u202e\n\x00"]
SPEC = {**TINY, "size": 0, "preset": "", "options": {}}
RACE = {"clock": "steps", "budget": 20, "data": TINY["data"], "size": 0, "options": {}, "seeds": [1],
        "lanes": [{"variant": TINY["variant"], "preset": "quick", "knobs": TINY["knobs"]}] * 2}


LATENT = {
    "samples": {"seed": 1, "n": 4, "radius": 0.5}, "strip": {"a": 1, "b": 2, "mode": "auto", "n": 5},
    "corners": {"places": [1, 2, 3, {"seed": 4}], "n": 3, "mode": "auto"}, "sum": {"a": 1, "b": 2, "c": 3},
    "pad": {"centre": 1, "u": 1, "v": {"seed": 2}, "at": [0, 0.5], "step": 0.1, "page": ""}, "directions": {"kind": "layer"},
    "move": {"place": 1, "weights": {"layer 1": 0.5}}, "nearest": {"place": 1, "k": 2},
    "walk": {"places": [1, 2], "n": 2, "mode": "auto", "loop": False, "format": "gif", "scale": 1},
    "invert": {"target": {"index": 0}, "restarts": 1, "steps": 10}}


def messages(done: str, paused: str, spare: str, model: str, pictures: str, coded: str, encoded: str) -> dict[str, dict[str, Any]]:
    """In an order in which all can be taken: `spare`, a run on pictures, and `model` are thrown away and brought back; `coded` has codes,
    `encoded` an encoder."""
    return {"catalogue": {}, "live": {}, "estimate": {"spec": SPEC}, "start": {"spec": SPEC, "replace": None},
            "race": RACE,
            "act": {"run": paused, "do": "pause", "n": 1}, "extend": {"run": done, "steps": 10_000}, "tune": {"run": paused, "knobs": {"lr_g": 1e-3}},
            "poll": {"run": done, "cursor": -1, "epoch": 0, "marks": 0, "phases": 0, "frame": -1, "look": -1, "alarms": 0,
                     "quality": True},
            "updates": {"runs": [{"run": done}, {"run": paused, "cursor": 3, "quality": True}, {"run": "0" * 32}]},
            "lanes": {"runs": [[done], [paused, "0" * 32]]}, "scoreboard": {"lanes": [[done], [paused]], "measure": "modes/found", "target": 4},
            **{name: {"run": done, **message} for name, message in LATENT.items()}, "job": {"job": "0" * 32},
            "traversals": {"run": coded, "place": 1, "n": 3}, "sorting": {"run": coded}, "encodings": {"run": encoded},
            "name_direction": {"model": model, "name": "a name", "weights": {"layer 1": 1}},
            "fork": {"run": done, "step": None, "knobs": {"lr_g": 1e-4}, "variant": "lsgan", "steps": 50}, "checkpoints": {"run": done},
            "slice": {"run": spare, "tiles": [{"of": of, "index": 0} for of in ("real", "fake", "noise")], "side": 8, "step": 3},
            "slow": {"run": done, "step": 20}, "runs": {"scope": "mine", "known": ""}, "rename": {"run": done, "name": "a name"},
            "keep": {"run": done, "pinned": False, "published": False}, "delete": {"run": spare}, "restore": {"run": spare},
            "models": {"known": ""}, "model": {"model": model}, "publish": {"run": done, "name": "a name", "public": False},
            "name_model": {"model": model, "name": "a name"}, "share_model": {"model": model, "published": False},
            "push": {"model": model, "repo": "somebody/some-model", "token": "hf_a_token_of_somebody"},
            "pull": {"repo": "somebody/some-model", "revision": "main", "token": None},
            "drop_model": {"model": model}, "bring_back": {"model": model},
            "sets": {"job": None}, "name_set": {"set": pictures, "name": "a name", "licence": "CC0"}, "drop_set": {"set": pictures}}


# these make runs and models, ask the Hub, or cannot be undone
STARTS = ("start", "race", "fork", "extend", "publish", "push", "pull", "drop_set")
# by function and field: what of HOSTILE is allowed there; MAYBE: nothing and null are, too
MAYBE = [None, GONE]
COUNT = [*MAYBE, 0]
TEXTS = ["7", "abc", "", "../../etc/passwd", "<img src=x onerror=alert(1)>", "\u202e\n\x00"]
FINE: dict[tuple[str, str], list[Any]] = {
    ("start", "replace"): MAYBE, ("act", "n"): MAYBE,
    ("lanes", "race"): MAYBE, ("race", "size"): COUNT, ("race", "options"): [*MAYBE, {}], ("race", "seeds"): [[1]],
    **{(name, field): MAYBE for name in ("strip", "corners", "walk") for field in ("mode", "n")}, ("walk", "scale"): MAYBE,
    ("samples", "seed"): [0], ("samples", "radius"): COUNT, **{(name, field): [0] for name in ("strip", "sum") for field in "abc"},
    ("pad", "centre"): [0], ("pad", "u"): [0], ("pad", "v"): [0], ("pad", "step"): COUNT, ("pad", "page"): [*MAYBE, *TEXTS],
    ("move", "place"): [0], ("move", "weights"): [{}], ("walk", "loop"): [*MAYBE, True], ("nearest", "place"): [0], ("nearest", "k"): MAYBE,
    ("traversals", "place"): [0], ("traversals", "n"): MAYBE,
    ("invert", "restarts"): MAYBE, ("invert", "steps"): MAYBE,
    ("name_direction", "name"): ["7", "abc", "../../etc/passwd", "<img src=x onerror=alert(1)>"], ("name_direction", "weights"): [{}],
    **{("poll", field): [*COUNT, -1] for field in ("cursor", "epoch", "frame", "look")}, ("poll", "marks"): COUNT, ("poll", "phases"): COUNT,
    ("poll", "alarms"): COUNT, ("fork", "step"): COUNT, ("fork", "knobs"): [*MAYBE, {}], ("fork", "variant"): MAYBE, ("fork", "steps"): MAYBE,
    ("scoreboard", "target"): [*MAYBE, 0, -1, 2.5],
    ("slice", "side"): MAYBE, ("slice", "step"): COUNT, ("slow", "step"): COUNT,
    ("poll", "quality"): [*MAYBE, True], ("keep", "pinned"): [*MAYBE, True], ("keep", "published"): [*MAYBE, True],
    ("runs", "known"): [*MAYBE, *TEXTS],
    ("rename", "name"): TEXTS[:-1],
    **{("spec", field): MAYBE for field in ("steps", "options", "knobs")}, ("spec", "seed"): COUNT, ("spec", "size"): COUNT,
    ("spec", "preset"): [*MAYBE, ""], ("knob", "skip"): [True], ("knob", "label_smooth"): [0],
}
FINE[("spec", "knobs")] = FINE[("spec", "options")] = [*MAYBE, {}]
FINE |= {("models", "known"): FINE["runs", "known"], ("name_model", "name"): FINE["rename", "name"], ("publish", "public"): [True],
         ("pull", "revision"): [*MAYBE, "7", "abc"], ("pull", "token"): MAYBE,
         ("sets", "job"): MAYBE, **{("name_set", field): [*MAYBE, *FINE["rename", "name"]] for field in ("name", "licence")},
         ("publish", "name"): [*MAYBE, *FINE["rename", "name"]], ("share_model", "published"): [True]}


def fine(where: str, field: str, value: Any) -> bool:
    return any(value is v or (type(value) is type(v) and value == v) for v in FINE.get((where, field), []))


def changed(message: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return {k: v for k, v in {**message, name: value}.items() if v is not GONE}


def hostile(name: str, good: dict[str, Any]) -> list[tuple[str, Any, dict[str, Any]]]:
    """(the field that is wrong, its value, the message) of one function: each field, each field of a spec, some knobs, the whole message."""
    made = [(field, value, changed(good, field, value)) for field in good for value in HOSTILE
            if not (field in ("spec", "knobs", "options") and value == {"a": [1]}) and not (field == "spec" and value == {})]
    if "spec" in good:
        spec = good["spec"]
        made += [(f, v, {**good, "spec": changed(spec, f, v)}) for f in spec for v in HOSTILE
                 if not fine("spec", f, v) and not (f in ("knobs", "options") and v == {"a": [1]})]
        made += [(k, v, {**good, "spec": {**spec, "knobs": {k: v}}}) for k in ("lr_g", "batch", "prior", "skip", "width_g") for v in HOSTILE
                 if v is not GONE and not fine("knob", k, v)]
        beyond = {"threads": 64, "device": "cuda", "precision": "bfloat16", "seconds": 1, "images": 1, "shared_order": True}
        beyond |= {"steps": 10 ** 9, "size": 4096}
        made += [(f, v, {**good, "spec": {**spec, f: v}}) for f, v in beyond.items()]
        made += [(f, v, {**good, "spec": {**spec, "knobs": {f: v}}}) for f, v in (("batch", 10 ** 6), ("width_g", 10 ** 9))]
        made += [("knobs", None, {**good, "spec": {**spec, "knobs": {f"k{i}": 1 for i in range(1000)}}})]
    if name == "race":
        lane = good["lanes"][0]
        made += [(f, v, {**good, "lanes": [lane, changed(lane, f, v)]}) for f in lane for v in HOSTILE
                 if not fine("spec", f, v) and not (f == "knobs" and v == {"a": [1]})]
    made += [("message", value, value) for value in HOSTILE if value is not GONE and not isinstance(value, dict)]
    made += [("extra", 1, {**good, "extra": 1}), ("x" * 40, 1, {LONG: 1})]
    return [(f, v, m) for f, v, m in made if not fine(name, f, v)]


def wrong(answer: Any, field: str) -> str:
    """What is wrong with the refusal of a message whose `field` is hostile; "" when nothing is."""
    told = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(told, dict) or told.get("field") != field:
        return f"not refused by its field: {str(answer)[:300]}"
    said = told["message"]
    leaks = [word for word in ("Traceback", "/playground/", "something broke", "site-packages", "/root", "/work", "object at 0x") if word in said]
    return f"it says {leaks}" if leaks else "" if 5 < len(said) < 700 else f"{len(said)} characters"
