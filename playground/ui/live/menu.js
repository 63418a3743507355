// The catalogue as the page uses it: what the server tells once for many is written out for each.

/** Knobs and presets in place: a variant's `knobs` by kind, its `presets` by data set and name. */
export function inflate(catalogue) {
  const {declared} = catalogue, sets = Object.fromEntries(catalogue.data.map((d) => [d.id, d]));
  const variants = catalogue.variants.map((v) => {
    const whole = (place, data) => {
      const {knobs, steps, size} = v.settings[place];
      return {knobs: {...v.defaults, ...knobs}, steps, size: size || sets[data].sizes[0] || 0};
    };
    const presets = Object.entries(v.presets).map(([data, named]) => [data, Object.fromEntries(Object.entries(named).map(([name, place]) => [name, whole(place, data)]))]);
    return {...v, knobs: Object.fromEntries(Object.entries(v.knobs).map(([kind, places]) => [kind, places.map((i) => declared[i])])), presets: Object.fromEntries(presets)};
  });
  return {...catalogue, variants};
}
