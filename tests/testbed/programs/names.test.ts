import { decode, encode, type RecordType } from 'dns-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EndpointSlice, Service } from '#weir/cluster/kubernetes/kinds.ts'
import { answerTo } from '#weir/testbed/programs/names/dns-server.ts'
import { hostsFile } from '#weir/testbed/programs/names/hosts-file.ts'
import { recordsOf } from '#weir/testbed/programs/names/records.ts'

const service = (name: string, namespace: string, clusterIP: string): Service => ({
  metadata: { name, namespace },
  spec: { clusterIP, ports: [{ name: 'mqtt', port: 1883 }] },
})

const headless: EndpointSlice = {
  metadata: {
    name: 'nodes-abcde',
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'nodes' },
  },
  endpoints: [
    { addresses: ['127.3.0.2'], hostname: 'emqx-0', conditions: { ready: true } },
    { addresses: ['127.3.0.3'], hostname: 'emqx-1', conditions: { ready: false } },
    { addresses: ['127.3.0.4'] },
  ],
  ports: [{ name: 'ekka', port: 4370, protocol: 'TCP' }],
}

const services = [service('nodes', 'default', 'None'), service('hooks', 'system', '127.3.1.9')]
const records = recordsOf(services, [headless])

const ask = (name: string, type: RecordType, flags = 0) =>
  decode(answerTo(encode({ type: 'query', id: 7, flags, questions: [{ type, name }] }), records))

test('a headless Service leads to its ready pods, which have names of their own; any other to its address', () => {
  assert.is(
    hostsFile(records.addresses, 'default'),
    [
      '127.0.0.1 localhost',
      '127.3.0.2 nodes.default.svc.cluster.local nodes.default.svc nodes.default nodes',
      '127.3.0.2 emqx-0.nodes.default.svc.cluster.local emqx-0.nodes.default.svc emqx-0.nodes.default emqx-0.nodes',
      '127.3.0.4 nodes.default.svc.cluster.local nodes.default.svc nodes.default nodes',
      '127.3.0.4 127-3-0-4.nodes.default.svc.cluster.local 127-3-0-4.nodes.default.svc 127-3-0-4.nodes.default 127-3-0-4.nodes',
      '127.3.1.9 hooks.system.svc.cluster.local hooks.system.svc hooks.system',
      '',
    ].join('\n'),
  )
  assert.match(hostsFile(records.addresses, 'system'), /^127\.3\.1\.9 .* hooks$/m)
})

test('DNS answers addresses and, for EMQX to find its peers, the names behind a Service', () => {
  const addresses = ask('nodes.default.svc.cluster.local', 'A')
  assert.equal(
    addresses.answers?.map((answer) => 'data' in answer && answer.data),
    ['127.3.0.2', '127.3.0.4'],
  )
  assert.is(addresses.id, 7)
  for (const name of ['nodes.default.svc.cluster.local', '_ekka._tcp.nodes.default.svc.cluster.local'])
    assert.equal(
      ask(name, 'SRV').answers?.map((answer) => answer.type === 'SRV' && answer.data),
      ['emqx-0', '127-3-0-4'].map((pod) => ({
        priority: 0,
        weight: 100,
        port: 4370,
        target: `${pod}.nodes.default.svc.cluster.local`,
      })),
    )
})

test('a name that is not there is said not to be there, and one without such records is not', () => {
  const rcode = (name: string, type: RecordType) => (ask(name, type) as { rcode?: string }).rcode
  assert.is(rcode('elsewhere.default.svc.cluster.local', 'A'), 'NXDOMAIN')
  assert.is(rcode('example.com', 'A'), 'NXDOMAIN')
  assert.is(rcode('nodes.default.svc.cluster.local', 'AAAA'), 'NOERROR')
  assert.equal(ask('nodes.default.svc.cluster.local', 'AAAA').answers, [])
})

test('an answer keeps whether recursion was desired: Erlang takes it for foreign otherwise', () => {
  assert.is((ask('nodes.default.svc.cluster.local', 'A', 256) as { flag_rd?: boolean }).flag_rd, true)
  assert.is((ask('nodes.default.svc.cluster.local', 'A') as { flag_rd?: boolean }).flag_rd, false)
})

test('a damaged question is not answered', () => {
  assert.throws(() => answerTo(Buffer.from([1, 2, 3]), records))
})

test.run()
