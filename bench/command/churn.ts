import { usageError } from '#weir/errors/index.ts'
import type { FleetSpec } from '../types.ts'
import { aboveZero, exclusive } from './check-flags.ts'
import type { BenchRequest, ConnFlags } from './flags.ts'

const LONGEST_SECONDS = 1_000_000

/** `--churn`: how long clients stay, and how often each is due, so that the rate of arrivals goes on. Throws WEIR_USAGE. */
export function churnOf(
  { flags }: BenchRequest,
  { clients, arrival }: Pick<FleetSpec, 'clients' | 'arrival'>,
): FleetSpec['churn'] {
  const { churn: staySeconds } = flags as ConnFlags
  if (staySeconds === undefined) return undefined
  aboveZero('--churn', staySeconds, LONGEST_SECONDS, 'seconds')
  for (const other of ['reconnect', 'reconnect-period', 'maximum-reconnect-times', 'find-rate'] as const)
    exclusive(flags as ConnFlags, ['churn', other])
  const everyMs =
    arrival.kind === 'interval' ? arrival.everyMs : arrival.kind === 'rate' ? 1000 / arrival.perSecond : 0
  if (!(everyMs > 0))
    throw usageError(
      '--churn requires a constant rate: use --rate, -i above 0, or --schedule with interval or rate',
    )
  const periodMs = everyMs * clients
  if (periodMs < staySeconds * 1000)
    throw usageError(
      `--churn ${staySeconds} keeps each client for ${staySeconds} s, but with ${clients} clients each is due again after ${(periodMs / 1000).toPrecision(3)} s: use -c ${Math.ceil(((staySeconds + 1) * 1000) / everyMs)} or a lower rate`,
    )
  return { stayMs: staySeconds * 1000, periodMs }
}
