// The scale beneath a landscape: which colour is which score, and where its levels stand.

import {RAMP} from "./cividis.js";
import {h, replace, say, symbol} from "./dom.js";
import {short, tick} from "./format.js";
import {part, score} from "./landscape.js";

const MANY = 7, NEAR = 0.055;       // ticks at most; how near to another one may stand, as a share of the bar

/** Scores to name: 1, 2 and 5 of every decade on a scale of logarithms; even steps on others, and where a scale has hardly one of those. -> {named, apart: null but for even steps} */
export function marks({range: [low, high], scale}) {
  const found = [], within = () => found.filter((v) => v >= low && v <= high);
  if (scale === "log") for (let e = Math.floor(Math.log10(low)); 10 ** e <= high; e++) for (const m of [1, 2, 5]) found.push(m * 10 ** e);
  if (within().length > 2) return {named: within(), apart: null};
  const rough = (high - low) / 5, size = 10 ** Math.floor(Math.log10(rough)), step = size * [1, 2, 5, 10].find((m) => m * size >= rough);
  return {named: Array.from({length: Math.floor(high / step) - Math.ceil(low / step) + 1}, (_, k) => Number(((Math.ceil(low / step) + k) * step).toPrecision(6))), apart: step};
}

export class ColourBar {
  constructor() {
    this.low = h("span");
    this.high = h("span");
    this.ramp = h("canvas", {width: 256, height: 1, "aria-hidden": "true"});
    this.ticks = h("div", {class: "ticks", "aria-hidden": "true"});
    this.element = h("div", {class: "colourbar", hidden: true, "data-testid": "colour-bar"}, this.low, h("div", {class: "ramp"}, this.ramp, this.ticks), this.high);
  }

  draw(look) {
    this.element.hidden = !look;
    if (!look) return;
    const {rising} = look, at = (value) => (rising ? part(look, value) : 1 - part(look, value)), letter = look.unit === "energy" ? "U" : look.rising ? "L" : "D";
    const key = JSON.stringify([look.range.map((v) => v.toPrecision(2)), look.levels.map(({value}) => value.toPrecision(2)), rising, look.scale]);
    if (key === this.key) return;
    this.key = key;
    const image = new ImageData(RAMP, 256, 1);
    this.ramp.getContext("2d").putImageData(image, 0, 0);
    replace(this.low, symbol(letter), rising ? " low" : " high");
    say(this.high, rising ? "high" : "low");
    const here = look.levels.filter(({past, value}) => !past && part(look, value) >= 0 && part(look, value) <= 1), {named: all, apart} = marks(look);
    let last = -1;
    const told = all.filter((value) => {
      const place = Math.abs(at(value));
      if (Math.abs(place - last) < Math.max(NEAR, 1 / (MANY + 1))) return false;
      last = place;
      return true;
    });
    replace(this.ticks, ...told.map((value) => h("span", {style: `left:${(100 * at(value)).toFixed(1)}%`}, apart ? tick(value, apart) : short(value, 1))),
      ...here.map(({value, name}) => h("b", {style: `left:${(100 * at(value)).toFixed(1)}%`, title: `${name}: ${short(value)}`})));
  }
}

/** In words, for those who do not see it. */
export const ends = (look) => `${short(score(look, 0), 2)} to ${short(score(look, 1), 2)}`;
