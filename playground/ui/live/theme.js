// Light or dark: the system's choice until a person makes one, which is remembered. Canvases take their colours from `palette`.

const KEY = "gan-playground.theme";
const TOKENS = ["paper", "surface", "sunk", "ink", "ink-2", "ink-3", "rule", "rule-2", "real", "fake", "hand", "trace", "sans", "math"];

/** The design tokens of the present theme, read once per change: {paper, ink2, ...}. */
export const palette = {};

export class Theme {
  /** `changed()` is called when canvases have to be drawn again. */
  constructor(root, changed) {
    Object.assign(this, {root, changed, system: matchMedia("(prefers-color-scheme: dark)")});
    this.system.addEventListener("change", () => { if (!this.chosen) this.wear(); });
    this.wear();
  }

  get chosen() {
    return localStorage.getItem(KEY);
  }

  get dark() {
    return (this.chosen ?? (this.system.matches ? "dark" : "light")) === "dark";
  }

  toggle() {
    localStorage.setItem(KEY, this.dark ? "light" : "dark");
    this.wear();
  }

  wear() {
    document.body.classList.toggle("dark", this.dark);
    this.root.classList.toggle("dark", this.dark);
    document.documentElement.style.colorScheme = this.dark ? "dark" : "light";
    const style = getComputedStyle(this.root);
    for (const name of TOKENS) palette[name.replace("-", "")] = style.getPropertyValue(`--${name}`).trim();
    this.changed();
  }
}
