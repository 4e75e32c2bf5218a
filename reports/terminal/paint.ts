import type { Outcome } from '#weir/assertions/verdict/verdict.ts'

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

export type Colour = keyof typeof CODES

export type Paint = (colour: Colour, text: string) => string

/** Colours for a terminal that wants them; the text itself otherwise. No meaning hangs on a colour alone. */
export function paintFor(colours: boolean): Paint {
  return colours ? (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m` : (_colour, text) => text
}

export const OUTCOME_COLOUR: Record<Outcome, Colour> = { pass: 'green', fail: 'red', inconclusive: 'yellow' }
