// Numbers and durations as people read them.

/** Three significant digits, no trailing noise: 0.0483, 3.89, 1,240, 3e-5. */
export function short(value, digits = 3) {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e6) return value.toExponential(1).replace(/\.0e/, "e").replace("e+", "e").replace("-", "−");
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toLocaleString("en-US", {maximumFractionDigits: Math.min(places, 6), minimumFractionDigits: size >= 100 ? 0 : Math.min(places, 3)}).replace("-", "−");
}

/** A knob's value without padding: 0.5, 1e-3, 256. */
export function plain(value) {
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-2 || size >= 1e5)) return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
  return String(Number(value.toPrecision(4)));
}

export const whole = (value) => Math.round(value).toLocaleString("en-US");

/** 5 s, 1 min 47 s, 2 h 5 min. */
export function duration(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return "";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** The number in a text field, or null. A decimal comma is a comma that people type. */
export function number(text) {
  const value = Number(String(text).trim().replace(",", ".").replace("−", "-"));
  return String(text).trim() === "" || !Number.isFinite(value) ? null : value;
}
