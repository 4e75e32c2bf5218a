import type { Cluster } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { guardScale } from '#weir/preflight/index.ts'
import { type Scenario, scaling } from '#weir/scenarios/index.ts'
import { type ClusterFlags, withLeaveSessions } from '../options.ts'
import type { Output } from '../output.ts'
import { type JudgedRun, judgedAfter } from '../run/judged-after.ts'
import { mqttUser } from './credentials.ts'
import { prepare } from './prepare.ts'
import { recordOwn } from './record.ts'
import { clusterRequest } from './request.ts'

/** What every operation takes. */
export interface OperationRequest extends ClusterFlags {
  kubeconfig: string
  clients: number
  seed: number
  yes?: boolean | undefined
  'dry-run'?: boolean | undefined
  out?: string | undefined
  'leave-sessions'?: boolean | undefined
}

export interface ScaleRequest extends OperationRequest {
  replicas: number
  raw?: boolean | undefined
}

/**
 * Changes how many nodes of the user's cluster accept clients, records it, and judges it. Undefined after a dry run, which shows the plan
 * and changes nothing. Throws WEIR_REFUSED where a guard refuses.
 */
export function scaleAndJudge(request: ScaleRequest, output: Output): Promise<JudgedRun | undefined> {
  const { replicas: to, raw = false, clients } = request
  return operateAndJudge(
    request,
    ({ dialect, namespace, name }, resource) => {
      const { replicas, servingReplicas: from } = dialect.readStrategy(resource)
      const { settled, condition } = dialect.readStatus(resource)
      const what = `${dialect.kind} ${namespace}/${name}`
      guardScale({ what, from, to, others: replicas - from, settled, condition })
      return scaling({ dialect: dialect.id, from, to, raw, clients })
    },
    output,
  )
}

async function operateAndJudge(
  request: OperationRequest,
  scenarioFor: (cluster: Cluster, resource: KubeObject) => Scenario,
  output: Output,
): Promise<JudgedRun | undefined> {
  const cluster = clusterRequest(request.kubeconfig, request, output.env)
  const { clients, seed, yes = false, 'dry-run': dryRun = false } = request
  if (!(Number.isInteger(clients) && clients >= 0))
    throw new WeirError('WEIR_USAGE', '--clients takes a whole number of at least 0')
  const prepared = await prepare(
    (opened, resource) => withLeaveSessions(scenarioFor(opened, resource), request['leave-sessions']),
    { cluster, clients, changes: true, evacuates: false, mqttUser: mqttUser(output.env) },
    { yes, dryRun },
    output,
  )
  if (dryRun) {
    await prepared.cluster.close()
    return undefined
  }
  return judgedAfter({ out: request.out, scenario: prepared.plan.scenario.name }, (dir) =>
    recordOwn(prepared, { dir, seed }, output),
  )
}
