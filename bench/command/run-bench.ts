import { WeirError } from '#weir/errors/index.ts'
import { checkSpec } from '../fleet/check-spec.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { resolvePolicy } from '../policies/resolve.ts'
import { checkTraffic } from '../traffic/check-traffic.ts'
import type { Fleet, FleetSpec } from '../types.ts'
import { findRate } from './find-rate.ts'
import type { BenchRequest } from './flags.ts'
import { fleetSpec } from './fleet-spec.ts'
import { hold } from './hold.ts'
import { progressJson, summaryJson } from './json.ts'
import { messageTotals } from './messages.ts'
import { outcome } from './outcome.ts'
import {
  type BenchOutput,
  jsonProgress,
  liveProgress,
  type Progress,
  plainProgress,
  progressLine,
  RateMeter,
  type Snapshot,
} from './progress.ts'
import { serveBenchMetrics } from './prometheus.ts'
import type { BenchResult, End } from './result.ts'
import { summary } from './summary.ts'
import { Tally } from './tally.ts'
import { wrongTransport } from './wrong-transport.ts'

/** How long messages in flight may take to be answered once publishing ends. */
const SETTLE_MS = 5000

/**
 * `weir bench conn|sub|pub`: starts the fleet, holds it until `signal` aborts, its duration or messages are used up or no
 * client is left, stops it and prints a summary. Returns or throws as `outcome` decides; throws WEIR_USAGE,
 * WEIR_DESCRIPTORS and WEIR_BROKER before.
 */
export async function runBench(
  request: BenchRequest,
  output: BenchOutput,
  signal: AbortSignal,
): Promise<number> {
  const { command, flags } = request
  if ('find-rate' in flags && flags['find-rate']) return findRate(request, output, signal)
  const spec = fleetSpec(request)
  const tally = new Tally(spec.clients)
  const startMs = performance.now()
  let fleet: Fleet | undefined
  const snapshot = (): Snapshot => ({
    command,
    clients: spec.clients,
    elapsedMs: performance.now() - startMs,
    counters: fleet!.counters(),
  })
  const metrics =
    flags.prometheus === undefined
      ? undefined
      : await serveBenchMetrics(flags.prometheus, () => fleet && { ...snapshot(), tally })
  try {
    fleet = await startFleet(spec, (batch) => tally.add(batch))
    for (const note of fleet.notes) output.note(note)
    if (metrics) output.note(`metrics are at ${metrics.url}`)
    const result = await carryOut(request, spec, fleet, { tally, snapshot, output, signal })
    return conclude(result, output, flags.json ?? false)
  } finally {
    await metrics?.close()
  }
}

interface Running {
  tally: Tally
  snapshot: () => Snapshot
  output: BenchOutput
  signal: AbortSignal
}

async function carryOut(
  request: BenchRequest,
  spec: FleetSpec,
  fleet: Fleet,
  { tally, snapshot, output, signal }: Running,
): Promise<BenchResult> {
  const { command, flags } = request
  const progress = progressOf(request, snapshot, output)
  let end: End
  try {
    end = await hold({
      fleet,
      spec,
      durationSeconds: flags.duration,
      signal,
      onAllConnected: () => progress.note(allConnected(snapshot(), flags.duration)),
    })
    if (command === 'pub') await fleet.endTraffic(SETTLE_MS)
  } catch (error) {
    await fleet.stop().catch(() => undefined)
    throw error
  } finally {
    progress.end()
  }
  const { elapsedMs, counters } = snapshot()
  const { online, subscribed } = counters
  const health = fleet.health()
  await fleet.stop()
  const ledger = fleet.ledger()
  return {
    ...{ command, spec, end, elapsedMs, online, subscribed, health, tally },
    counters: fleet.counters(),
    messages: ledger && messageTotals(ledger),
    wrongTransport: await wrongTransport(spec, tally),
    verify: flags.verify ?? false,
  }
}

function progressOf({ flags }: BenchRequest, snapshot: () => Snapshot, output: BenchOutput): Progress {
  const meter = new RateMeter()
  if (flags.json) return jsonProgress(output, () => progressJson(snapshot(), meter))
  const line = () => progressLine(snapshot(), meter)
  return output.live && !flags.verbose
    ? liveProgress(output, line)
    : plainProgress(output, line, flags.verbose ?? false)
}

function allConnected({ clients, elapsedMs }: Snapshot, duration: number | undefined): string {
  const how = duration === undefined ? ': press Ctrl-C to stop' : ''
  return `all ${clients} clients are connected after ${(elapsedMs / 1000).toFixed(1)} s${how}`
}

/** Prints the summary, whatever the outcome; an error follows it. */
function conclude(result: BenchResult, output: BenchOutput, json: boolean): number {
  let failure: WeirError | undefined
  let exitCode: number
  try {
    exitCode = outcome(result)
  } catch (error) {
    if (!(error instanceof WeirError)) throw error
    failure = error
    exitCode = error.exitCode
  }
  if (json) output.print(summaryJson(result, exitCode))
  else for (const line of summary(result)) output.print(line)
  if (failure) throw failure
  return exitCode
}

/** Refuses what `runBench` would refuse of the flags themselves, and opens no connection. Throws WEIR_USAGE. */
export function checkRequest(request: BenchRequest): void {
  const spec = fleetSpec(request)
  checkSpec(spec)
  checkTraffic(spec)
  resolvePolicy(spec.reconnect)
}
