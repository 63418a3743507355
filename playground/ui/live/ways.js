// The two ways from one latent to another, and how long latents are along them.

import {replace, svg} from "./dom.js";
import {short} from "./format.js";

export const WAYS = {lerp: "lerp, straight", slerp: "slerp, along the sphere"};

const HIGH = 64, TOP = 18, GROUND = 58.5, BEADS = 24;        // px of the plot; as many places are marked one by one

/** A picture in a data: address, which fetch would take another process to read. */
export function bitmap(uri) {
  const [head, body] = uri.split(",");
  return createImageBitmap(new Blob([Uint8Array.from(atob(body), (c) => c.charCodeAt(0))], {type: head.slice(5).split(";")[0]}));
}

/** |z| from one end to the other, above 0: flat along the sphere, sagging along a straight line. */
export class Lengths {
  constructor() {
    this.element = svg("svg", {class: "lengths", height: HIGH, role: "img"});
  }

  /** `made`: what strip answers; `chosen`: the way that is drawn in full. `edge`: px left of the first place and right of the last; `within`: whether the ends' numbers may not lie astride these. */
  draw(made, chosen, width, edge, within) {
    const n = made[chosen].norms.length, middle = Math.floor(n / 2), top = Math.max(...made.lerp.norms, ...made.slerp.norms) || 1;
    const X = (i) => edge + i / (n - 1) * (width - 2 * edge), Y = (v) => GROUND - v / top * (GROUND - TOP), seen = (i) => n <= BEADS || i % (n - 1) === 0;
    const line = (way) => [svg("path", {class: way === chosen ? "" : "other", d: `M${made[way].norms.map((v, i) => `${X(i).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}`}),
      svg("text", {x: X(middle), y: way === "slerp" ? Y(made.slerp.norms[middle]) - 6 : Math.min(Y(made.lerp.norms[middle]) + 14, GROUND - 3), "text-anchor": "middle"}, `${way} ${short(made[way].norms[middle])}`)];
    this.element.setAttribute("width", width);
    replace(this.element, svg("path", {d: `M0 ${GROUND}H${width}`, class: "ground"}), ...Object.keys(WAYS).sort((a) => (a === chosen ? 1 : -1)).flatMap(line),
      ...made[chosen].norms.map((v, i) => seen(i) && svg("circle", {cx: X(i), cy: Y(v), r: i % (n - 1) ? 2 : 3.5, class: i ? "open" : ""})),
      ...[0, n - 1].map((i) => svg("text", {x: X(i), y: Y(made[chosen].norms[i]) - 8, "text-anchor": within ? (i ? "end" : "start") : "middle"}, short(made[chosen].norms[i]))));
    const some = (norms) => norms.filter((_, i) => n <= BEADS || i % Math.ceil(n / BEADS) === 0 || i === n - 1).map((v) => short(v)).join(", ");
    this.element.setAttribute("aria-label", `|z| from one latent to the other: ${Object.keys(WAYS).map((way) => `${way} ${some(made[way].norms)}`).join("; ")}`);
  }
}
