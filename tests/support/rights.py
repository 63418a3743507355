"""Who may do what: one line for every function of the page and for every route of a run. What is not here may not exist."""

ALL, OWNER, TRAINER = "everybody", "its owner and an admin", "whoever is known"
FUNCTIONS = {
    "sets": ALL, "name_set": OWNER, "drop_set": OWNER,
    "catalogue": ALL, "estimate": ALL, "live": ALL, "runs": ALL, "lanes": ALL, "scoreboard": ALL, "slice": ALL, "slow": ALL,
    **dict.fromkeys(("samples", "strip", "corners", "sum", "pad", "directions", "move", "walk", "traversals", "sorting", "encodings", "nearest",
                     "job"), ALL),
    "invert": TRAINER,
    "start": TRAINER, "race": TRAINER,
    "fork": OWNER, "checkpoints": OWNER,                # for everybody who is known, once it is published
    "models": ALL, "model": OWNER, "push": OWNER,       # its owner's, until it is published
    "pull": TRAINER,
    **dict.fromkeys(("publish", "name_model", "share_model", "drop_model", "bring_back", "name_direction"), OWNER),
    "act": OWNER, "extend": OWNER, "tune": OWNER, "rename": OWNER, "keep": OWNER, "delete": OWNER, "restore": OWNER,
}
ROUTES = {
    "/play/poll": ALL, "/play/updates": ALL, "/play/made/{name}": ALL,
    "/gradio_api/queue/join": ALL, "/gradio_api/queue/data": ALL,       # what they lead to is asked of models, as every person
    "/play/static/{name:path}": ALL, "/play/thumb/{name}.webp": ALL, "/play/runs/{id}/frames/{step}": ALL, "/play/runs/{id}/looks/{step}": ALL,
    "/play/plotly/{version}.js": ALL, "/play/runs/{id}/real": ALL, "/play/runs/{id}/thumb.webp": ALL,
    "/play/runs/{id}/samples.png": OWNER, "/play/runs/{id}/metrics.csv": OWNER, "/play/runs/{id}/charts.html": OWNER,
    "/play/runs/{id}/settings.json": OWNER,
    "/play/runs/{id}/weights.safetensors": OWNER,
    **dict.fromkeys((f"/play/models/{{model}}/{name}" for name in ("real", "grid.webp", "model.safetensors", "README.md")), OWNER),
    **dict.fromkeys((f"/play/comparison/{{runs}}/{name}" for name in ("metrics.csv", "page.html", "film.mp4", "film.gif", "card.png")), OWNER),
    "/play/upload/card": TRAINER, "/play/upload/model": TRAINER, "/play/upload/picture": TRAINER, "/play/upload/images": TRAINER,
    "/play/sets/{set}/preview.webp": OWNER, "/play/sets/{set}/thumb.webp": OWNER,
}
PEOPLE = ("owner", "other", "anonymous", "admin")


def allowed(right: str, who: str) -> bool:
    return {ALL: True, OWNER: who in ("owner", "admin"), TRAINER: who != "anonymous"}[right]
