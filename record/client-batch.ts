/**
 * Client events as the writer takes them: columns whose words are looked up by name, so that any generator with the
 * same words fits. Times are nanoseconds since the record's zero.
 */
export interface ClientBatchLike {
  length: number
  t: ArrayLike<number>
  client: ArrayLike<number>
  /** Index into `kinds`. */
  kind: ArrayLike<number>
  kinds: readonly string[]
  /** Index into `reasons`. */
  reason: ArrayLike<number>
  reasons: readonly string[]
  /** -1 where there is none. */
  code: ArrayLike<number>
  /** 1, 0, or -1 where there is none. */
  sessionPresent: ArrayLike<number>
  /** Index into `targets`. */
  target: ArrayLike<number>
  targets: readonly string[]
}
