import type { Cluster, Untimed } from '#weir/cluster/index.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { every } from '../run/every.ts'
import type { LiveCluster, LivePod } from '../run/live-cluster.ts'
import type { ClientListings, Run } from '../run/run.ts'
import { recordApiFailure } from './api-failure.ts'

type AskablePod = LiveCluster['reachable'][number]

/** Polls every node's list of the fleet's clients. Other clients are neither requested nor recorded. */
export class Listings implements ClientListings {
  #run: Run | undefined
  readonly #busy = new Map<string, Promise<void>>()
  #located = new Set<string>()
  #locatingSince = Number.POSITIVE_INFINITY
  #timers = new Set<NodeJS.Timeout>()
  #ticker: { stop(): Promise<void> } | undefined

  /** Lists every node once per interval, distributed over the interval so that the nodes do not all answer at once. */
  start(run: Run): void {
    // Without a fleet there is nothing to list.
    if (run.scenario.fleet.clients === 0) return
    this.#run = run
    const interval = run.scenario.observe.listingIntervalSeconds
    this.#ticker = every(run.clock, interval, () => {
      const pods = run.live.reachable
      for (const [index, pod] of pods.entries()) {
        const timer = setTimeout(
          () => {
            this.#timers.delete(timer)
            if (run.live.reachable.some(({ uid }) => uid === pod.uid)) void this.#list(run, pod)
          },
          (index * interval * 1000) / pods.length,
        )
        this.#timers.add(timer)
      }
    })
  }

  async all(): Promise<void> {
    const run = this.#run
    if (!run) return
    await Promise.all(
      run.live.reachable.map(async (pod) => {
        await this.#busy.get(pod.uid)
        await this.#list(run, pod)
      }),
    )
  }

  locate(run: Run): void {
    this.#located = new Set()
    this.#locatingSince = run.clock.now()
  }

  get located(): ReadonlySet<string> {
    return this.#located
  }

  async stop(): Promise<void> {
    await this.#ticker?.stop()
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all(this.#busy.values())
  }

  #list(run: Run, pod: AskablePod): Promise<void> {
    const underWay = this.#busy.get(pod.uid)
    if (underWay) return underWay
    const listing = this.#fetch(run, run.cluster, pod).finally(() => this.#busy.delete(pod.uid))
    this.#busy.set(pod.uid, listing)
    return listing
  }

  async #fetch(run: Run, cluster: Cluster, pod: LivePod & { ip: string }): Promise<void> {
    const start = run.clock.now()
    try {
      const answer = ofFleet(run, await cluster.emqx(pod).clients(pod.node, run.clientIdPrefix))
      const event: Untimed<RecordEvent> = {
        type: 'listing',
        node: pod.node,
        via: pod.name,
        tookNs: run.clock.now() - start,
        ...answer,
      }
      run.emit(event)
      if (start >= this.#locatingSince) for (const id of answer.connected) this.#located.add(id)
    } catch (error) {
      recordApiFailure(run, 'clients', pod.name, error)
    }
  }
}

/** Ids that the user chose may begin as those of other clients do, of which nothing is recorded. */
function ofFleet<Answer extends { connected: string[]; detached: string[] }>(
  { chosenIds }: Run,
  answer: Answer,
): Answer {
  if (!chosenIds) return answer
  const isOwn = (id: string) => chosenIds.has(id)
  return { ...answer, connected: answer.connected.filter(isOwn), detached: answer.detached.filter(isOwn) }
}
