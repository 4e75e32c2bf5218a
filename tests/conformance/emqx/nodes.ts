import assert from 'node:assert/strict'
import { type Answer5, ask } from '../../testbed/emqx/support/cluster-5.ts'
import { type ConnectOptions, join, type RawClient } from '../../testbed/emqx/support/raw-client.ts'

export interface Node {
  name: string
  ip: string
}

/** A cluster of two nodes of EMQX 5.8.9, real or emulated. An emulated one has a clock of its own. */
export interface Nodes {
  one: Node
  two: Node
  /** Milliseconds on the nodes' clock. */
  now(): number
  /** Lets time pass on the nodes' clock. */
  pass(ms: number): Promise<void>
  /** Starts an evacuation with a Server-Reference, which EMQX takes from its command line only. */
  evacuateTo(node: Node, reference: string): Promise<void>
  /** SIGTERM. */
  terminate(node: Node): Promise<void>
}

/** A case has the nodes for itself, with no client and no evacuation on them. */
export type Cases = Record<string, (nodes: Nodes) => Promise<void>>

/** Waits on the nodes' clock. Fails with what `describe` returns after a minute of it. */
export async function until(
  nodes: Nodes,
  condition: () => boolean | Promise<boolean>,
  describe: () => unknown = () => 'condition',
): Promise<void> {
  const deadline = nodes.now() + 60_000
  while (!(await condition())) {
    if (nodes.now() > deadline) throw new Error(`still not so after 60 s: ${JSON.stringify(describe())}`)
    await nodes.pass(20)
  }
}

/** The reason code of an MQTT 5 CONNACK, or the return code of an older one. */
export function codeOf(client: RawClient): number | undefined {
  const [connack] = client.of('connack')
  return connack?.reasonCode ?? connack?.returnCode
}

/** Connects, and whether there was a session. Fails when the client is refused. */
export async function admitted(node: Node, options: ConnectOptions): Promise<[RawClient, boolean]> {
  const client = await join(node.ip, options)
  assert.equal(codeOf(client), 0, `${options.clientId} was refused`)
  return [client, client.of('connack')[0]!.sessionPresent]
}

/** The server has closed the connection. */
export const closed = (nodes: Nodes, ...clients: RawClient[]) =>
  until(
    nodes,
    () => clients.every(({ ended, closed }) => ended || closed),
    () => 'a connection stands',
  )

/** The reasons of the DISCONNECTs that a client received. */
export const reasons = (client: RawClient) => client.of('disconnect').map(({ reasonCode }) => reasonCode)

/** The API sees the client as not connected. */
export const isAway = (nodes: Nodes, clientId: string) =>
  until(nodes, async () => (await row(nodes.one, clientId)).json.connected === false)

export const row = (node: Node, clientId: string) => ask(node, 'GET', `/api/v5/clients/${clientId}`)

export const post = (node: Node, path: string, body: object = {}): Promise<Answer5> =>
  ask(node, 'POST', `/api/v5/load_rebalance/${path}`, { body: JSON.stringify(body) })

const path = ({ name }: Node, verb: 'start' | 'stop') => `${name}/evacuation/${verb}`

/** Starts an evacuation of quick waits unless `body` names others. */
export async function evacuate(node: Node, body: object = {}): Promise<void> {
  const quick = { wait_health_check: 0, wait_takeover: 1, conn_evict_rate: 2, sess_evict_rate: 2 }
  const { status, body: text } = await post(node, path(node, 'start'), { ...quick, ...body })
  assert.equal(status, 200, text)
}

export const stop = (node: Node) => post(node, path(node, 'stop'))

export const status = async (node: Node) => (await ask(node, 'GET', '/api/v5/load_rebalance/status')).json

export const reaches = (nodes: Nodes, node: Node, state: string) =>
  until(
    nodes,
    async () => (await status(node)).state === state,
    () => `${node.name} is not ${state}`,
  )

/** Ends every evacuation, client and session. */
export async function clear(nodes: Nodes): Promise<void> {
  for (const node of [nodes.one, nodes.two]) await post(nodes.one, path(node, 'stop'))
  const list = async () =>
    (await ask(nodes.one, 'GET', '/api/v5/clients?limit=1000')).json.data as { clientid: string }[]
  await until(nodes, async () => {
    const rows = await list()
    for (const { clientid } of rows)
      await ask(nodes.one, 'DELETE', `/api/v5/clients/${encodeURIComponent(clientid)}`)
    return rows.length === 0
  })
}
