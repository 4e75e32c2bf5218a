import { messageOf } from '#weir/errors/index.ts'

/** A finding about a cluster and its source, or why it is unknown. */
export type Finding<T> = { found: T; how: string } | { found?: undefined; why: string }

export const unknown = (why: string): { why: string } => ({ why })

/** The words of whatever was thrown. */
export const wordsOf = (error: unknown): string => messageOf(error).split('\n')[0]!
