"""What is mixed in, as a person sees it: what cannot be is locked and says why, and the formula has it, as the code has it."""

import json
from dataclasses import replace

from playwright.sync_api import Locator, expect

from models import ZOO
from models.kit.capabilities import plain
from models.kit.relative import Relative
from playground.ui.handlers.catalogue import mathml

KNOBS = [{}, {"regulariser": "R1"}, {"regulariser": "clip"}, {"regulariser": "LeCam", "topk": 0.5},
         {"augment": "translation", "ada": 0.3, "topk": 0.4}]
WRAPS = [{"relative": "pairwise", "regulariser": "DRAGAN"}, {"relative": "average", "topk": 0.5}]
DRAWN = """async (asked) => {
    const {expandCatalogue} = await import("/play/static/core/catalogue.js");
    const {formulaLines} = await import("/play/static/controls/formula.js");
    const {variants} = expandCatalogue(asked.catalogue);
    const text = (line) => new DOMParser().parseFromString(line, "application/xml").documentElement.textContent;
    return asked.cases.map(([id, knobs]) => formulaLines(variants.find((v) => v.id === id), knobs).map(text));
}"""
TEXT = "(lines) => lines.map((line) => new DOMParser().parseFromString(line, 'application/xml').documentElement.textContent)"


def overflows(box: Locator) -> float:
    return box.evaluate("box => box.scrollWidth - box.clientWidth")


def test_the_page_s_formula_is_the_code_s_with_whatever_is_mixed_in(visitor, app):
    asked = {id: [*KNOBS, *(WRAPS if isinstance(cls.relative, Relative) else [])] if plain(cls) else [{}] for id, cls in ZOO.items()}
    cases = [(id, knobs) for id, some in asked.items() for knobs in some]
    shown = visitor.page.evaluate(DRAWN, {"catalogue": app.call("catalogue", {}), "cases": cases})
    for (id, knobs), lines in zip(cases, shown, strict=True):
        cls = ZOO[id]
        wanted = [mathml(line) for line in cls.formula_of(replace(cls.Knobs(), **knobs))]
        assert lines == visitor.page.evaluate(TEXT, wanted), (id, knobs)


def test_ada_waits_for_an_augmentation_and_a_refusal_stands_beside_it(visitor):
    visitor.data("Digits")
    visitor.choose("LSGAN")
    visitor.settings.get_by_text("Advanced").click()
    ada, augment = visitor.under("ada"), visitor.under("augment").get_by_role("combobox")
    expect(ada.get_by_role("textbox")).to_be_disabled()
    expect(ada.locator(".why")).to_have_text("needs an augmentation of D's input, whose chance it sets")
    augment.select_option("translation")
    expect(ada.get_by_role("textbox")).to_be_enabled()
    expect(ada.locator(".why")).to_be_hidden()
    visitor.write(visitor.knob("ada"), "0.5")
    augment.select_option("none")                               # with a value of its own it can be taken back, and is refused until then
    expect(ada.get_by_role("alert")).to_contain_text("ada needs an augmentation of D's input")
    expect(ada.get_by_role("textbox")).to_be_enabled()
    visitor.write(visitor.knob("ada"), "0")
    expect(ada.get_by_role("textbox")).to_be_disabled()
    expect(ada.get_by_role("alert")).to_be_hidden()


def test_who_cannot_be_relativistic_says_why_and_who_can_shows_its_new_formula(visitor, app):
    visitor.settings.get_by_text("Advanced").click()
    formula, wrap = visitor.settings.get_by_role("group", name="Formula"), visitor.under("relative")
    visitor.choose("WGAN-GP")
    expect(wrap.get_by_role("combobox")).to_be_disabled()
    expect(wrap.locator(".why")).to_contain_text("not here: its losses see differences of scores alone")
    visitor.choose("LSGAN")
    expect(wrap.get_by_role("combobox")).to_be_disabled()
    visitor.under("scheme").get_by_role("combobox").select_option("-1, 1, 0")
    wrap.get_by_role("combobox").select_option("pairwise")
    expect(formula).to_contain_text("(D(x)−D(G(z))−1)2")
    visitor.write(visitor.knob("topk"), "0.5")
    expect(formula).to_contain_text("top")
    visitor.under("regulariser").get_by_role("combobox").select_option("R1")
    expect(formula).to_contain_text("+λr")
    assert overflows(formula) <= 0
    for name in ("width g", "width d"):
        visitor.write(visitor.knob(name), "8")
    id = visitor.train()
    knobs = json.loads((app.folder / "runs" / id / "run.json").read_text())["spec"]["knobs"]
    assert (knobs["relative"], knobs["topk"], knobs["regulariser"]) == ("pairwise", 0.5, "R1")
    expect(visitor.page.get_by_role("group", name="Chart: gap/relative")).to_be_attached()
    expect(visitor.page.get_by_role("group", name="Chart: score/real")).to_have_count(0)


def test_no_formula_of_the_settings_needs_scrolling(visitor):
    for variant in ("R3GAN", "RaGAN", "DRAGAN"):
        visitor.choose(variant)
        assert overflows(visitor.settings.get_by_role("group", name="Formula")) <= 0, variant
