export interface EvacuationOptions {
  connEvictRate: number
  sessEvictRate: number
  waitTakeoverSeconds: number
  /** The time in waiting_health_check; left out where the release has no such state. */
  waitHealthCheckSeconds?: number
  /** Undefined: all other nodes that run. */
  migrateTo: string[] | undefined
  serverReference: string | undefined
}

export const DEFAULTS: EvacuationOptions = {
  connEvictRate: 500,
  sessEvictRate: 500,
  waitTakeoverSeconds: 60,
  migrateTo: undefined,
  serverReference: undefined,
}

export type Checked = { options: EvacuationOptions } | { error: string }

const RATES = {
  conn_evict_rate: 'connEvictRate',
  sess_evict_rate: 'sessEvictRate',
  wait_takeover: 'waitTakeoverSeconds',
} as const

/**
 * Reads the body of evacuation/start as 4.4 does (docs/contract/emqx.md#load-rebalance-api): every field is optional, numbers are positive
 * integers (a wait_takeover of 0 is an error, an absent one means 60 s), nothing else is known.
 */
export function readOptions(body: unknown, isAvailable: (node: string) => boolean): Checked {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { error: 'invalid evacuation params' }
  const options = { ...DEFAULTS }
  for (const [name, value] of Object.entries(body as object)) {
    if (isRate(name)) {
      if (!Number.isInteger(value) || value <= 0) return { error: `invalid ${name} value` }
      options[RATES[name]] = value
    } else if (name === 'migrate_to') {
      if (!isNameList(value)) return { error: 'invalid migrate_to value' }
      const missing = value.filter((node) => !isAvailable(node))
      if (missing.length > 0)
        return { error: `unavailable nodes in migrate_to: [${missing.map(quoteAtom).join(',')}]` }
      options.migrateTo = value
    } else if (name === 'redirect_to') {
      if (typeof value !== 'string') return { error: 'invalid redirect_to value' }
      options.serverReference = value
    } else return { error: `Unknown evacuation param: ${name}` }
  }
  return { options }
}

function isRate(name: string): name is keyof typeof RATES {
  return Object.hasOwn(RATES, name)
}

export function isNameList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

/** A node name as Erlang prints an atom. */
export function quoteAtom(name: string): string {
  return `'${name}'`
}

/** Why a body is refused: the `code` and the `message` of the answer, which is a 400. */
export type Checked5<Options = EvacuationOptions> = { options: Options } | { code: string; message: string }

const FIELDS = [
  'conn_evict_rate',
  'migrate_to',
  'redirect_to',
  'sess_evict_rate',
  'wait_health_check',
  'wait_takeover',
] as const

type Field = (typeof FIELDS)[number]

/** What a node knows of its cluster. */
export interface Nodes5 {
  /** A member, running or not. */
  isKnown(name: string): boolean
  /** Running and not evacuating. */
  isAvailable(name: string): boolean
}

/** What 5.8 says of a body that is no object, or that has other fields than these; undefined of any other. */
export function wrongStruct(
  body: unknown,
  fields: readonly string[],
): ReturnType<typeof invalid> | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return invalid({ value: body, reason: 'bad_value_for_struct', path: 'root' })
  const unknown = Object.keys(body).filter((name) => !fields.includes(name))
  if (unknown.length > 0) {
    const unmatched = fields.filter((name) => !Object.hasOwn(body, name))
    return invalid({
      unmatched: listed(unmatched),
      unknown: listed(unknown.sort()),
      reason: 'unknown_fields',
      path: 'root',
    })
  }
  return undefined
}

/**
 * Reads the body of evacuation/start as 5.8 does (docs/contract/emqx.md#load-rebalance-api; recorded of 5.8.9): every field is
 * optional, nothing else is known, waits are seconds or durations such as "10s", and `redirect_to` is accepted and ignored.
 */
export function readOptions5(body: unknown, nodes: Nodes5, healthCheckWaitSeconds: number): Checked5 {
  const wrongBody = wrongStruct(body, FIELDS)
  if (wrongBody) return wrongBody
  const options: EvacuationOptions = { ...DEFAULTS, waitHealthCheckSeconds: healthCheckWaitSeconds }
  for (const [name, value] of Object.entries(body as object)) {
    const wrong = (expected: string) => invalid({ value, reason: { expected }, path: `root.${name}` })
    switch (name as Field) {
      case 'conn_evict_rate':
      case 'sess_evict_rate':
        if (!Number.isInteger(value) || value <= 0) return wrong('pos_integer()')
        options[name === 'conn_evict_rate' ? 'connEvictRate' : 'sessEvictRate'] = value
        break
      case 'wait_health_check':
      case 'wait_takeover': {
        const seconds = readSeconds(value)
        // A text gets other words than a number that does not fit.
        if (seconds === undefined && typeof value === 'string')
          return invalid({ value, reason: 'Not a valid duration', path: `root.${name}` })
        if (seconds === undefined) return wrong('emqx_schema:timeout_duration_s()')
        options[name === 'wait_takeover' ? 'waitTakeoverSeconds' : 'waitHealthCheckSeconds'] = seconds
        break
      }
      case 'redirect_to':
        // 5.8.9 writes a number as text.
        if (typeof value !== 'string' && typeof value !== 'number') return wrong('binary()')
        break
      case 'migrate_to':
        if (!isNameList(value)) return wrong('[binary(),...]')
        options.migrateTo = value
    }
  }
  return checkNodes5(options, options.migrateTo, nodes)
}

/** The options, unless a request names a node that is no member, or one that is not available. */
export function checkNodes5<Options>(
  options: Options,
  wanted: readonly string[] = [],
  nodes: Nodes5,
): Checked5<Options> {
  const strangers = wanted.filter((name) => !nodes.isKnown(name))
  if (strangers.length > 0)
    return {
      code: 'BAD_REQUEST',
      message: `Invalid nodes: [${strangers.map((name) => `<<"${name}">>`).join(',')}]`,
    }
  const missing = wanted.filter((name) => !nodes.isAvailable(name))
  // Status 400 with the code of a 404, as recorded.
  if (missing.length > 0)
    return {
      code: 'NOT_FOUND',
      message: `Nodes unavailable: [${missing.map((name) => `'${name}'`).join(',')}]`,
    }
  return { options }
}

/** A schema error: EMQX prints the error term as JSON inside the message. */
export function invalid(error: object): { code: string; message: string } {
  return { code: 'BAD_REQUEST', message: JSON.stringify({ ...error, kind: 'validation_error' }) }
}

/** Two names, then dots. */
export function listed(names: readonly string[]): string {
  return names.length > 2 ? `${names.slice(0, 2).join(',')},...` : names.join(',')
}

const UNIT_SECONDS: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 }

/** Whole seconds of a number of seconds or of a duration such as "1m30s"; undefined for anything else. */
export function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string' || !/^(\d+(ms|[dhms]))+$/i.test(value)) return undefined
  let seconds = 0
  for (const [, count, unit] of value.toLowerCase().matchAll(/(\d+)(ms|[dhms])/g))
    seconds += Number(count) * UNIT_SECONDS[unit!]!
  return Math.floor(seconds)
}
