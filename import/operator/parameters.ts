import type { Parameters } from '#weir/facts/index.ts'
import type { ImportOptions } from '../options.ts'
import type { OperatorRecording } from './recording.ts'

export const LIVE_METRIC = 'emqx_live_connections_count'

const DEFAULT_HEALTH_CHECK_WAIT_SECONDS = 60

type Tree = Record<string, unknown>

/** The numbers of the resource. The dialects use different names for them. */
export function operatorParameters(
  recording: OperatorRecording,
  clients: number,
  told: ImportOptions,
): Parameters {
  const spec = treeAt(recording.resource, 'spec')
  const strategy = treeAt(spec, 'blueGreenUpdate') ?? treeAt(spec, 'updateStrategy')
  const eviction = treeAt(strategy, 'evacuationStrategy')
  const isV1 = recording.resource.apiVersion === 'apps.emqx.io/v1beta4'
  const replicasIn = (template: string) => numberAt(treeAt(treeAt(spec, template), 'spec'), 'replicas')
  const replicants = replicasIn('replicantTemplate') ?? 0
  return {
    clients,
    nodes: (numberAt(spec, 'replicas') ?? replicasIn('coreTemplate') ?? 1) + replicants,
    ...(replicants > 0 ? { servingNodes: replicants } : {}),
    connEvictRate: told.connEvictRate ?? numberAt(eviction, 'connEvictRate') ?? 1000,
    sessEvictRate: numberAt(eviction, 'sessEvictRate') ?? 1000,
    waitTakeoverSeconds: told.waitTakeoverSeconds ?? numberAt(eviction, 'waitTakeover') ?? (isV1 ? 0 : 10),
    initialDelaySeconds: numberAt(strategy, 'initialDelaySeconds') ?? (isV1 ? 0 : 10),
    pollIntervalSeconds: isV1 ? 20 : 1,
    scrapeIntervalSeconds: 1,
    sampleIntervalSeconds: 1,
    reconnect: {
      policy: told.reconnectMs ? 'as told' : 'as recorded',
      ...(told.reconnectMs ?? waits(recording)),
    },
    ...(!told.reconnectMs && { unknown: ['reconnect' as const] }),
    dialect: {
      name: `recorded ${String(recording.resource.apiVersion ?? '')} ${String(recording.resource.kind ?? '')}`,
      healthCheckWaitSeconds: told.waitHealthCheckSeconds ?? (isV1 ? 0 : healthCheckWait(recording)),
      evacuates: true,
      trafficSwitch: isV1 ? 'service' : 'readiness-gate',
      skipsEmptyNodes: !isV1,
      takeoverMayDuplicate: isV1,
      connectionsMetric: 'emqx_connections_count',
      liveConnectionsMetric: LIVE_METRIC,
    },
    holdSeconds: 0,
  }
}

/** EMQX's default, which the operator does not set; a recorder that shortened it noted it in its log of steps. */
function healthCheckWait({ steps }: OperatorRecording): number {
  const told = steps.map(({ text }) => / HC (\d+)/.exec(text)?.[1]).find((one) => one !== undefined)
  return told === undefined ? DEFAULT_HEALTH_CHECK_WAIT_SECONDS : Number(told)
}

/** How long clients waited before their first attempt after a loss. */
function waits(recording: OperatorRecording): { minMs: number; maxMs: number } {
  const lost = new Map<string, number>()
  const all: number[] = []
  for (const row of recording.clients) {
    const lostT = lost.get(row.client)
    if (row.event === 'disconnected') lost.set(row.client, row.t)
    else if (lostT !== undefined) {
      all.push((row.t - lostT) * 1000)
      lost.delete(row.client)
    }
  }
  all.sort((a, b) => a - b)
  const at = (q: number) => Math.round(all[Math.round(q * (all.length - 1))] ?? 1000)
  return { minMs: at(0.005), maxMs: at(0.995) }
}

function treeAt(tree: unknown, key: string): Tree | undefined {
  const value = typeof tree === 'object' && tree !== null ? (tree as Tree)[key] : undefined
  return typeof value === 'object' && value !== null ? (value as Tree) : undefined
}

function numberAt(tree: Tree | undefined, key: string): number | undefined {
  const value = tree?.[key]
  return typeof value === 'number' ? value : undefined
}
