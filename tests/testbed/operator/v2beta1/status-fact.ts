import type { KubeObject } from '../../../../cluster/kubernetes/types.ts'
import type { Emqx } from '../../../../testbed/operator/v2beta1/types.ts'
import type { Colours } from './colours.ts'

const BETWEEN = new Set(['waiting_takeover', 'evicting_sessions'])

/** What the resource says of itself; undefined for what only a look at the right moment sees. */
export function statusFact(object: KubeObject, { rename, full }: Colours): string | undefined {
  const { metadata, status, spec } = object as Emqx
  const generation = `generation ${metadata.generation}`
  if (status === undefined) return `${generation}: no status`
  const { conditions = [], coreNodes = [], coreNodesStatus = {}, nodeEvacuationsStatus = [] } = status
  const running = coreNodes.filter((node) => node.node_status === 'running')
  const sizes = new Map<string, number>()
  for (const { controllerUID = '' } of running) sizes.set(controllerUID, (sizes.get(controllerUID) ?? 0) + 1)
  const isMoving = conditions[0]?.type === 'CoreNodesProgressing'
  if (isMoving && [...sizes.values()].some((size) => !full.has(size))) return undefined
  const evacuations = nodeEvacuationsStatus.filter(({ node }) => running.some((one) => one.node === node))
  if (evacuations.some(({ state }) => BETWEEN.has(state))) return undefined
  const strategy = spec.updateStrategy.evacuationStrategy
  const moved = evacuations.map(({ node, state, session_recipients = [], ...rates }) => {
    const isObeyed =
      rates.connection_eviction_rate === strategy?.connEvictRate &&
      rates.session_eviction_rate === strategy?.sessEvictRate
    const recipients = session_recipients.map(rename).sort()
    return `${rename(node)} ${state} at ${isObeyed ? 'the' : 'another'} rate to ${recipients}`
  })
  const { updateRevision, currentRevision, readyReplicas = 0, replicas } = coreNodesStatus
  return [
    generation,
    `[${conditions.map(({ type, reason, message }) => `${type}/${reason}/${message}`)}]`,
    `${running.map(({ node, version }) => rename(`${node} ${version}`)).sort()}`,
    `${readyReplicas === running.length ? 'all' : readyReplicas} ready of ${replicas}`,
    rename(`${currentRevision} to ${updateRevision}`),
    ...moved,
  ].join('; ')
}
