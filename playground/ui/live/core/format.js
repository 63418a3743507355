// Numbers and durations as people read them.

const minus = (text) => text.replaceAll("-", "−");

/** Three significant digits, no trailing noise: 0.0483, 3.89, 1,240, 3.6e−6. */
export function short(value, digits = 3) {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e6) return minus(value.toExponential(1).replace(".0e", "e").replace("e+", "e"));
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(
    value.toLocaleString("en-US", {
      maximumFractionDigits: Math.min(places, 6),
      minimumFractionDigits: size >= 100 || Number.isInteger(value) ? 0 : Math.min(places, 3),
    }),
  );
}

/** A measure with two digits; a value near 0 is 0. */
export const twoDigits = (value) => short(value != null && Math.abs(value) < 5e-4 ? 0 : value, 2);

/** "mean ± deviation", or the mean alone where the deviation is unknown. */
export const meanAndDeviation = (mean, deviation, format = twoDigits) =>
  deviation == null || format(deviation) === "0" ? format(mean) : `${format(mean)} ± ${format(deviation)}`;

/** A tick on an axis, with as many places as the distance between ticks needs. */
export function tick(value, spacing) {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 1e5 || spacing < 1e-4) return minus(Number(value.toPrecision(2)).toExponential().replace("e+", "e"));
  const places = Math.max(0, -Math.floor(Math.log10(spacing) + 1e-9));
  return minus(value.toLocaleString("en-US", {minimumFractionDigits: places, maximumFractionDigits: places}));
}

/** A knob's value without padding: 0.5, 1e-3, 256. It can be typed back. */
export function plain(value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-2 || size >= 1e6))
    return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
  return String(Number(value.toPrecision(6)));
}

export const whole = (value) => Math.round(value).toLocaleString("en-US");

/** A rate: 187, 9.4, 0.25. */
export const formatRate = (value) => (value >= 10 ? whole(value) : String(Number(value.toPrecision(2))));

/** 5 s, 1 min 47 s, 2 h 5 min. */
export function duration(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return "";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** A rough wait: 20 s, 4 min, 2 h 5 min. */
export function roughDuration(seconds) {
  return duration(seconds < 120 ? Math.max(5, Math.round(seconds / 10) * 10) : Math.round(seconds / 60) * 60);
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];
/** 940 kB, 4.2 MB, 52 GB. */
export function bytes(n) {
  const unit = n < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** unit;
  return `${Number(unit && value < 9.95 ? value.toFixed(1) : value.toFixed(0))} ${UNITS[unit]}`;
}

const DAY = 86_400;
/** @type {Intl.DateTimeFormatOptions} */
const MONTHS = {day: "numeric", month: "short"};
/** When it was, `since` in seconds since 1970: just now, 5 min ago, 3 h ago, yesterday, 3 Mar, 3 Mar 2024. */
export function ago(since, now = Date.now() / 1000) {
  const s = Math.max(0, now - since);
  const then = new Date(since * 1000);
  const today = new Date(now * 1000);
  const days = Math.round((today.setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 1000 / DAY);
  if (s < 60) return "just now";
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < DAY / 2 || days === 0) return `${Math.floor(s / 3600)} h ago`;
  if (days < 7) return days === 1 ? "yesterday" : `${days} days ago`;
  return then.toLocaleDateString(
    "en-GB",
    then.getFullYear() === new Date(now * 1000).getFullYear() ? MONTHS : {...MONTHS, year: "numeric"},
  );
}

/** The number in a text field, or null. A comma is a decimal comma, a real minus sign a minus. */
export function parseNumber(text) {
  const clean = String(text).trim().replace(",", ".").replace("−", "-");
  const value = Number(clean);
  return clean === "" || !Number.isFinite(value) ? null : value;
}

/** With a large first letter; a Greek one is a symbol, and stays. */
export const capitalise = (text) => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
