import { EXIT, usageError } from '#weir/errors/index.ts'
import { EXIT_OF, type SearchResult, searchEdge, type Trial } from '#weir/search/index.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import type { FleetSpec } from '../types.ts'
import { aboveZero, exclusive, wholeNumber } from './check-flags.ts'
import { credentialsOf } from './credentials.ts'
import { endingWords, whoseFault } from './endings.ts'
import type { BenchRequest, ConnFlags } from './flags.ts'
import { fleetSpec } from './fleet-spec.ts'
import { hold } from './hold.ts'
import type { BenchOutput } from './progress.ts'
import { wasLate } from './summary.ts'
import { Tally } from './tally.ts'

const FROM_PER_SECOND = 50
const TO_PER_SECOND = 10_000
const MOST_P99_MS = 200
/** What the search itself decides, or could not keep. */
const RIVALS = ['rate', 'interval', 'schedule', 'duration', 'prometheus'] as const
/** How the search goes on, and when a try says nothing of the broker. */
const SEARCH = {
  precision: 0.1,
  confirm: 3,
  mostTrials: 40,
  mostSeconds: Number.POSITIVE_INFINITY,
  isLate: wasLate,
}
/** Rates that are tried last at least so long, and late clients have as long after the last of them was to come. */
const LEAST_SECONDS = 2
const GRACE_SECONDS = 5

/** One fleet that connected and left. */
interface RateTrial extends Trial {
  /** From the planned instant of a client to its CONNACK; null where none connected. */
  p99Ms: number | null
  clients: number
}

interface Asked {
  from: number
  to: number
  mostP99Ms: number
}

function askedOf(flags: ConnFlags): Asked {
  for (const flag of RIVALS) exclusive(flags, ['find-rate', flag])
  const {
    'rate-from': from = FROM_PER_SECOND,
    'rate-to': to = TO_PER_SECOND,
    'most-p99': mostP99Ms = MOST_P99_MS,
  } = flags
  wholeNumber('--rate-from', from, 1, 1_000_000)
  wholeNumber('--rate-to', to, 1, 1_000_000)
  aboveZero('--most-p99', mostP99Ms, 1_000_000, 'milliseconds')
  if (from > to) throw usageError(`--rate-from ${from} is larger than --rate-to ${to}`)
  return { from, to, mostP99Ms }
}

/**
 * `weir bench conn --find-rate`: the largest arrival rate at which every client connects and the 99th percentile from the planned instant to the
 * CONNACK is within the bound. Each try connects the whole fleet, and lets it leave. A try in which this machine was late is inconclusive.
 */
export async function findRate(
  request: BenchRequest,
  output: BenchOutput,
  signal: AbortSignal,
  search = SEARCH,
): Promise<number> {
  const { flags } = request as { flags: ConnFlags }
  const asked = askedOf(flags)
  const spec = fleetSpec(request)
  if (flags.credentials !== undefined || spec.credentials?.certificates)
    throw usageError(
      '--find-rate connects as many clients as a rate needs, and files name a fixed number of them: use patterns with -u and -P, and one certificate for all',
    )
  const interrupted = new Error('interrupted')
  try {
    const result = await searchEdge({ ...search, ...asked }, async (rate) => {
      const trial = await tryRate(request, spec, rate, { ...search, ...asked }, signal)
      if (signal.aborted) throw interrupted
      if (!flags.json)
        output.note(
          `${rate}/s: ${trial.outcome}${trial.p99Ms === null ? '' : `, p99 ${trial.p99Ms.toFixed(1)} ms`}${trial.why && `: ${trial.why}`}`,
        )
      return trial
    })
    if (flags.json) output.print(JSON.stringify({ type: 'find-rate', ...asked, ...result }))
    else for (const line of toldOf(result, asked)) output.print(line)
    return EXIT_OF[result.end]
  } catch (error) {
    if (error === interrupted) return EXIT.interrupted
    throw error
  }
}

async function tryRate(
  request: BenchRequest,
  asIs: FleetSpec,
  rate: number,
  { mostP99Ms, isLate }: Asked & typeof SEARCH,
  signal: AbortSignal,
): Promise<RateTrial> {
  const clients = Math.max(asIs.clients, Math.ceil(LEAST_SECONDS * rate))
  const spec: FleetSpec = {
    ...asIs,
    ...(asIs.credentials && credentialsOf(request, clients)),
    clients,
    arrival: { kind: 'rate', perSecond: rate },
    clockZeroNs: process.hrtime.bigint(),
  }
  const tally = new Tally(clients)
  const allOnline = new AbortController()
  const fleet = await startFleet(spec, (batch) => tally.add(batch))
  try {
    await hold({
      ...{ fleet, spec },
      durationSeconds: clients / rate + GRACE_SECONDS,
      signal: AbortSignal.any([signal, allOnline.signal]),
      onAllConnected: () => allOnline.abort(),
    })
  } finally {
    await fleet.stop()
  }
  const { count, p99Ms } = tally.fromPlan
  return { ...outcomeOf(), p99Ms: count > 0 ? p99Ms : null, clients }

  function outcomeOf(): Trial {
    if (isLate(fleet.health()))
      return { outcome: 'inconclusive', why: 'this machine was late with its attempts' }
    const missing = clients - tally.everConnected
    const [worst] = tally.endings
    if (fleet.counters().droppedEvents > 0)
      return { outcome: 'inconclusive', why: 'this machine lost events of its clients' }
    if (worst && whoseFault(worst) === 'generator')
      return { outcome: 'inconclusive', why: `this machine: ${endingWords(worst)}` }
    if (missing > 0)
      return {
        outcome: 'fail',
        why: `${missing} of ${clients} clients did not connect${worst ? `: ${endingWords(worst)}` : ''}`,
      }
    if (p99Ms > mostP99Ms) return { outcome: 'fail', why: `more than ${mostP99Ms} ms` }
    return { outcome: 'pass', why: '' }
  }
}

function toldOf({ end, holds, fails, tried }: SearchResult<RateTrial>, { to, mostP99Ms }: Asked): string[] {
  const p99 = `connect p99 within ${mostP99Ms} ms`
  const rows = tried.map(({ value, trials }) => {
    const times = trials.flatMap(({ p99Ms }) => (p99Ms === null ? [] : `${p99Ms.toFixed(1)} ms`)).join(', ')
    return `  ${String(value).padStart(7)}/s  ${trials.map(({ outcome }) => outcome).join(', ')}  p99 ${times || 'none'}`
  })
  switch (end) {
    case 'found':
      return [...rows, `largest rate: ${holds}/s, ${p99} in every try; not at ${fails}/s`]
    case 'all-hold':
      return [...rows, `${to}/s, the largest rate that was asked for, holds: ${p99}`]
    case 'none-holds':
      return [...rows, `not even ${fails}/s, the smallest rate that was asked for, holds: no ${p99}`]
    case 'budget':
      return [
        ...rows,
        `${holds === undefined ? 'no rate is known to hold' : `${holds}/s holds`}; the budget of tries is used up`,
      ]
    default:
      return [
        ...rows,
        `${holds === undefined ? 'no rate is known to hold' : `${holds}/s holds`}; above that this machine was the limit: use --ifaddr, more processors, or several machines`,
      ]
  }
}
