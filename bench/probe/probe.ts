import { randomBytes } from 'node:crypto'
import { errorNumber, errorReason } from '../engine/mqttjs/listeners.ts'
import type { ProbeResult, ProbeSpec } from '../types.ts'
import { roundTrip } from './round-trip.ts'
import { type Connect, loadConnect } from './single-client.ts'

/**
 * Makes a round trip through the broker every `everyMs` as a new client, open loop, and reports each; its time counts from
 * the planned instant. Uses the `mqtt` package to share no code with the fleet's own engine. `stop` cancels what is under way, without a
 * result.
 */
export function startProbe(
  spec: ProbeSpec,
  onResult: (result: ProbeResult) => void,
): { stop(): Promise<void> } {
  const prefix = `weir_probe_${randomBytes(4).toString('hex')}`
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const loading = loadConnect()
  let cancelNext = () => {}

  const begin = (connect: Connect) => {
    const startNs = nowNs(spec)
    const plannedNs = (round: number) => startNs + round * spec.everyMs * 1e6
    const start = (round: number) => {
      const trip = tryOnce(connect, spec, `${prefix}_${round}`, plannedNs(round), stopping.signal).then(
        (result) => {
          running.delete(trip)
          if (!stopping.signal.aborted) onResult(result)
        },
      )
      running.add(trip)
      cancelNext = at(spec, plannedNs(round + 1), () => start(round + 1))
    }
    start(0)
  }
  // The schedule starts when the package is there: loading it is not the broker's time.
  const begun = loading.then((connect) => {
    if (!stopping.signal.aborted) begin(connect)
  })

  return {
    async stop() {
      stopping.abort(new Error('the probe was stopped'))
      await begun
      cancelNext()
      await Promise.all(running)
    },
  }
}

async function tryOnce(
  connect: Connect,
  spec: ProbeSpec,
  clientId: string,
  plannedNs: number,
  stop: AbortSignal,
): Promise<ProbeResult> {
  const limit = new AbortController()
  const cancelLimit = at(spec, plannedNs + spec.timeoutMs * 1e6, () =>
    limit.abort(new Error(`no round trip within ${spec.timeoutMs} ms`)),
  )
  const finish = (error?: unknown): ProbeResult => {
    const t = nowNs(spec)
    const outcome =
      error === undefined ? { ok: true } : { ok: false, error: messageOf(error), ...failureOf(error) }
    return { t, tookNs: t - plannedNs, ...outcome }
  }
  try {
    await roundTrip(connect, spec, clientId, AbortSignal.any([stop, limit.signal]))
    return finish()
  } catch (error) {
    return finish(error)
  } finally {
    cancelLimit()
  }
}

/** A refused connect is an AggregateError without a message when the host has several addresses. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}

/** What an error of a socket, of TLS or of a WebSocket is to the fleet; nothing for others. */
function failureOf(error: unknown): Pick<ProbeResult, 'failure'> {
  if (!(error instanceof Error)) return {}
  const reason = errorReason(error, true)
  const isKnown = reason !== 'protocol-error' && reason !== 'keepalive-timeout'
  return isKnown ? { failure: { reason, code: errorNumber(error) } } : {}
}

/**
 * Runs at an instant, never before it; the result cancels. Node counts a timer from the start of the current turn, so one
 * set late in a long turn fires early and is set again.
 */
function at(spec: ProbeSpec, dueNs: number, run: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const arm = () => {
    const leftMs = (dueNs - nowNs(spec)) / 1e6
    timer = setTimeout(leftMs > 0 ? arm : run, Math.max(0, Math.ceil(leftMs)))
  }
  arm()
  return () => clearTimeout(timer)
}

function nowNs({ clockZeroNs }: ProbeSpec): number {
  return Number(process.hrtime.bigint() - clockZeroNs)
}
