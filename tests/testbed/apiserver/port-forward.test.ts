import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { KubeConfig, PortForward } from '@kubernetes/client-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import WebSocket from 'ws'
import { portsOf } from '#weir/testbed/apiserver/http/port-forward.ts'
import { startEchoPod } from './echo-pod.ts'
import { eventually, type Harness, podOf, TOKEN } from './harness.ts'

const PODS = '/api/v1/namespaces/default/pods'

let harness: Harness
let echo: net.Server
let port: number
let close: () => Promise<void>
test.before(async () => {
  ;({ harness, echo, port, close } = await startEchoPod())
})
test.after(() => close())

const kubeconfigs = (): [string, KubeConfig][] => {
  const secure = new KubeConfig()
  secure.loadFromFile(harness.kubeconfigPath)
  const plain = new KubeConfig()
  plain.loadFromClusterAndUser(
    { name: 'c', server: harness.server.url, skipTLSVerify: true },
    { name: 'u', token: TOKEN },
  )
  return [
    ['https', secure],
    ['http', plain],
  ]
}

/** A forward by hand: the messages that come, as [channel, bytes]. */
async function dial(name: string, query: string, protocols: string[] = ['v4.channel.k8s.io']) {
  const client = new WebSocket(
    `${harness.server.url.replace('http', 'ws')}${PODS}/${name}/portforward?${query}`,
    protocols,
    { headers: { authorization: `Bearer ${TOKEN}` } },
  )
  const messages: [number, Buffer][] = []
  client.on('message', (data: Buffer) => messages.push([data[0]!, data.subarray(1)]))
  await once(client, 'open')
  return { client, messages }
}

for (const scheme of ['https', 'http'])
  test(`the Kubernetes client forwards a port over ${scheme}`, async () => {
    const config = kubeconfigs().find(([name]) => name === scheme)![1]
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
    let got = 0
    let sum = 0
    output.on('data', (chunk: Buffer) => {
      got += chunk.length
      for (const byte of chunk) sum += byte
    })
    const forward = new PortForward(config)
    const socket = await forward.portForward('default', 'ee-0', [port], output, errors, input)
    assert.ok(socket && !(socket instanceof Function))
    // More than any buffer on the way, so that both directions have to pause.
    const block = Buffer.alloc(64 * 1024, 7)
    for (let i = 0; i < 100; i++) input.write(block)
    await eventually(() => (got === 100 * block.length ? true : undefined), 'the echo of 6.4 MB')
    assert.is(sum, 7 * got)
    assert.is(errors.read()?.length ?? 0, 0)
    const connections = () =>
      new Promise<number>((resolve) => echo.getConnections((_, count) => resolve(count)))
    assert.is(await connections(), 1)
    socket.close()
    await eventually(
      async () => ((await connections()) === 0 ? true : undefined),
      "the pod's connection to end",
    )
  })

test('each port has two channels, which begin with the port', async () => {
  const { client, messages } = await dial('ee-0', `ports=${port}&ports=${port}`)
  assert.is(client.protocol, 'v4.channel.k8s.io')
  client.send(Buffer.from('\x02to the second'))
  client.send(Buffer.from('\x00to the first'))
  client.send(Buffer.from('\x01to its errors: dropped'))
  client.send(Buffer.from('\x09to nobody'))
  await eventually(() => (messages.length === 6 ? true : undefined), 'four prefixes and two echoes')
  const prefix = Buffer.from([port & 0xff, port >> 8])
  assert.equal(
    messages.slice(0, 4),
    [0, 1, 2, 3].map((channel) => [channel, prefix]),
  )
  const echoes = messages.slice(4).map(([channel, bytes]) => `${channel} ${bytes}`)
  assert.equal(echoes.sort(), ['0 to the first', '2 to the second'])
  client.close()
})

test('what goes wrong is told on the second channel, and the forward ends when the pod closes', async () => {
  const closed = net.createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port: nobody } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const { client, messages } = await dial('ee-0', `ports=${nobody}`)
  const [code] = await once(client, 'close')
  assert.is(code, 1000)
  const [channel, text] = messages.at(-1)!
  assert.is(channel, 1)
  assert.match(
    text.toString(),
    new RegExp(
      `^error forwarding port ${nobody} to pod ee-0, uid [0-9a-f-]+: dial tcp 127.0.0.1:${nobody}: connect: connection refused$`,
    ),
  )
})

test('a forward that cannot be is refused before the upgrade', async () => {
  const refusal = async (name: string, query: string, token = TOKEN) => {
    const client = new WebSocket(
      `${harness.server.url.replace('http', 'ws')}${PODS}/${name}/portforward?${query}`,
      ['v4.channel.k8s.io'],
      { headers: { authorization: `Bearer ${token}` } },
    )
    const [, response] = await once(client, 'unexpected-response')
    let text = ''
    for await (const chunk of response) text += chunk
    return [response.statusCode, JSON.parse(text).message]
  }
  await harness.ask('POST', PODS, podOf('nowhere'))
  assert.equal(await refusal('nobody', 'ports=1'), [404, 'pods "nobody" not found'])
  assert.equal(await refusal('nowhere', 'ports=1'), [400, 'pod nowhere does not have a host assigned'])
  assert.equal(await refusal('ee-0', ''), [400, 'query parameter "port" is required'])
  assert.equal(await refusal('ee-0', 'ports=0'), [400, 'port "0" must be > 0'])
  assert.equal(await refusal('ee-0', 'ports=1', 'wrong'), [401, 'Unauthorized'])
  const plain = await harness.ask('GET', `${PODS}/ee-0/portforward?ports=1`)
  assert.is(plain.status, 400)
  assert.is(plain.body.message, 'Upgrade request required')
})

test('ports come one by one or in lists, and must be ports', () => {
  const ports = (query: string) => portsOf(new URLSearchParams(query))
  assert.equal(ports('ports=8081&ports=18083,1883'), [8081, 18_083, 1883])
  for (const query of ['ports=', 'ports=x', 'ports=1,', 'ports=65536', 'ports=-1'])
    assert.throws(() => ports(query), /cannot convert to \[\]int32: strconv.ParseUint: parsing "/, query)
})

test.run()
