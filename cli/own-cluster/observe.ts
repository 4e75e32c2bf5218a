import type { ClientFlags } from '#weir/bench/types.ts'
import type { DialectName } from '#weir/cluster/index.ts'
import type { RecordListener } from '#weir/record/index.ts'
import { observing, withClientFlags } from '#weir/scenarios/index.ts'
import type { ClusterFlags } from '../cluster-options.ts'
import { type PrometheusFlags, withLeaveSessions, withPrometheus } from '../options.ts'
import type { Output } from '../output.ts'
import { type JudgedRun, judgedAfter } from '../run/judged-after.ts'
import { refuseUsedOutDir } from '../run/out-dir.ts'
import { examinedPrometheus } from '../run/prometheus.ts'
import { commandOfObserve } from '../run/repeat-command.ts'
import { accessFor } from './access.ts'
import { prepare } from './prepare.ts'
import { recordOwn } from './record.ts'
import { clusterRequest, forClients } from './request.ts'

export interface ObserveRequest extends ClientFlags, ClusterFlags, PrometheusFlags {
  kubeconfig: string
  clients: number
  /** Seconds. */
  duration: number
  /** Seconds. */
  hold: number
  seed: number
  out?: string | undefined
  'leave-sessions'?: boolean | undefined
  /** Gets what is recorded. */
  onRecord?: RecordListener | undefined
}

/** Records a change that somebody else makes to the user's cluster, and judges it. */
export async function observeAndJudge(request: ObserveRequest, output: Output): Promise<JudgedRun> {
  refuseUsedOutDir(request.out)
  const cluster = clusterRequest(request.kubeconfig, request, output.env)
  const { clients, duration, hold, seed } = request
  const scenarioOn = (dialect: DialectName) => {
    const observed = observing({ dialect, clients, deadlineSeconds: duration, holdSeconds: hold })
    return withPrometheus(
      withLeaveSessions(withClientFlags(observed, request), request['leave-sessions']),
      request,
    )
  }
  // Its clients are the same on every dialect.
  const access = accessFor(scenarioOn('v2beta1'), request, output.env)
  const prepared = await prepare(
    ({ dialect }) => scenarioOn(dialect.id),
    { ...forClients(cluster, access), clients, changes: false, evacuates: false },
    // Nothing is changed, so no confirmation is needed; the plan is shown all the same.
    { yes: true },
    output,
  )
  const { scenario } = prepared.plan
  const prometheus = await examinedPrometheus(scenario, output)
  const command = commandOfObserve(request)
  const recording = { seed, limitSeconds: duration, listener: request.onRecord, command, ...prometheus }
  return judgedAfter({ out: request.out, scenario: scenario.name }, (dir) =>
    recordOwn(prepared, { dir, ...recording }, output),
  )
}
