"""Settings as an address: whatever can be set comes back, what is bad is named and left out, and nothing starts by itself."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sizes import SIZES
from sound import sound

THERE_AND_BACK = """async (raw) => {
    const {expandCatalogue} = await import("/play/static/core/catalogue.js");
    const {readSettings, settingsAddress} = await import("/play/static/setup/address/settings_address.js");
    const catalogue = expandCatalogue(raw);
    const other = (knob, i) =>
        knob.barred ? knob.default
        : knob.kind === "bool" ? !knob.default
        : knob.kind === "choice" ? knob.choices.at(i % knob.choices.length)
        : i % 2 ? knob.low : knob.kind === "int" ? knob.high : knob.high * 0.987654321012 + knob.low * 0.012345678988;
    const lost = [];
    for (const variant of catalogue.variants)
        for (const [data, presets] of Object.entries(variant.presets)) {
            const set = catalogue.data.find((d) => d.id === data);
            if (!variant.needs.every((need) => set.provides.includes(need))) continue;
            Object.entries(presets).forEach(([preset, usual], i) => {
                const declared = variant.knobs[set.kind];
                const knobs = {...usual.knobs};
                for (const knob of declared) knobs[knob.name] = other(knob, i + knob.name.length);
                const options = Object.fromEntries(
                    set.options.filter((o) => o.kind !== "text").map((o) => [o.name, other(o, i)]));
                const spec = {variant: variant.id, data, preset, size: set.sizes.at(-1) ?? 0, options, knobs, seed: 41 + i, steps: 321};
                const address = settingsAddress(catalogue, spec);
                const {settings, wrong} = readSettings(catalogue, new URLSearchParams(address));
                const same = (a, b) => Object.keys(a).every((name) => a[name] === b[name]);
                const usualOptions = Object.fromEntries(set.options.map((o) => [o.name, o.default]));
                const found = {...settings, options: {...usualOptions, ...settings.options}};
                const flat = (s) => [s.variant, s.data, s.preset, s.size, s.seed, s.steps].join();
                if (wrong.length || flat(found) !== flat(spec) || !same(knobs, found.knobs) || !same(options, found.options))
                    lost.push([address, wrong, spec, found]);
            });
        }
    return lost;
}"""
READ = """async ([raw, address]) => {
    const {expandCatalogue} = await import("/play/static/core/catalogue.js");
    const {readSettings} = await import("/play/static/setup/address/settings_address.js");
    return readSettings(expandCatalogue(raw), new URLSearchParams(address));
}"""
BAD = {
    "variant=ganx": "no variant “ganx”",
    "variant=__proto__": "no variant “__proto__”",
    "variant=gan&data=constructor": "no data “constructor”",
    "variant=cgan&data=dirac": "CGAN needs",
    "variant=gan&data=ring8&size=32": "8 Gaussians has no size",
    "variant=gan&data=digits&size=31": "size must be",
    "variant=gan&preset=__proto__": "no preset “__proto__”",
    "variant=gan&seed=-1": "seed must be a whole number between 0 and",
    "variant=gan&seed=1.5": "seed must be a whole number",
    "variant=gan&steps=1e99": "steps must be a whole number between 1 and",
    "variant=gan&knobs=lr_g:9": "lr_g must be a number between",
    "variant=gan&knobs=lr_g:NaN": "lr_g must be a number between",
    "variant=gan&knobs=lr_g": "lr_g must be a number between",
    "variant=gan&knobs=batch:64.5": "batch must be a whole number between",
    "variant=gan&knobs=spectral:yes": "spectral must be on or off",
    "variant=gan&knobs=g_loss:hinge": "g_loss must be one of",
    "variant=gan&knobs=toString:1": "no “toString” here",
    "variant=gan&knobs=%3Cimg src=x onerror=alert(1)%3E:1": "here",
    "variant=gan&options=noise:7": "noise must be a number between",
    "variant=gan&data=drawn&options=points:AAAA": "points must be drawn on the page",
    "variant=gan&v=2": "v is “2”",
    "variant=gan&colour=red": "no setting “colour”",
}


@pytest.fixture(scope="module")
def menu(app) -> dict[str, Any]:
    return app.call("catalogue", {})


def test_every_setting_of_every_variant_comes_back(scripts, menu):
    assert scripts.evaluate(THERE_AND_BACK, menu) == []


@pytest.mark.parametrize(("address", "said"), BAD.items(), ids=[address[:40] for address in BAD])
def test_what_is_bad_is_named_and_the_rest_is_read(scripts, menu, address, said):
    found = scripts.evaluate(READ, [menu, f"{address}&__theme=dark"])
    assert len(found["wrong"]) == 1
    assert said in found["wrong"][0]
    spec, variants = found["settings"], {v["id"]: v for v in menu["variants"]}
    assert set(spec["knobs"]) == set(variants[spec["variant"]]["defaults"])
    assert (spec["variant"], spec["steps"] > 0, spec["seed"]) == ("began" if "no variant" in said else address.split("&")[0][8:], True, 1)


@SIZES
def test_a_link_sets_all_and_starts_nothing_and_can_be_made(arrive, app, size):
    runs = app.runs()
    visitor = arrive(**size).open("/?variant=lsgan&data=moons&preset=quick&seed=7&steps=123"
                                  "&knobs=lr_g:0.003,scheme:-1,+1,+0,lr_d:77&options=noise:0.1&v=1")
    told = visitor.page.get_by_test_id("from-link")
    expect(told).to_contain_text("nothing has started")
    expect(told).to_contain_text("Left out: lr_d must be a number between 1e-5 and 0.1.")
    expect(visitor.variant).to_contain_text("LSGAN")
    expect(visitor.knob("lr g")).to_have_value("3e-3")
    expect(visitor.under("scheme").get_by_role("combobox")).to_have_value("-1, 1, 0")
    expect(visitor.knob("noise of the data")).to_have_value("0.1")
    expect(visitor.seed).to_have_value("7")
    expect(visitor.budget).to_have_value("123")
    sound(visitor.page)

    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.write(visitor.seed, "9")
    visitor.page.get_by_test_id("copy-settings").click()
    expect(visitor.page.get_by_test_id("copy-settings")).to_have_text("Link copied")
    link = visitor.page.evaluate("navigator.clipboard.readText()")
    assert link == (f"{visitor.url}/?variant=lsgan&data=moons&options=noise:0.1&preset=quick&knobs=lr_g:0.003,scheme:-1,+1,+0"
                    "&seed=9&steps=123&v=1")
    friend = arrive(**size).open(link.removeprefix(visitor.url))
    expect(friend.knob("lr g")).to_have_value("3e-3")
    expect(friend.page.get_by_test_id("from-link")).not_to_contain_text("Left out")
    assert app.runs() == runs                                               # nothing was started
    friend.choose("GAN")
    expect(friend.page.get_by_test_id("from-link")).to_be_hidden()

    own = friend.made()                                     # with a run of one's own in the picture, the link's settings count, too
    friend.page.goto(f"{friend.url}/?run={own}")
    expect(friend.budget).to_have_value("20")
    friend.open(link.removeprefix(visitor.url))
    expect(friend.variant).to_contain_text("LSGAN")
    expect(friend.budget).to_have_value("123")
    friend.page.go_back()
    expect(friend.page).to_have_url(re.compile(own))
