import Type, { type TProperties } from 'typebox'
import type { LogRowType } from '#weir/facts/index.ts'
import { count, maybe, text, time } from './scalars.ts'

const row = (properties: TProperties = {}) =>
  Type.Object({ t: time, type: text, pod: text, container: text, ...properties })

/** What a line of logs.ndjson must have, by its type. */
export const LOG_SCHEMAS: Readonly<Record<LogRowType, ReturnType<typeof row>>> = {
  line: row({ at: text, text, cutBytes: maybe(count) }),
  start: row(),
  end: row(),
  gap: row({ why: text }),
  omitted: row({ lines: count, bytes: count }),
}
