import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { asClusterError, asRefusedWrite } from '#weir/cluster/failure.ts'
import {
  type Cluster,
  claimConnections,
  type GivenLicence,
  limitsOfOthers,
  type OtherLimit,
  readClaims,
  releaseClaim,
} from '#weir/cluster/index.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import {
  guardConnections,
  loadBalancerChange,
  registryNamespaceOf,
  ruleChangeText,
} from '#weir/preflight/index.ts'
import { connecting } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { clusterRequest } from '../request.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface ConnectionsRequest extends OperationRequest {
  /** How many clients may be connected. */
  most: number
  'licence-file'?: string | undefined
  'accept-ip-change'?: boolean | undefined
}

/** Changes how many clients may be connected to the user's cluster, as `operateAndJudge` does. */
export function changeConnectionsAndJudge(
  request: ConnectionsRequest,
  output: Output,
): Promise<JudgedRun | undefined> {
  const { most: to, clients, 'accept-ip-change': acceptsIpChange = false } = request
  const file = request['licence-file'] === undefined ? undefined : resolve(request['licence-file'])
  const licence = file === undefined ? undefined : licenceIn(file)
  const others = (cluster: Cluster): Promise<OtherLimit[]> =>
    limitsOfOthers(
      clusterRequest(
        request.kubeconfig,
        { context: request.context, 'as-role': request['as-role'] },
        output.env,
      ),
      cluster,
    )
  let from = 0
  let change: ReturnType<typeof loadBalancerChange>
  let mayMove = false
  let release = async () => {}
  const operation: Operation = {
    name: 'connections',
    clientsTwice: true,
    inputs: { connections: to, acceptsIpChange, ...(licence && { licence: `sha256:${licence.sha256}` }) },
    async guard({ cluster, resource, discovery }, policy) {
      guardConnections(
        {
          ...before(cluster, resource),
          ...{ to, acceptsIpChange, licence: discovery.licence, service: discovery.service },
          givesLicence: licence !== undefined,
          change: cluster.dialect.limitChange(resource, to, licence),
          others: policy.licence === undefined ? [] : await others(cluster),
        },
        policy,
      )
      from = discovery.licence.found?.most ?? 0
      const { service } = discovery
      change = loadBalancerChange({ licence: discovery.licence, service, to }, policy)
      mayMove =
        acceptsIpChange &&
        service.found?.type !== 'ClusterIP' &&
        service.found?.type !== 'NodePort' &&
        (change === undefined || Object.keys(change.annotations).length > 0)
    },
    async claim({ cluster }, policy) {
      if (policy.licence === undefined) return
      const { dialect, namespace, name, kube } = cluster
      const registry = registryNamespaceOf(policy)
      const list = `ConfigMap ${registry}/weir-licence`
      await readClaims(kube, registry).catch((error: unknown) => {
        throw asClusterError(error, kube.server, `read ${list}`)
      })
      await claimConnections(kube, registry, {
        what: `${dialect.kind} ${namespace}/${name}`,
        ...{ cluster, connections: to, total: policy.licence.total },
        others: () => others(cluster),
      }).catch((error: unknown) => {
        throw asRefusedWrite(error, kube.server, `change ${list}`)
      })
      release = () => releaseClaim(request, registry, { dialect, namespace, name })
    },
    async after({ verdict: { findings } }) {
      if (findings.some(({ id, outcome }) => id === 'immediate' && outcome === 'pass')) await release()
    },
    scenario({ dialect }) {
      if (change) output.note(`load balancer: ${ruleChangeText(change, to)}`)
      const annotations = change?.annotations ?? {}
      const inputs = { dialect: dialect.id, from, to, licenceFile: file, clients }
      return connecting({ ...inputs, annotations, addressMayChange: mayMove })
    },
  }
  return operateAndJudge(operation, request, output)
}

function licenceIn(file: string): GivenLicence {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new WeirError('WEIR_USAGE', `the licence ${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
  if (text === '') throw new WeirError('WEIR_USAGE', `the licence ${file} is empty`)
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}
