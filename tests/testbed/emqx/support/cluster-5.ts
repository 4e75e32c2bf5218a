import assert from 'node:assert/strict'
import type { EmqxNode, StartNodeOptions } from '#weir/testbed/emqx/index.ts'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { differences } from './differences.ts'
import { nextAddress, testbed } from './nodes.ts'
import { type ConnectOptions, join, type RawClient } from './raw-client.ts'
import { type Recorded, recorded } from './recorded.ts'
import { VARYING } from './varying-5.ts'

const KEY = { username: 'key', password: 'secret' }
const AUTHORIZATION = `Basic ${Buffer.from('key:secret').toString('base64')}`

export interface Answer5 {
  status: number
  headers: Headers
  body: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into foreign JSON
  json: any
}

export interface Asked {
  body?: string
  authorization?: string | null
  accept?: string
  /** Of the body; JSON when left out. */
  contentType?: string
}

/** `node` may be any node that speaks the API of 5.8. */
export async function ask(
  node: { ip: string },
  method: string,
  path: string,
  { body, authorization = AUTHORIZATION, accept, contentType = 'application/json' }: Asked = {},
): Promise<Answer5> {
  const response = await fetch(`http://${node.ip}:18083${path}`, {
    method,
    headers: {
      connection: 'close',
      ...(authorization !== null && { authorization }),
      ...(accept !== undefined && { accept }),
      ...(body !== undefined && { 'content-type': contentType }),
    },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, headers: response.headers, body: text, json }
}

/** The recorded cluster again: emqx@127.0.0.1, .2 and .3, on a clock that moves when it is told to. */
export async function cluster5(
  options: {
    faults?: string[]
    count?: number
    healthCheckWaitSeconds?: number
  } & Partial<StartNodeOptions> = {},
) {
  const { faults = [], count = 3, healthCheckWaitSeconds, ...more } = options
  const clock = new VirtualClock()
  const bed = testbed({
    clock,
    faults,
    ...(healthCheckWaitSeconds !== undefined && { healthCheckWaitSeconds }),
  })
  const start = (host: string, setName = 'emqx-core-blue', over: Partial<StartNodeOptions> = {}) =>
    bed.cluster.startNode({
      nodeName: `emqx@${host}`,
      podName: `${setName}-${host.split('.').at(-1)}`,
      setName,
      ip: nextAddress(),
      version: '5.8.9',
      clusterKey: 'emqx-headless.default.svc.cluster.local',
      credentials: [KEY],
      terminateMs: 1,
      ...more,
      ...over,
    })
  const nodes: EmqxNode[] = []
  for (let index = 1; index <= count; index++) nodes.push(await start(`127.0.0.${index}`))
  return { ...bed, clock, nodes, start }
}

/** Sends a recorded request to the emulated node of the same name. */
export function replay(nodes: readonly EmqxNode[], { method, url, requestHeaders, requestBody }: Recorded) {
  const node = nodes.find(({ name }) => name === `emqx@${url.hostname}`)
  if (node === undefined) throw new Error(`no emulated emqx@${url.hostname}`)
  const accept = requestHeaders.get('accept')
  return ask(node, method, `${url.pathname}${url.search}`, {
    authorization: requestHeaders.has('authorization') ? AUTHORIZATION : null,
    ...(requestBody !== undefined && { body: requestBody }),
    ...(accept !== undefined && { accept }),
  })
}

/** Headers that say something about the API; the others are the HTTP server's. */
const HEADERS = ['content-type', 'allow', 'retry-after', 'www-authenticate']

/** Compares an answer with the recorded one: status, headers, and a JSON body field by field or a text as it is. */
export function assertSame(name: string, wanted: Recorded, given: Answer5): void {
  assert.equal(given.status, wanted.status, `${name}: status (${given.body})`)
  for (const header of HEADERS)
    assert.equal(given.headers.get(header), wanted.headers.get(header) ?? null, `${name}: ${header}`)
  if (wanted.headers.get('content-type') !== 'application/json') {
    assert.equal(given.body, wanted.body, name)
    return
  }
  assert.deepEqual(differences(JSON.parse(wanted.body), given.json, VARYING), [], name)
}

/** Asks what was asked of the real cluster, and compares the answers. */
export async function assertReplays(nodes: readonly EmqxNode[], name: string): Promise<Answer5> {
  const wanted = recorded(name)
  const given = await replay(nodes, wanted)
  assertSame(name, wanted, given)
  return given
}

/** The recorded mix of clients: half MQTT 5 persistent, a quarter MQTT 5 clean, a quarter 3.1.1 clean; one subscription each. */
export async function fleet5(node: EmqxNode, count: number, from = 0): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let index = from; index < from + count; index++) clients.push(await join5(node, index))
  return clients
}

export async function join5(node: EmqxNode, index: number): Promise<RawClient> {
  const client = await join(node.ip, client5(index))
  if (client.of('connack')[0]!.sessionPresent !== true && codeOf(client) === 0)
    await client.subscribe(`t/${index}`)
  return client
}

export function client5(index: number): ConnectOptions {
  const shared = { clientId: `c${index}`, keepalive: 60 }
  if (index % 4 < 2) return { ...shared, clean: false, properties: { sessionExpiryInterval: 7200 } }
  return index % 4 === 2 ? shared : { ...shared, version: 4 }
}

export function codeOf(client: RawClient): number | undefined {
  const [connack] = client.of('connack')
  return connack?.reasonCode ?? connack?.returnCode
}
