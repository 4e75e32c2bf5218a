import { type FollowedLog, followLog, type LogLine } from '#weir/cluster/index.ts'
import { EMQX_CONTAINER } from '#weir/facts/index.ts'
import { LogSecrets } from '#weir/record/index.ts'
import { every } from '../run/every.ts'
import type { LivePod } from '../run/live-cluster.ts'
import type { Run } from '../run/run.ts'
import { recordApiFailure } from './api-failure.ts'
import { LogBudget, rowBytes } from './log-budget.ts'

/** A pod is noticed so late; its log is read from the beginning all the same. */
const LOOK_SECONDS = 0.5
const OMITTED_SECONDS = 5
/** A node's clock may be behind this machine's by so much: what a pod printed before the run counts from there. */
const CLOCKS_MS = 60_000

/**
 * Follows what EMQX prints in every pod, of every set, and records it without secrets: from the beginning of the run, or of the pod, and
 * until the pod is gone. Where weir may not read logs the run goes on without them.
 */
export function followLogs(run: Run): { stop(): Promise<void> } {
  const { clock, record, scenario } = run
  const stop = new AbortController()
  const budget = new LogBudget(scenario.observe.logMiB)
  const followed = new Map<string, Promise<void>>()
  const containers = new Map<string, { pod: string; container: string }>()
  const began = new Date(clock.anchorUnixMs - CLOCKS_MS)
  let isRefused = false

  function follow(pod: LivePod, since: Date | undefined): Promise<void> {
    const container = { pod: pod.name, container: pod.emqxContainer ?? EMQX_CONTAINER }
    containers.set(pod.name, container)
    const secrets = new LogSecrets()
    const write = (line: LogLine) => {
      const text = secrets.without(line.text)
      const row = { t: clock.now(), type: 'line', ...container, ...line, text } as const
      if (budget.admits(pod.name, rowBytes(row))) record.log(row)
    }
    const on: FollowedLog = {
      onLine: write,
      onStart: () => record.log({ t: clock.now(), type: 'start', ...container }),
      onEnd: () => record.log({ t: clock.now(), type: 'end', ...container }),
      onGap: (why) => record.log({ t: clock.now(), type: 'gap', ...container, why }),
      onRefused(error) {
        // Said once: a right that is missing for one pod is missing for all.
        if (!isRefused) recordApiFailure(run, 'pods/log', pod.name, error)
        isRefused = true
      },
      restarts: () => run.live.restartsOf(pod.uid),
      isGone: () => !run.live.has(pod.uid),
    }
    const target = { namespace: run.cluster.namespace, ...container }
    return followLog(run.cluster.kube, target, on, { since, signal: stop.signal })
  }

  function look(since?: Date): void {
    if (isRefused) return
    for (const pod of run.live.pods) if (!followed.has(pod.uid)) followed.set(pod.uid, follow(pod, since))
  }

  function tellOmitted(): void {
    for (const [pod, omitted] of budget.takeOmitted())
      record.log({ t: clock.now(), type: 'omitted', ...containers.get(pod)!, ...omitted })
  }

  look(began)
  const tickers = [every(clock, LOOK_SECONDS, () => look()), every(clock, OMITTED_SECONDS, tellOmitted)]
  return {
    async stop() {
      for (const ticker of tickers) await ticker.stop()
      stop.abort()
      await Promise.all(followed.values())
      tellOmitted()
    },
  }
}
