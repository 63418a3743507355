// Cividis (Nuñez, Anderton & Renslow, 2018): from dark blue to yellow, read alike by all eyes. Energies and residuals
// have it, nothing else.

const STOPS = [
  "00224e",
  "002e6c",
  "1d386f",
  "33436c",
  "444e6c",
  "535a6d",
  "616570",
  "6f7073",
  "7d7c78",
  "8c8878",
  "9c9576",
  "ada271",
  "bfb069",
  "d0be5e",
  "e1cc4f",
  "f2da3a",
  "fde737",
].map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));

/** [r, g, b] for 0 to 1; what lies beyond ends there. */
export function cividis(t) {
  const at = Math.min(1, Math.max(0, t)) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[i].map((v, j) => Math.round(v + (STOPS[i + 1][j] - v) * (at - i)));
}

/** 256 colours, four bytes each. */
export const RAMP = Uint8ClampedArray.from(Array.from({length: 256}, (_, i) => [...cividis(i / 255), 255]).flat());

export const css = (t) => `rgb(${cividis(t).join(" ")})`;
