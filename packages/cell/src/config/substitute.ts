import { ConfigError, type Place } from './config-error.js';

/** `$$`, `\$`, `$name`, `$group.name`, `${name}`, `${group.name}` (oslo_config/cfg.py, ConfigOpts.Template). */
const REFERENCE = /\$\$|\\\$|\$\{([a-z_][a-z0-9_.]*)\}|\$([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)|\$/gi;

/** Finds another option's text, its own references not yet replaced; undefined when there is none of that name. */
export type Lookup = (group: string, name: string) => { readonly value: string; readonly group: string } | undefined;

/**
 * Replaces references to other options. A bare name is looked for in the value's own section,
 * then in [DEFAULT]. Throws a {@link ConfigError} for names that do not exist and for circles.
 */
export function substitute(text: string, context: { group: string; lookup: Lookup; isSecret: boolean; place?: Place }): string {
  return expand(text, { ...context, trail: [] });
}

interface Context {
  readonly group: string;
  readonly lookup: Lookup;
  /** The text may hold a password: what follows a $ in it must not be shown. */
  readonly isSecret: boolean;
  readonly place?: Place;
  readonly trail: readonly string[];
}

function expand(text: string, context: Context): string {
  return text.replace(REFERENCE, (whole: string, braced?: string, bare?: string) => {
    const reference = braced ?? bare;
    if (reference !== undefined) return resolve(reference, context);
    if (whole === '$') throw failure('a lone $ names no option', 'Write $$ for a dollar sign.', context);
    return '$';
  });
}

function resolve(reference: string, context: Context): string {
  const found = find(reference, context);
  if (found === undefined) throw failure(`${shown(reference, context)} names no option`, 'Write $$ for a dollar sign.', context);
  const name = `${found.group}.${reference}`;
  if (context.trail.includes(name))
    throw failure(`${shown(reference, context)} refers to itself`, 'Give one of them a value of its own.', context);
  return expand(found.value, { ...context, group: found.group, trail: [...context.trail, name] });
}

function find(reference: string, { group, lookup }: Context) {
  const dot = reference.indexOf('.');
  if (dot > 0) return lookup(reference.slice(0, dot), reference.slice(dot + 1));
  return lookup(group, reference) ?? lookup('DEFAULT', reference);
}

function shown(reference: string, { isSecret }: Context): string {
  return isSecret ? 'a word after $' : `$${reference}`;
}

function failure(problem: string, remedy: string, { place }: Context): ConfigError {
  return new ConfigError(problem, remedy, place);
}
