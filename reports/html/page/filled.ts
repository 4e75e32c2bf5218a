/** A text with its values: `filled('{from} to {to}', { from: 'a', to: 'b' })` is "a to b". */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
