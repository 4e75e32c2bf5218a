import Type from 'typebox'

export const seconds = Type.Number({ exclusiveMinimum: 0 })

/** Seconds, or "formula": 1.5 times the expected duration of the move, plus 60 s. */
export type Deadline = number | 'formula'

/** The key by which a step is known, its other keys, and how long it may take when its scenario does not say. */
export interface Kind {
  key: 'action' | 'waitFor' | 'hold' | 'mark'
  word?: string
  properties: Type.TProperties
  deadline?: Deadline
  /** It changes the cluster under test: what is judged begins with the first of these. */
  changes?: true
}

export const action = <Word extends string, Properties extends Type.TProperties>(
  word: Word,
  deadline: Deadline,
  properties: Properties,
) => ({ key: 'action' as const, word, deadline, properties: { action: Type.Literal(word), ...properties } })

export const change = <Word extends string, Properties extends Type.TProperties>(
  word: Word,
  deadline: Deadline,
  properties: Properties,
) => ({ ...action(word, deadline, properties), changes: true as const })

export const wait = <Word extends string>(word: Word, deadline: Deadline) => ({
  key: 'waitFor' as const,
  word,
  deadline,
  properties: { waitFor: Type.Literal(word) },
})

/** What is to become of a change that the API server, or weir, may refuse. */
export const EXPECT = (action: string) =>
  Type.Enum(['accepted', 'refused'], {
    description: `${action}: what is to become of it. Refused: by the API server, or by weir, before it is sent.`,
    default: 'accepted',
  })
