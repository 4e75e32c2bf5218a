import Type from 'typebox'
import { LONGEST_RUN_NS } from '../run-record.ts'

/** What was recorded of a cluster before the run began may lie this far back. */
const EARLIEST_NS = -3600 * 1e9
const MOST = 1e12
/** The largest time that a JavaScript date can hold. */
const LAST_DATE_MS = 8.64e15

/** Nanoseconds since the run began. */
export const time = Type.Number({ minimum: EARLIEST_NS, maximum: LONGEST_RUN_NS })
export const duration = Type.Number({ minimum: 0, maximum: LONGEST_RUN_NS })
export const count = Type.Number({ minimum: 0, maximum: MOST })
export const amount = Type.Number({ minimum: -MOST, maximum: MOST })
export const index = Type.Integer({ minimum: 0, maximum: 0xffffffff })
export const unixMs = Type.Number({ minimum: 0, maximum: LAST_DATE_MS })
export const text = Type.String()
export const flag = Type.Boolean()
export const maybe = Type.Optional
export const words = Type.Array(Type.String())
