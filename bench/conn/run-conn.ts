import { EXIT, WeirError } from '#weir/errors/index.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import type { Fleet, FleetSpec } from '../types.ts'
import { type ConnOptions, fleetSpec } from './options.ts'
import { type ConnOutput, Progress } from './progress.ts'
import { ConnTally } from './tally.ts'
import { progressLine, summary } from './text.ts'

const LOOK_EVERY_MS = 100

/** Why a run is over. */
type End = 'stopped' | 'duration' | 'all-gave-up'

/**
 * `weir bench conn`: connects the clients, holds them until `signal` aborts or the duration is over, lets them leave and
 * prints a summary. Returns 0 when every client was online at the end, 130 when it was stopped before all had connected
 * once. Throws WEIR_BROKER when clients were missing at the end, WEIR_USAGE and WEIR_DESCRIPTORS beforehand.
 */
export async function runConn(
  options: ConnOptions,
  output: ConnOutput,
  signal: AbortSignal,
): Promise<number> {
  const spec = fleetSpec(options)
  const tally = new ConnTally(spec.clients)
  const startMs = performance.now()
  const elapsedMs = () => performance.now() - startMs
  const fleet = await startFleet(spec, (batch) => tally.add(batch))
  const progress = new Progress(output, () => progressLine(spec.clients, fleet.counters(), elapsedMs()))
  let end: End
  try {
    end = await hold(fleet, spec, options.durationSeconds, signal, () =>
      progress.say(
        `all ${spec.clients} clients are connected after ${(elapsedMs() / 1000).toFixed(1)} s${options.durationSeconds ? '' : ': Ctrl-C ends them'}`,
      ),
    )
  } catch (error) {
    progress.end()
    await fleet.stop().catch(() => undefined)
    throw error
  }
  const { online } = fleet.counters()
  const health = fleet.health()
  await fleet.stop()
  progress.end()
  for (const line of summary(spec.clients, online, fleet.counters(), tally, health)) output.print(line)
  if (online === spec.clients) return EXIT.pass
  if (end === 'stopped' && tally.everConnected < spec.clients) return EXIT.interrupted
  throw missing(spec, online, tally)
}

/** Waits for the end; rejects when a worker dies. */
async function hold(
  fleet: Fleet,
  spec: FleetSpec,
  durationSeconds: number | undefined,
  signal: AbortSignal,
  onAllConnected: () => void,
): Promise<End> {
  const ended = Promise.withResolvers<End>()
  const stop = () => ended.resolve('stopped')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let announced = false
  const look = setInterval(() => {
    const { online, gaveUp } = fleet.counters()
    if (online === spec.clients && !announced) {
      announced = true
      onAllConnected()
    }
    if (gaveUp === spec.clients) ended.resolve('all-gave-up')
  }, LOOK_EVERY_MS)
  const limit =
    durationSeconds === undefined
      ? undefined
      : setTimeout(() => ended.resolve('duration'), durationSeconds * 1000)
  try {
    return await Promise.race([ended.promise, fleet.ended.then((): End => 'stopped')])
  } finally {
    clearInterval(look)
    clearTimeout(limit)
    signal.removeEventListener('abort', stop)
  }
}

function missing(spec: FleetSpec, online: number, tally: ConnTally): WeirError {
  const [worst] = [...tally.endings].sort(([, a], [, b]) => b - a)
  const why = worst ? ` (most often: ${worst[0]}, ${worst[1]} times)` : ''
  const { host, port } = spec.targets[0]!
  return new WeirError(
    'WEIR_BROKER',
    `${spec.clients - online} of ${spec.clients} clients were not connected to ${host}:${port} at the end${why}: check that the broker is up and admits them`,
  )
}
