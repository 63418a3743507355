// The two interpolations, lerp and slerp, and the norms of the latents along them.

import {replace, svg} from "../../core/dom.js";
import {short} from "../../core/format.js";

export const MODES = {lerp: "lerp, straight", slerp: "slerp, along the sphere"};

const HIGH = 64;
const TOP = 18;
const GROUND = 58.5;
const BEADS = 24; // px of the plot; as many places are marked one by one

/** A picture in a data: address, which fetch would take another process to read. */
export function decodeBitmap(uri) {
  const [head, body] = uri.split(",");
  return createImageBitmap(
    new Blob([Uint8Array.from(atob(body), (c) => c.charCodeAt(0))], {type: head.slice(5).split(";")[0]}),
  );
}

/** |z| from one end to the other, above 0: flat along the sphere, sagging along a straight line. */
export class Lengths {
  constructor() {
    this.element = svg("svg", {class: "lengths", height: HIGH, role: "img"});
  }

  /**
   * Draws the lengths.
   * @param {any} answer of the server's strip function
   * @param {string} chosen the mode that is drawn in full
   * @param {number} width
   * @param {number} edge px left of the first latent and right of the last
   * @param {boolean} insideEdges whether the numbers at both ends must stay within these
   */
  draw(answer, chosen, width, edge, insideEdges) {
    const n = answer[chosen].norms.length;
    const middle = Math.floor(n / 2);
    const top = Math.max(...answer.lerp.norms, ...answer.slerp.norms) || 1;
    const X = (i) => edge + (i / (n - 1)) * (width - 2 * edge);
    const Y = (v) => GROUND - (v / top) * (GROUND - TOP);
    const isMarked = (i) => n <= BEADS || i % (n - 1) === 0;
    const line = (mode) => [
      svg("path", {
        class: mode === chosen ? "" : "other",
        d: `M${answer[mode].norms.map((v, i) => `${X(i).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}`,
      }),
      svg(
        "text",
        {
          x: X(middle),
          y:
            mode === "slerp"
              ? Y(answer.slerp.norms[middle]) - 6
              : Math.min(Y(answer.lerp.norms[middle]) + 14, GROUND - 3),
          "text-anchor": "middle",
        },
        `${mode} ${short(answer[mode].norms[middle])}`,
      ),
    ];
    this.element.setAttribute("width", width);
    replace(
      this.element,
      svg("path", {d: `M0 ${GROUND}H${width}`, class: "ground"}),
      ...Object.keys(MODES)
        .sort((a) => (a === chosen ? 1 : -1))
        .flatMap(line),
      ...answer[chosen].norms.map(
        (v, i) => isMarked(i) && svg("circle", {cx: X(i), cy: Y(v), r: i % (n - 1) ? 2 : 3.5, class: i ? "open" : ""}),
      ),
      ...[0, n - 1].map((i) =>
        svg(
          "text",
          {x: X(i), y: Y(answer[chosen].norms[i]) - 8, "text-anchor": insideEdges ? (i ? "end" : "start") : "middle"},
          short(answer[chosen].norms[i]),
        ),
      ),
    );
    const listOf = (norms) =>
      norms
        .filter((_, i) => n <= BEADS || i % Math.ceil(n / BEADS) === 0 || i === n - 1)
        .map((v) => short(v))
        .join(", ");
    this.element.setAttribute(
      "aria-label",
      `|z| from one latent to the other: ${Object.keys(MODES)
        .map((mode) => `${mode} ${listOf(answer[mode].norms)}`)
        .join("; ")}`,
    );
  }
}
