/** Makers of yargs options for one group of the help: what a flag means, its short form, and the default that the help shows. */
export function inGroup(group: string) {
  const valued =
    <const Type extends 'string' | 'number', const More extends object>(type: Type, more: More) =>
    (describe: string, alias?: string, defaultDescription?: string) => ({
      ...{ group, type, describe, alias, defaultDescription, requiresArg: true },
      ...more,
    })
  return {
    text: valued('string', {}),
    number: valued('number', {}),
    texts: valued('string', { array: true }),
    numbers: valued('number', { array: true }),
    /** The value is optional. */
    optionalText: valued('string', { requiresArg: false }),
    optionalTexts: valued('string', { requiresArg: false, array: true }),
    toggle: (describe: string, alias?: string, defaultDescription?: string) => ({
      ...{ group, type: 'boolean' as const, describe, alias, defaultDescription },
    }),
  }
}
