import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { humanDuration, type TableShape } from '#weir/testbed/apiserver/tables/column.ts'
import { findAll, parseJsonPath } from '#weir/testbed/apiserver/tables/jsonpath.ts'
import { podTable } from '#weir/testbed/apiserver/tables/pods.ts'
import { endpointsTable, serviceTable } from '#weir/testbed/apiserver/tables/services.ts'
import { deploymentTable } from '#weir/testbed/apiserver/tables/workloads.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const AGES: [number, string][] = [
  [0, '0s'],
  [90 * SECOND, '90s'],
  [2 * MINUTE, '2m'],
  [2 * MINUTE + 5 * SECOND, '2m5s'],
  [15 * MINUTE, '15m'],
  [3 * HOUR, '3h'],
  [3 * HOUR + 20 * MINUTE, '3h20m'],
  [20 * HOUR, '20h'],
  [2 * DAY, '2d'],
  [2 * DAY + 3 * HOUR, '2d3h'],
  [30 * DAY, '30d'],
  [3 * 365 * DAY, '3y'],
  [-5 * SECOND, '<invalid>'],
]
for (const [ms, text] of AGES)
  test(`an age of ${ms} ms is ${text}`, () => {
    assert.is(humanDuration(ms), text)
  })

const resource = {
  metadata: { name: 'x', labels: { 'a.b/c': 'dotted' } },
  status: {
    replicas: 3,
    conditions: [
      { type: 'Ready', status: 'False' },
      { type: 'Running', status: 'True' },
      { type: 'Old', status: 'True' },
    ],
  },
}
const PATHS: [string, unknown[]][] = [
  ['.status.replicas', [3]],
  ['{.status.replicas}', [3]],
  ['.status.conditions[?(@.status=="True")].type', ['Running', 'Old']],
  [".status.conditions[?(@.type=='Ready')].status", ['False']],
  ['.status.conditions[0].type', ['Ready']],
  ['.status.conditions[-1].type', ['Old']],
  ['.status.conditions[*].type', ['Ready', 'Running', 'Old']],
  ['.metadata.labels.a\\.b/c', ['dotted']],
  ['.metadata.labels["a.b/c"]', ['dotted']],
  ['.status.missing.deeper', []],
  ['.status.conditions.type', []],
]
for (const [path, expected] of PATHS)
  test(`JSONPath ${path}`, () => {
    assert.equal(findAll(resource, parseJsonPath(path)), expected)
  })

test('a JSONPath that cannot be understood is an error', () => {
  assert.throws(() => parseJsonPath('.a[?(@.b'), /unrecognized part of a JSONPath/)
})

test('a path of any field names leads to the value under them', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9_-]+$/)
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.integer(), (names, value) => {
      const object = names.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
      assert.equal(findAll(object, parseJsonPath(`.${names.join('.')}`)), [value])
    }),
  )
})

const cells = (table: TableShape, object: object) =>
  table.map((column) =>
    column.cell({ metadata: { name: 'x' }, ...object }, Date.parse('2026-01-01T00:01:00Z')),
  )

const container = (state: object, ready = false) => ({ state, ready, restartCount: 0 })
const pod = (status: object, metadata = {}) =>
  cells(podTable, {
    metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], nodeName: 'hollow' },
    status,
  })

test('pods show the first thing that is wrong', () => {
  const running = container({ running: {} }, true)
  assert.equal(pod({ phase: 'Running', containerStatuses: [running, running], podIP: '127.3.5.2' }), [
    'p',
    '2/2',
    'Running',
    '0',
    '60s',
    '127.3.5.2',
    'hollow',
    '<none>',
    '<none>',
  ])
  const creating = container({ waiting: { reason: 'ContainerCreating' } })
  assert.equal(pod({ phase: 'Pending', containerStatuses: [creating, creating] }).slice(1, 3), [
    '0/2',
    'ContainerCreating',
  ])
  const pull = container({ waiting: { reason: 'ImagePullBackOff' } })
  assert.is(pod({ phase: 'Pending', containerStatuses: [pull, running] })[2], 'ImagePullBackOff')
  const ended = container({ terminated: { reason: 'Completed', exitCode: 0 } })
  assert.is(pod({ phase: 'Succeeded', containerStatuses: [ended, ended] })[2], 'Completed')
  assert.is(pod({ phase: 'Running' }, { deletionTimestamp: 'x' })[2], 'Terminating')
})

test('restarts say when the last one was', () => {
  const status = {
    restartCount: 2,
    ready: true,
    state: { running: {} },
    lastState: { terminated: { finishedAt: '2026-01-01T00:00:30Z' } },
  }
  assert.is(pod({ phase: 'Running', containerStatuses: [status] })[3], '2 (30s ago)')
})

test('services show their addresses and ports', () => {
  const spec = {
    type: 'NodePort',
    clusterIP: '127.3.7.2',
    ports: [{ port: 1883, nodePort: 32_010, protocol: 'TCP' }],
  }
  assert.equal(cells(serviceTable, { spec }).slice(1, 5), [
    'NodePort',
    '127.3.7.2',
    '<none>',
    '1883:32010/TCP',
  ])
  const balancer = { spec: { ...spec, type: 'LoadBalancer' } }
  assert.is(cells(serviceTable, balancer)[3], '<pending>')
  const status = { loadBalancer: { ingress: [{ ip: '127.3.8.2' }] } }
  assert.is(cells(serviceTable, { ...balancer, status })[3], '127.3.8.2')
})

test('endpoints show three addresses and how many more', () => {
  const addresses = ['1', '2', '3', '4', '5'].map((last) => ({ ip: `127.3.5.${last}` }))
  const subsets = [{ addresses, ports: [{ port: 1883 }] }]
  assert.is(cells(endpointsTable, { subsets })[1], '127.3.5.1:1883,127.3.5.2:1883,127.3.5.3:1883 + 2 more...')
  assert.is(cells(endpointsTable, {})[1], '<none>')
})

test('a Deployment shows how many of its pods are there, of the newest template, and available', () => {
  const spec = { replicas: 3, template: { spec: { containers: [{ name: 'm', image: 'i:1' }] } } }
  const metadata = { name: 'operator', creationTimestamp: '2026-01-01T00:00:00Z' }
  const status = { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 }
  const shown = cells(deploymentTable, { metadata, spec, status })
  assert.equal(shown.slice(0, 7), ['operator', '2/3', 1, 2, '60s', 'm', 'i:1'])
  assert.equal(cells(deploymentTable, { metadata, spec }).slice(1, 4), ['0/3', 0, 0])
})

test.run()
