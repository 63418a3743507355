// The theme: the system's, until a person chooses. Canvases take their colours from `palette`.

const KEY = "gan-playground.theme";
const TOKENS = [
  "paper",
  "surface",
  "sunk",
  "ink",
  "ink-2",
  "ink-3",
  "rule",
  "rule-2",
  "real",
  "fake",
  "hand",
  "trace",
  "sans",
  "math",
  ...Array.from({length: 8}, (_, i) => `lane-${i}`),
];

/** The design tokens of the present theme: {paper, ink2, ...}. */
export const palette = {};

export class Theme {
  /**
   * @param {HTMLElement} root
   * @param {() => void} onChange called when canvases must be redrawn
   */
  constructor(root, onChange) {
    this.root = root;
    this.onChange = onChange;
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", () => {
      if (!this.chosen) this.apply();
    });
    this.apply();
  }

  get chosen() {
    return localStorage.getItem(KEY);
  }

  get dark() {
    return (this.chosen ?? (this.system.matches ? "dark" : "light")) === "dark";
  }

  toggle() {
    localStorage.setItem(KEY, this.dark ? "light" : "dark");
    this.apply();
  }

  apply() {
    document.body.classList.toggle("dark", this.dark);
    this.root.classList.toggle("dark", this.dark);
    document.documentElement.style.colorScheme = this.dark ? "dark" : "light";
    const style = getComputedStyle(this.root);
    for (const name of TOKENS) palette[name.replace("-", "")] = style.getPropertyValue(`--${name}`).trim();
    this.onChange();
  }
}
