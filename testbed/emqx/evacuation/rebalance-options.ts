import {
  type Checked5,
  checkNodes5,
  DEFAULTS,
  invalid,
  isNameList,
  type Nodes5,
  quoteAtom,
  readSeconds,
  wrongStruct,
} from './options.ts'
import type { Thresholds } from './thresholds.ts'

export interface RebalanceOptions {
  connEvictRate: number
  sessEvictRate: number
  waitHealthCheckSeconds: number
  waitTakeoverSeconds: number
  connections: Thresholds
  sessions: Thresholds
  /** Undefined: all nodes that run. */
  nodes: string[] | undefined
  /** Donors admit clients while health checks notice. */
  admitsWhileWaiting: boolean
}

const HEALTH_CHECK_SECONDS = 60
const THRESHOLDS: Thresholds = { absolute: 1000, relative: 1.1 }

const newOptions = (admitsWhileWaiting: boolean): RebalanceOptions => ({
  connEvictRate: DEFAULTS.connEvictRate,
  sessEvictRate: DEFAULTS.sessEvictRate,
  waitHealthCheckSeconds: HEALTH_CHECK_SECONDS,
  waitTakeoverSeconds: DEFAULTS.waitTakeoverSeconds,
  connections: { ...THRESHOLDS },
  sessions: { ...THRESHOLDS },
  nodes: undefined,
  admitsWhileWaiting,
})

const INTEGERS = ['abs_conn_threshold', 'abs_sess_threshold', 'conn_evict_rate', 'sess_evict_rate'] as const
const FACTORS = ['rel_conn_threshold', 'rel_sess_threshold'] as const
const WAITS = ['wait_health_check', 'wait_takeover'] as const
const FIELDS = [...INTEGERS, ...FACTORS, ...WAITS, 'nodes'].sort()

const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name)

type Number_ = (typeof INTEGERS)[number] | (typeof FACTORS)[number] | (typeof WAITS)[number]

function put(options: RebalanceOptions, name: Number_, value: number): void {
  switch (name) {
    case 'abs_conn_threshold':
      options.connections.absolute = value
      return
    case 'rel_conn_threshold':
      options.connections.relative = value
      return
    case 'abs_sess_threshold':
      options.sessions.absolute = value
      return
    case 'rel_sess_threshold':
      options.sessions.relative = value
      return
    case 'conn_evict_rate':
      options.connEvictRate = value
      return
    case 'sess_evict_rate':
      options.sessEvictRate = value
      return
    case 'wait_health_check':
      options.waitHealthCheckSeconds = value
      return
    case 'wait_takeover':
      options.waitTakeoverSeconds = value
  }
}

const isPositive = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0
const isFactor = (value: unknown): value is number => typeof value === 'number' && value > 1

/**
 * Reads the body of `{node}/start` as 4.4 does (docs/contract/emqx.md#rebalance): every field is optional, integers are above 0, factors above 1.
 */
export function readRebalance4(
  body: unknown,
  isAvailable: (node: string) => boolean,
  admitsWhileWaiting: boolean,
): { options: RebalanceOptions } | { error: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { error: 'invalid rebalance params' }
  const options = newOptions(admitsWhileWaiting)
  for (const [name, value] of Object.entries(body as object)) {
    if (isOneOf(INTEGERS, name) || isOneOf(WAITS, name)) {
      if (!isPositive(value)) return { error: `invalid ${name} value` }
      put(options, name, value)
    } else if (isOneOf(FACTORS, name)) {
      if (!isFactor(value)) return { error: `invalid ${name} value` }
      put(options, name, value)
    } else if (name === 'nodes') {
      if (!isNameList(value)) return { error: 'invalid nodes value' }
      const missing = value.filter((node) => !isAvailable(node))
      if (missing.length > 0)
        return { error: `unavailable nodes in nodes: [${missing.map(quoteAtom).join(',')}]` }
      options.nodes = value
    } else return { error: `Unknown rebalance param: ${name}` }
  }
  return { options }
}

/** Reads the body of `{node}/start` as 5.8 does: waits are seconds from 0 on or durations such as "10s". */
export function readRebalance5(body: unknown, nodes: Nodes5): Checked5<RebalanceOptions> {
  const wrongBody = wrongStruct(body, FIELDS)
  if (wrongBody) return wrongBody
  const options = newOptions(true)
  for (const [name, value] of Object.entries(body as object)) {
    const wrong = (expected: string) => invalid({ value, reason: { expected }, path: `root.${name}` })
    if (isOneOf(INTEGERS, name)) {
      if (!isPositive(value)) return wrong('pos_integer()')
      put(options, name, value)
    } else if (isOneOf(FACTORS, name)) {
      if (!isFactor(value)) return wrong('number() > 1.0')
      put(options, name, value)
    } else if (isOneOf(WAITS, name)) {
      const seconds = readSeconds(value)
      // A text gets other words than a number that does not fit.
      if (seconds === undefined && typeof value === 'string')
        return invalid({ value, reason: 'Not a valid duration', path: `root.${name}` })
      if (seconds === undefined) return wrong('emqx_schema:timeout_duration_s()')
      put(options, name, seconds)
    } else {
      if (!isNameList(value)) return wrong('[binary(),...]')
      options.nodes = value
    }
  }
  return checkNodes5(options, options.nodes, nodes)
}
