import { accessOf, startProbe } from '#weir/bench/index.ts'
import type { Run } from '../run/run.ts'

const TIMEOUT_MS = 5000

/** An independent client that uses the same Service as the fleet, at a fixed interval. */
export function probe(run: Run, target: { host: string; port: number }): { stop(): Promise<void> } {
  return startProbe(
    {
      target,
      everyMs: run.scenario.observe.probeIntervalSeconds * 1000,
      timeoutMs: TIMEOUT_MS,
      clockZeroNs: run.clock.zeroNs,
      access: accessOf(run.access),
    },
    ({ t, ok, tookNs, error }) => run.record.event({ t, type: 'probe', ok, tookNs, error }),
  )
}
