import type { Fleet, FleetSpec } from '../types.ts'
import type { End } from './result.ts'

const POLL_EVERY_MS = 100
/** Clients that gave up or may not publish leave their part of a limit unsent: when the others have sent nothing for this long, theirs is sent. */
const QUIET_MS = 5000

export interface Holding {
  fleet: Fleet
  spec: FleetSpec
  /** From now on; undefined: no end. */
  durationSeconds: number | undefined
  signal: AbortSignal
  /** Called once, when every client is online at the same time. */
  onAllConnected(): void
}

/** Waits for the end of a run, and says which it was. Rejects with the fleet's error when a worker dies. */
export async function hold({ fleet, spec, durationSeconds, signal, onAllConnected }: Holding): Promise<End> {
  const ended = Promise.withResolvers<End>()
  const stop = () => ended.resolve('stopped')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const limit = spec.groups[0]?.publish?.limit ?? Number.POSITIVE_INFINITY
  const quietMs = QUIET_MS + 2 * (spec.groups[0]?.publish?.everyMs ?? 0)
  let announced = false
  let last = { published: 0, sinceMs: performance.now() }
  const polling = setInterval(() => {
    const { online, gaveUp, cannotPublish, published } = fleet.counters()
    if (online === spec.clients && !announced) {
      announced = true
      onAllConnected()
    }
    if (published >= limit) ended.resolve('limit')
    if (published > last.published) last = { published, sinceMs: performance.now() }
    const restIsOnline = gaveUp + cannotPublish > 0 && online === spec.clients - gaveUp
    if (Number.isFinite(limit) && restIsOnline && performance.now() - last.sinceMs > quietMs)
      ended.resolve('limit')
    if (cannotPublish > 0 && cannotPublish + gaveUp === spec.clients) ended.resolve('none-taken')
    if (gaveUp === spec.clients) ended.resolve('all-gave-up')
  }, POLL_EVERY_MS)
  const timer =
    durationSeconds === undefined
      ? undefined
      : setTimeout(() => ended.resolve('duration'), durationSeconds * 1000)
  try {
    return await Promise.race([ended.promise, fleet.ended.then((): End => 'stopped')])
  } finally {
    clearInterval(polling)
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
