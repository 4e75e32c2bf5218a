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
  for (const [name, value] of Object.entries(body)) {
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

function isNameList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

/** A node name as Erlang prints an atom. */
function quoteAtom(name: string): string {
  return `'${name}'`
}
