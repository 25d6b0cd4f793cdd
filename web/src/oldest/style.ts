import { group, lacking } from './compat';

const units: Record<string, string> = {
  dvh: 'viewport_percentage_units_dynamic',
  dvw: 'viewport_percentage_units_dynamic',
  svh: 'viewport_percentage_units_small',
  lvh: 'viewport_percentage_units_large',
  cqw: 'container_query_length_units',
  cqi: 'container_query_length_units',
  lh: 'lh',
  rlh: 'rlh',
  cap: 'cap',
};

/** The functions of values, by name, wherever the data have them. */
function functions(): Map<string, string> {
  const found = new Map<string, string>();
  const into = (path: string, deep: number) => {
    for (const [name, at] of group(path)) {
      if (!found.has(name)) found.set(name, at);
      if (deep > 0) into(at, deep - 1);
    }
  };
  into('css.types', 2);
  return found;
}
const called = functions();

/** What a style sheet uses, as paths of the data: properties and their values, selectors,
 * at-rules, functions, units. */
export function featuresIn(css: string): Set<string> {
  const used = new Set<string>();
  const add = (path: string) => lacking(path) && used.add(path);
  const bare = css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/"[^"]*"|'[^']*'/g, '""')
    .replace(/url\([^)]*\)/g, 'none');
  for (const [, prelude = ''] of bare.matchAll(/([^{};]*)\{/g)) {
    const rule = /^\s*@([a-z-]+)/.exec(prelude)?.[1];
    if (rule) add(`css.at-rules.${rule}`);
    else for (const [, name] of prelude.matchAll(/:([a-z-]+)/g)) add(`css.selectors.${name}`);
  }
  for (const [, property = '', value = ''] of bare.matchAll(/([a-z-]+):([^:;{}]*)(?=[;}])/g)) {
    add(`css.properties.${property}`);
    for (const [word] of value.matchAll(/[a-z][a-z-]*(?![\w(-])/g)) {
      add(`css.properties.${property}.${word}`);
    }
    for (const [, name = ''] of value.matchAll(/([a-z-]+)\(/g)) add(called.get(name) ?? '');
    for (const [, unit = ''] of value.matchAll(/\d([a-z]+)/g))
      add(`css.types.length.${units[unit]}`);
  }
  return used;
}
