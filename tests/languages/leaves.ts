/** A Chinese character. */
export const HAN = /\p{Script=Han}/u

/** The texts of a catalogue, by their path: strings, and functions that make one. */
export function leavesOf(texts: object, path = ''): [path: string, text: unknown][] {
  return Object.entries(texts).flatMap(([name, part]): [string, unknown][] => {
    const at = path === '' ? name : `${path}.${name}`
    return typeof part === 'object' && part !== null ? leavesOf(part, at) : [[at, part]]
  })
}

/** The words of a text; of a function those it is written with. */
export const sourceOf = (text: unknown): string => String(text)
