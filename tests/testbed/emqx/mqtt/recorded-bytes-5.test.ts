import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { ask, cluster5 } from '../support/cluster-5.ts'
import { type ConnectOptions, join, type RawClient } from '../support/raw-client.ts'
import { fixtureText } from '../support/recorded.ts'
import { until } from '../support/until.ts'

/** What each client got: its CONNACK, and what came until the FIN. */
type Bytes = Record<string, { connack: string; after: string }>

/** The recorded bytes by phase and client, e.g. "evict-no-redirect" and "v5clean". */
function recordedBytes(): Record<string, Bytes> {
  const phases: Record<string, Bytes> = {}
  for (const line of fixtureText('raw-mqtt-bytes.txt').trim().split('\n')) {
    const [, phase, client, what, rest] = /^(\S+) (\S+) (CONNACK|then received) (.*)$/.exec(line)!
    phases[phase!] ??= {}
    phases[phase!]![client!] ??= { connack: '', after: '' }
    if (what === 'CONNACK') phases[phase!]![client!]!.connack = rest!
    else phases[phase!]![client!]!.after = rest!.replace(/ then FIN.*$/, '').replace('(nothing)', '')
  }
  return phases
}

const RECORDED = recordedBytes()

const CLIENTS: Record<string, ConnectOptions> = {
  v5persist: { clean: false, properties: { sessionExpiryInterval: 7200 } },
  v5clean: {},
  v311clean: { version: 4 },
  v311persist: { version: 4, clean: false },
}

/** Dials with every kind of client, one after another. */
async function dialAll(node: EmqxNode): Promise<Record<string, RawClient>> {
  const dialled: Record<string, RawClient> = {}
  for (const [name, options] of Object.entries(CLIENTS))
    dialled[name] = await join(node.ip, { clientId: name, ...options })
  return dialled
}

async function heard(clients: Record<string, RawClient>): Promise<Bytes> {
  await until(() => Object.values(clients).every(({ ended }) => ended))
  const bytes: Bytes = {}
  for (const [name, { hex }] of Object.entries(clients)) {
    const length = 4 + 2 * Number.parseInt(hex.slice(2, 4), 16)
    bytes[name] = { connack: hex.slice(0, length), after: hex.slice(length) }
  }
  return bytes
}

/** The recorded clients had a session from an earlier phase or not, whichever it was: only that flag is taken from there. */
const withoutSession = (bytes: Bytes | undefined): Bytes =>
  Object.fromEntries(
    Object.entries(bytes!).map(([name, { connack, after }]) => [
      name,
      { connack: connack.replace(/^(20..)01(00)/, '$100$2').replace(/^(2002)01/, '$100'), after },
    ]),
  )

const start = (node: EmqxNode, body: object) =>
  ask(node, 'POST', `/api/v5/load_rebalance/${node.name}/evacuation/start`, { body: JSON.stringify(body) })

test('evicted: 0x9C and FIN, or FIN alone; refused after that: 0x9C or 3', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1 })
  const [node] = nodes
  const clients = await dialAll(node!)
  await start(node!, { wait_health_check: 3 })
  await clock.advance(3100)
  assert.equal(withoutSession(await heard(clients)), withoutSession(RECORDED['evict-no-redirect']))
  assert.equal(await heard(await dialAll(node!)), RECORDED['refused-no-redirect'])
  cluster.close()
})

test('while health checks are waited for, everybody is admitted, and a session is found again', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1 })
  const [node] = nodes
  for (const [name, client] of Object.entries(await dialAll(node!))) {
    client.send({ cmd: 'disconnect', reasonCode: 0 })
    await until(
      () => client.ended,
      () => name,
    )
  }
  // The server reference comes from the command line alone, so the machine is told directly.
  node!.core.evacuation.start(
    {
      connEvictRate: 10,
      sessEvictRate: 10,
      waitTakeoverSeconds: 60,
      waitHealthCheckSeconds: 3,
      migrateTo: undefined,
      serverReference: '127.0.0.2:1883',
    },
    true,
  )
  const clients = await dialAll(node!)
  await clock.advance(3100)
  assert.equal(await heard(clients), RECORDED['during-waiting_health_check'])
  assert.equal(await heard(await dialAll(node!)), RECORDED['refused-with-redirect'])
  cluster.close()
})

test('redirect_to of the HTTP API is accepted, and nobody hears of it', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1 })
  const [node] = nodes
  const clients = await dialAll(node!)
  const { status, json } = await start(node!, { wait_health_check: 0, redirect_to: '127.0.0.2:1883' })
  assert.equal([status, json], [200, {}])
  await clock.advance(100)
  assert.equal(withoutSession(await heard(clients)), withoutSession(RECORDED['evict-no-redirect']))
  cluster.close()
})

test('taken over while connected: 0x8E and FIN', async () => {
  const { cluster, nodes } = await cluster5({ count: 2 })
  const clients = await dialAll(nodes[0]!)
  await dialAll(nodes[1]!)
  assert.equal(await heard(clients), RECORDED['evict-with-redirect-to'])
  cluster.close()
})

test('SIGTERM: FIN and not a word', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1 })
  const clients = await dialAll(nodes[0]!)
  const ended = nodes[0]!.terminate()
  await clock.advance(10)
  await ended
  assert.equal(withoutSession(await heard(clients)), withoutSession(RECORDED['node-stop-SIGTERM']))
  cluster.close()
})

test.run()
