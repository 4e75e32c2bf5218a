import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { isTrue, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../apply.ts'
import { createRequester } from '../emqx5/api.ts'
import { configOf } from '../emqx5/config.ts'
import type { Answer } from '../runtime/pod-http.ts'
import type { OperatorEnvironment } from '../runtime/reconciler.ts'
import { credentials } from '../v1beta4/emqx/requester.ts'
import { HONEST } from '../v1beta4/hooks.ts'
import { API_PORT } from '../v1beta4/names.ts'
import type { EmqxEnterprise } from '../v1beta4/types.ts'
import { newest } from '../v2beta1/condition-machine.ts'
import type { Emqx } from '../v2beta1/types.ts'
import type { Rebalance } from './types.ts'

/** The cluster that a Rebalance is about. */
export interface Target {
  isReady: boolean
  isOpensource: boolean
  /** EMQX node names: of replicants where there are any. */
  nodes: string[]
  /** e.g. "/api/v5/load_rebalance" */
  path: string
  send(method: string, path: string, body?: unknown): Promise<Answer>
}

const isEnterprise4 = ({ spec }: Rebalance): boolean => spec.instanceKind === 'EmqxEnterprise'

/** The cluster in the operator's words, e.g. "EMQX Enterprise emqx-ee". */
export const targetName = (rebalance: Rebalance): string =>
  `${isEnterprise4(rebalance) ? 'EMQX Enterprise' : 'EMQX'} ${rebalance.spec.instanceName}`

/** Undefined when there is no such resource. */
export const targetOf = (env: OperatorEnvironment, rebalance: Rebalance): Promise<Target | undefined> =>
  isEnterprise4(rebalance) ? enterprise4(env, rebalance) : emqx5(env, rebalance)

async function enterprise4(
  env: OperatorEnvironment,
  { metadata, spec }: Rebalance,
): Promise<Target | undefined> {
  const cr = await unlessGone(
    env.kube.get<EmqxEnterprise>(resources.emqxEnterprises, metadata.namespace, spec.instanceName),
  )
  if (cr === undefined) return undefined
  return {
    isReady: cr.status?.conditions?.[0]?.type === 'Running',
    isOpensource: false,
    nodes: (cr.status?.emqxNodes ?? []).map(({ node }) => node),
    path: '/api/v4/load_rebalance',
    async send(method, path, body) {
      const pass = { env, hooks: HONEST, cr }
      const pods = await labelled<Pod>(pass, resources.pods, cr.metadata.labels)
      const ready = pods.find((pod) => isTrue(pod, 'Ready') && !pod.metadata.deletionTimestamp)
      // Donors are not ready: while all of them give, any pod whose containers are answers.
      const pod = ready ?? pods.find((one) => isTrue(one, 'ContainersReady'))
      if (pod?.status?.podIP === undefined) throw new Error('no pod is ready')
      return env.http.send(pod.status.podIP, method, path, {
        port: API_PORT,
        ...(await credentials(pass)),
        body,
      })
    },
  }
}

async function emqx5(env: OperatorEnvironment, { metadata, spec }: Rebalance): Promise<Target | undefined> {
  const cr = await unlessGone(env.kube.get<Emqx>(resources.emqxes, metadata.namespace, spec.instanceName))
  if (cr === undefined) return undefined
  const { coreNodes = [], replicantNodes = [] } = cr.status ?? {}
  const nodes = replicantNodes.length > 0 ? replicantNodes : coreNodes
  return {
    isReady: newest(cr.status) === 'Ready',
    isOpensource: coreNodes.some(({ edition }) => edition === 'Opensource'),
    nodes: nodes.map(({ node }) => node),
    path: '/api/v5/load_rebalance',
    async send(method, path, body) {
      const requester = await createRequester(env, cr, configOf(cr.spec.config?.data))
      if (requester === undefined) throw new Error('no core is ready')
      return requester.send(method, path, { body })
    },
  }
}
