import type { EmqxNodeApi } from '#weir/cluster/types.ts'
import { every } from '../run/every.ts'
import type { LivePod } from '../run/live-cluster.ts'
import type { Run } from '../run/run.ts'
import { recordApiFailure } from './api-failure.ts'

/** How many pods are tried before a sample is skipped. */
const TRIES = 3

/**
 * Samples EMQX's evacuations and members. Any node answers for the whole cluster; the one that answered last is tried first, else the
 * youngest, which will exist longest.
 */
export function sampleEmqx(run: Run): { stop(): Promise<void> } {
  let last: string | undefined

  async function sample<T>(
    api: string,
    read: (emqx: EmqxNodeApi) => Promise<T>,
    record: (pod: LivePod, answer: T, tookNs: number) => void,
  ) {
    const pods = run.live.reachable.reverse()
    pods.sort((a, b) => Number(b.uid === last) - Number(a.uid === last))
    for (const pod of pods.slice(0, TRIES)) {
      const start = run.clock.now()
      try {
        const answer = await read(run.cluster.emqx(pod))
        last = pod.uid
        return record(pod, answer, run.clock.now() - start)
      } catch (error) {
        if (last === pod.uid) last = undefined
        recordApiFailure(run, api, pod.name, error)
      }
    }
  }

  const ticker = every(run.clock, run.scenario.observe.sampleIntervalSeconds, async () => {
    await Promise.all([
      sample(
        'global_status',
        (emqx) => emqx.evacuations(),
        (pod, answer, tookNs) => {
          run.state.evacuationsSampled(answer)
          run.emit({ type: 'evacuation', via: pod.name, tookNs, evacuations: answer })
        },
      ),
      sample(
        'nodes',
        (emqx) => emqx.nodes(),
        (pod, nodes, tookNs) => run.emit({ type: 'nodes', via: pod.name, tookNs, nodes }),
      ),
    ])
  })
  return { stop: () => ticker.stop() }
}
