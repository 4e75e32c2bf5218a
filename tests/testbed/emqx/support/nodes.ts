import {
  createEmqxCluster,
  type EmqxCluster,
  type EmqxNode,
  type StartNodeOptions,
} from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import type { Clock } from '#weir/testbed/runtime/clock.ts'

/** Loopback addresses of this process alone, so that test files may run side by side. */
const PREFIX = `127.${64 + (process.pid % 128)}.${(process.pid >> 7) % 256}.`
let lastAddress = 1

export function nextAddress(): string {
  return `${PREFIX}${++lastAddress}`
}

export interface Testbed {
  cluster: EmqxCluster
  /** `emqx-ee-blue` is the first generation in every test that uses the default. */
  start(podName: string, options?: Partial<StartNodeOptions>): Promise<EmqxNode>
}

export interface TestbedOptions {
  faults?: string[]
  clock?: Clock
  seed?: number
  healthCheckWaitSeconds?: number
}

export function testbed(options: TestbedOptions = {}): Testbed {
  const { faults = [], seed = 7, clock, healthCheckWaitSeconds } = options
  const cluster = createEmqxCluster({
    faults: makeFaults(faults),
    seed,
    ...(clock !== undefined && { clock }),
    ...(healthCheckWaitSeconds !== undefined && { healthCheckWaitSeconds }),
  })
  return {
    cluster,
    start: (podName, more = {}) =>
      cluster.startNode({
        nodeName: `emqx-ee@${podName}.emqx-ee-headless.default.svc.cluster.local`,
        podName,
        ip: nextAddress(),
        version: '4.4.19',
        clusterKey: 'default/emqx-ee',
        ...more,
      }),
  }
}

const AUTHORIZATION = `Basic ${Buffer.from('admin:public').toString('base64')}`

export interface ApiAnswer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into foreign JSON
  json: any
}

/** Asks a node's management API. */
export async function api(
  node: EmqxNode,
  method: string,
  path: string,
  options: { body?: unknown; port?: number; authorization?: string | null } = {},
): Promise<ApiAnswer> {
  const { body, port = 8081, authorization = AUTHORIZATION } = options
  const response = await fetch(`http://${node.ip}:${port}${path}`, {
    method,
    headers: { ...(authorization !== null && { authorization }), connection: 'close' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, headers: response.headers, text, json }
}

export function evacuate(node: EmqxNode, body: object): Promise<ApiAnswer> {
  return api(node, 'POST', `/api/v4/load_rebalance/${node.name}/evacuation/start`, { body })
}
