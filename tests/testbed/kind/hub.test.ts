/** Emulated EMQX nodes behind pods of another cluster: the hub, with this test in place of the program in the pod. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface, type Interface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { createEmqxCluster } from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { startHub } from '#weir/testbed/kind/emulated/hub.ts'

const podOf = (name: string, image: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { 'apps.emqx.io/instance': 'emqx' } },
  spec: { hostname: name, subdomain: 'emqx-headless', containers: [{ name: 'emqx', image }] },
})

const PODS = [
  podOf('emqx-core-0', 'emqx/emqx-enterprise:5.8.6'),
  podOf('emqx-ee-0', 'emqx/emqx-ee:4.4.14'),
  podOf('other-0', 'emqx/emqx-enterprise:6.0.0'),
]
const kube = {
  async list(_resource: unknown, { fieldSelector }: { fieldSelector: string }) {
    return {
      items: PODS.filter(({ metadata }) => fieldSelector === `metadata.name=${metadata.name}`),
      resourceVersion: '1',
    }
  },
} as unknown as KubeApi

async function withHub(act: (port: number, log: string[]) => Promise<void>): Promise<void> {
  const cluster = createEmqxCluster({ faults: makeFaults([]), seed: 1 })
  const log: string[] = []
  const hub = await startHub(kube, { cluster, host: '127.0.0.1', log: (line) => log.push(line), bootMs: 0 })
  try {
    await act(Number(hub.address.split(':')[1]), log)
  } finally {
    cluster.close()
    await hub.close()
  }
}

interface Control {
  socket: Socket
  next(): Promise<string>
}

async function announce(port: number, identity: string): Promise<Control> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const lines: Interface = createInterface({ input: socket })
  const iterator = lines[Symbol.asyncIterator]()
  socket.write(`node ${identity}\n`)
  return { socket, next: async () => (await iterator.next()).value ?? '' }
}

/** A client's connection, as the pod passes it on. */
async function carried(port: number, identity: string, emqxPort: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`connection ${identity} ${emqxPort}\n`)
  const [first] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => ['closed'])])
  if (String(first) === 'closed') return socket
  assert.is(String(first), '+')
  return socket
}

async function get(socket: Socket, path: string): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write(`GET ${path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n`)
  await once(socket, 'close')
  return text
}

test('a pod gets the ports of its release, and clients reach its node through it', () =>
  withHub(async (port) => {
    const identity = 'emqx-core-0 10.244.0.7'
    const control = await announce(port, identity)
    assert.is(await control.next(), 'listen 1883 18083 8883 8083 8084')
    const answer = await get(await carried(port, identity, 18083), '/status')
    assert.match(answer, /Node emqx@emqx-core-0\.emqx-headless\.default\.svc\.cluster\.local is started/)
    const client = await carried(port, identity, 1883)
    // CONNECT of MQTT 3.1.1, client id "a".
    client.write(Buffer.from('100d00044d5154540402003c000161', 'hex'))
    const [connack] = (await once(client, 'data')) as [Buffer]
    assert.is(connack.toString('hex'), '20020000')
    client.destroy()
    control.socket.destroy()
  }))

test('SIGTERM is the node’s to carry out: the pod ends when it has', () =>
  withHub(async (port) => {
    const identity = 'emqx-ee-0 10.244.0.8'
    const control = await announce(port, identity)
    assert.match(await control.next(), /^listen .*8081/)
    control.socket.write('terminate\n')
    assert.is(await control.next(), 'exit 0')
    control.socket.destroy()
  }))

test('a pod that goes takes its node with it', () =>
  withHub(async (port) => {
    const identity = 'emqx-core-0 10.244.0.9'
    const control = await announce(port, identity)
    await control.next()
    const client = await carried(port, identity, 1883)
    control.socket.destroy()
    await once(client, 'close')
    assert.ok((await carried(port, identity, 1883)).destroyed)
  }))

test('two testbeds at once give their nodes addresses that differ, and a pod that starts again and again is given one', () =>
  withHub((first) =>
    withHub(async (second) => {
      const before = await announce(first, 'emqx-core-0 10.244.0.7')
      assert.match(await before.next(), /^listen /)
      for (let time = 0; time < 300; time++) {
        const control = await announce(second, 'emqx-core-0 10.244.0.7')
        assert.match(await control.next(), /^listen /, `time ${time}`)
        control.socket.destroy()
        await once(control.socket, 'close')
      }
      assert.match(await get(await carried(first, 'emqx-core-0 10.244.0.7', 18083), '/status'), /is started/)
      before.socket.destroy()
    }),
  ))

test('a pod that nobody knows and a release that cannot be emulated end with a reason', () =>
  withHub(async (port, log) => {
    const unknown = await announce(port, 'nobody-0 10.244.0.10')
    assert.is(await unknown.next(), 'error 0 pods have the name nobody-0')
    assert.is(await unknown.next(), 'exit 1')
    const other = await announce(port, 'other-0 10.244.0.11')
    assert.is(await other.next(), 'error emqx/emqx-enterprise:6.0.0 is no EMQX that can be emulated')
    assert.is(log.length, 2)
    for (const { socket } of [unknown, other]) socket.destroy()
  }))

test.run()
