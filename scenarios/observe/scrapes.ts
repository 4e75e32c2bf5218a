import { EmqxApiError } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import { every } from '../run/every.ts'
import type { LivePod } from '../run/live-cluster.ts'
import type { Run } from '../run/run.ts'

/** Scrapes every pod at its own address, all at the same instants. */
export function scrapePods(run: Run): { stop(): Promise<void> } {
  const busy = new Set<string>()

  async function scrape(pod: LivePod & { ip: string }): Promise<void> {
    // A pod that has not answered the last scrape is skipped: its time-out is the failure to record.
    if (busy.has(pod.uid)) return
    busy.add(pod.uid)
    const start = run.clock.now()
    const common = { pod: pod.name, node: pod.node }
    try {
      const { status, metrics } = await run.cluster.emqx(pod).metrics()
      const t = run.clock.now()
      run.record.scrape({ t, tookNs: t - start, ...common, ok: true, status, metrics })
    } catch (error) {
      const t = run.clock.now()
      const status = error instanceof EmqxApiError ? error.status : undefined
      run.record.scrape({
        t,
        tookNs: t - start,
        ...common,
        ok: false,
        ...(status === undefined ? {} : { status }),
        error: messageOf(error),
        metrics: {},
      })
    } finally {
      busy.delete(pod.uid)
    }
  }

  const underWay = new Set<Promise<void>>()
  const ticker = every(run.clock, run.scenario.observe.scrapeIntervalSeconds, () => {
    for (const pod of run.live.reachable) {
      const one = scrape(pod).finally(() => underWay.delete(one))
      underWay.add(one)
    }
  })
  return {
    async stop() {
      await ticker.stop()
      await Promise.all(underWay)
    },
  }
}
