import { messageOf } from '#weir/errors/index.ts'

/** An answer to one question about a cluster: what was found and how it is known, or why it is not known. */
export type Finding<T> = { found: T; how: string } | { found?: undefined; why: string }

export const unknown = (why: string): { why: string } => ({ why })

/** The words of whatever was thrown. */
export const wordsOf = (error: unknown): string => messageOf(error).split('\n')[0]!
