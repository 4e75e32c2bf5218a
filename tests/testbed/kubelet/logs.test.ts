/** What containers print, by the API server and the kubelet, as kubectl logs asks for it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startApiServer } from '#weir/testbed/apiserver/index.ts'
import { ContainerLog } from '#weir/testbed/kubelet/logs/container-log.ts'
import type { FindLog } from '#weir/testbed/kubelet/logs/serve-logs.ts'
import { serveKubelet } from '#weir/testbed/kubelet/server.ts'

const HOST = `127.62.${process.pid % 250}.${1 + ((process.pid >> 8) % 250)}`
const KUBELET = 10_250
const state = { nowMs: Date.parse('2026-01-02T03:04:05.678Z') }
const logs = new Map<string, ContainerLog>()

const logOf: FindLog = ({ namespace, pod, container }, previous) =>
  logs.get(`${namespace}/${pod}/${container}${previous ? ' before' : ''}`) ?? {
    why: previous
      ? 'previous terminated container not found'
      : 'container is waiting to start: ContainerCreating',
  }

const api = await startApiServer({ host: HOST, port: 0, token: 't', clusterIpPrefix: '127.62.251.' })
const kubelet = await serveKubelet(
  { host: HOST, port: KUBELET, key: api.key, certificate: api.certificate },
  { podOf: () => undefined, logOf },
)
test.after(async () => {
  kubelet.closeAllConnections()
  kubelet.close()
  await api.close()
})

const send = (method: string, path: string, body?: object) =>
  fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })

const containers = [
  { name: 'emqx', image: 'emqx/emqx:1.0.0' },
  { name: 'reloader', image: 'emqx/emqx:1.0.0' },
]
await send('POST', '/nodes', {
  metadata: { name: 'n' },
  status: {
    addresses: [{ type: 'InternalIP', address: HOST }],
    daemonEndpoints: { kubeletEndpoint: { Port: KUBELET } },
  },
})
await send('POST', '/namespaces/default/pods', {
  metadata: { name: 'p' },
  spec: { nodeName: 'n', containers },
})
await send('POST', '/namespaces/default/pods', { metadata: { name: 'unbound' }, spec: { containers } })

const logPath = (query: string, pod = 'p') => `/namespaces/default/pods/${pod}/log?container=emqx&${query}`
const read = async (query: string) => (await send('GET', logPath(query))).text()

function newLog(key = 'default/p/emqx'): ContainerLog {
  const log = new ContainerLog(() => state.nowMs)
  logs.set(key, log)
  return log
}

test('lines with and without the time at which the runtime got them', async () => {
  const log = newLog()
  log.print('one')
  state.nowMs += 1500.25
  log.print('two')
  assert.is(await read(''), 'one\ntwo\n')
  assert.is(
    await read('timestamps=true'),
    '2026-01-02T03:04:05.678000000Z one\n2026-01-02T03:04:07.178250000Z two\n',
  )
  assert.is(await read('tailLines=1'), 'two\n')
  assert.is(await read('sinceTime=2026-01-02T03:04:06Z'), 'two\n')
  assert.is(await read('sinceTime=2026-01-02T03:04:07.9Z'), 'two\n', 'in whole seconds')
})

test('who follows gets what comes, until the container ends', async () => {
  const log = newLog()
  log.print('one')
  const response = await send('GET', logPath('follow=true'))
  const text = response.text()
  await sleep(50)
  log.print('two')
  log.print('three')
  log.end()
  assert.is(await text, 'one\ntwo\nthree\n')
  assert.is(await read('follow=true'), 'one\ntwo\nthree\n', 'of a container that has ended')
})

test('a container that was started again has the log of the run before', async () => {
  newLog().print('now')
  newLog('default/p/emqx before').print('before')
  assert.is(await read('previous=true'), 'before\n')
  assert.is(await read(''), 'now\n')
  logs.delete('default/p/emqx before')
})

test('what there is no log of is refused in the words of the kubelet', async () => {
  const refused = async (path: string) => {
    const response = await send('GET', path)
    return [response.status, ((await response.json()) as { message: string }).message]
  }
  newLog()
  assert.equal(await refused(logPath('previous=true')), [400, 'previous terminated container not found'])
  logs.clear()
  assert.equal(await refused(logPath('')), [400, 'container is waiting to start: ContainerCreating'])
  assert.equal(await refused('/namespaces/default/pods/p/log?container=x'), [
    ...[400, 'container x is not valid for pod p'],
  ])
  assert.equal(await refused('/namespaces/default/pods/p/log'), [
    400,
    'a container name must be specified for pod p, choose one of: [emqx reloader]',
  ])
  assert.equal(await refused(logPath('', 'none')), [404, 'pods "none" not found'])
  const unbound = await send('GET', logPath('', 'unbound'))
  assert.equal([unbound.status, await unbound.text()], [200, ''])
})

test('a log that grows past its limit loses its oldest lines', () => {
  const log = newLog()
  const line = 'x'.repeat(1024 * 1024)
  for (let index = 0; index < 12; index++) log.print(`${index} ${line}`)
  assert.ok(log.lines.length < 12)
  assert.match(log.lines.at(-1)!.text, /^11 /)
})

test.run()
