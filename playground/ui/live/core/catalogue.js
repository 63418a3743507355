// Expands the catalogue: what the server sends once for many variants is copied to each.

/** Whether a variant has codes of its own, whose meaning is found and not told. */
export const isCoder = (variant) => Boolean(variant?.capabilities.includes("coder"));

/**
 * The names of the classes that samples of a variant on a data set, with these knobs, can be asked to be of: those of
 * the data, or its own codes; [] where it knows none.
 */
export function classesOf(variant, data, knobs) {
  if (isCoder(variant)) return Array.from({length: knobs.n_cat}, (_, i) => `code ${i}`);
  return variant?.capabilities.includes("conditional") ? (data?.classes ?? []) : [];
}

/** What a variant needs and data do not provide, in words; "" when there is nothing. */
export const lacking = ({needs}, {provides}) => needs.filter((need) => !provides.includes(need)).join(" and ");

/** A variant as it plays on data: where these are one point, the two numbers of the game are among its scalars. */
export const variantOn = (variant, {single}, {point}) =>
  single ? {...variant, scalars: {...point, ...variant.scalars}} : variant;

/** The catalogue with each variant's formulas, metrics, knobs, by kind, and presets, by data set and name. */
export function expandCatalogue(catalogue) {
  const {declared, metrics, lines, gains} = catalogue;
  const datasets = Object.fromEntries(catalogue.data.map((d) => [d.id, d]));
  const variants = catalogue.variants.map((v) => {
    const preset = (index, data) => {
      const {knobs, steps, size} = v.settings[index];
      return {knobs: {...v.defaults, ...knobs}, steps, size: size || datasets[data].sizes[0] || 0};
    };
    const presets = Object.entries(v.presets).map(([data, presetsByName]) => [
      data,
      Object.fromEntries(Object.entries(presetsByName).map(([name, index]) => [name, preset(index, data)])),
    ]);
    const canMix = Object.values(v.knobs).some((indices) => indices.some((i) => declared[i].mixed));
    const own = Object.fromEntries(Object.entries(v.scalars).map(([name, i]) => [name, metrics[i]]));
    return {
      ...v,
      formula: v.formula.map((i) => lines[i]),
      forms: v.forms.map((form) => ({...form, lines: form.lines.map((i) => lines[i])})),
      mixes: gains[v.mixes].map((mix) => ({...mix, line: lines[mix.line]})),
      scalars: canMix ? {...own, ...catalogue.mixed} : own,
      knobs: Object.fromEntries(
        Object.entries(v.knobs).map(([kind, indices]) => [kind, indices.map((i) => declared[i])]),
      ),
      presets: Object.fromEntries(presets),
    };
  });
  return {...catalogue, variants};
}
