"""The page's words are those of the field: what it says is held against the glossary, and against words that nobody else uses."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from models import ZOO
from models.kit.titles import TITLES
from playground.data import DATASETS
from playground.evaluation import suite
from playground.guidance import rules, variant_notes
from playground.specs import pairs

ROOT = Path(__file__).parent.parent
GLOSSARY = ROOT / "playground" / "GLOSSARY.md"
TERMS = [term for term in re.findall(r"^\| (.+?) \| .+ \|$", GLOSSARY.read_text(), re.MULTILINE) if term != "term"]

FORBIDDEN = re.compile("|".join((
    r"\bredr[ae]w", r"\bas they come\b", r"\bplanes? of z\b", r"\bhinge at work\b", r"\bright calls\b", r"\bhow dearly\b",
    r"\breal against real\b", r"\bbring a model\b", r"\bmake a model of it\b", r"\btrain one like it\b", r"\bwhich of the two\b",
    r"\bworking it out\b", r"\bdrop these images\b", r"\bfree trainer\b", r"\bstart over with these\b", r"\bneeds a new run\b",
    r"\bchanged, undo\b", r"\bkeep it in front\b", r"\bby heart\b", r"\bby rote\b", r"\bflung\b", r"\bstarves\b", r"\bcarves\b",
    r"\bchases\b", r"\bheads for γ\b", r"\bthe price of\b", r"\bwhat [DG] (pays|is told)\b")), re.IGNORECASE)
PREFERRED = ("reconstruct", "step", "interpolation", "path", "unsorted", "latent grid", "floor (real vs real)", "generator, G", "discriminator, D",
             "critic", "overfitting", "checkpoint", "queue", "worker", "fork", "run", "preset", "knob", "sweep", "time slice", "inversion", "modes",
             "equilibrium ratio, γ", "convergence measure, M", "margin, m", "gradient penalty")

# Rooms whose texts the page shows: labels, help, messages. Strings that are no text for people (keys, queries) hold none of those words either.
ROOMS = ("ui", "specs", "data", "guidance", "artifacts", "explorer", "inspection", "render", "engine", "evaluation", "config")


def texts(path: Path) -> list[str]:
    """A Python file's strings but for its docstrings."""
    tree = ast.parse(path.read_text())
    docs = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and node.body and isinstance(node.body[0], ast.Expr)}
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs]


def literals(path: Path) -> list[str]:
    """A JavaScript file's strings, near enough: what stands between quotes, and not in a comment."""
    tokens = re.findall(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|//[^\n]*|/\*.*?\*/', path.read_text(), re.DOTALL)
    return [token for token in tokens if token[0] in "\"`"]


def declared() -> dict[str, str]:
    """Where a text is declared -> the text."""
    told = {f"title of {name}": text for name, text in TITLES.items()}
    for id, cls in ZOO.items():
        told |= {f"{id}: summary": cls.summary}
        told |= {f"{id}: {f.name}": " | ".join((f.metadata["help"], *f.metadata["effects"])) for f in fields(cls.Knobs)}
        told |= {f"{id}: {name}": scalar.help for name, scalar in cls.scalars.items()} | {f"{id}: {part.symbol}": part.help for part in cls.parts}
        note = variant_notes.advice(id)
        told |= {f"{id}: notes": " | ".join((note.good, note.bad, *note.warns.values()))}
    told |= {f"measure {name}": scalar.help for name, scalar in suite.MEASURES.items()}
    told |= {f"rule {i}": " | ".join((rule.says, *(remedy.label for remedy in rule.remedies))) for i, rule in enumerate(rules.RULES)}
    told |= {f"race {race.id}": f"{race.title} | {race.look}" for race in pairs.suggested()}
    return told | {f"data {id}": " | ".join(map(str, (of.title, of.help))) for id, of in DATASETS.items()}


def test_a_term_stands_once():
    assert len(TERMS) > 70
    assert sorted({term.lower() for term in TERMS}) == sorted(term.lower() for term in TERMS)


def test_the_words_that_are_preferred_are_in_the_glossary():
    assert not set(PREFERRED) - set(TERMS)
    assert not [term for term in TERMS if FORBIDDEN.search(term)]


def test_declarations_say_it_in_the_words_of_the_field():
    assert not {place: text for place, text in declared().items() if FORBIDDEN.search(text)}


@pytest.mark.parametrize("room", ROOMS)
def test_messages_say_it_in_the_words_of_the_field(room):
    found = {str(path.relative_to(ROOT)): said for path in (ROOT / "playground" / room).rglob("*.py")
             if (said := [text for text in texts(path) if " " in text and FORBIDDEN.search(text)])}
    assert not found


def test_the_page_says_it_in_the_words_of_the_field():
    live = ROOT / "playground" / "ui" / "live"
    found = {str(path.relative_to(live)): said for path in live.rglob("*.js") if "vendor" not in path.parts
             if (said := [text for text in literals(path) if FORBIDDEN.search(text)])}
    assert not found
