/** What an operation leaves alone besides connections and pods: sockets by their ports, sets, Services, and the resource. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { ClientEventRow, RunRecord } from '#weir/record/index.ts'
import { saysOf } from './honest-run.ts'
import { S } from './made-events.ts'
import { crEvent, gap } from './made-operations.ts'
import { END, madeScaleOut, TRIGGER } from './made-scale-out.ts'

const CLIENTS = 30

/** Every client left at the end; the ports of its end when it connected and when it left. 0: unknown. */
function withPorts(portsOf: (client: number) => [number, number], moreEvents: RecordEvent[] = []): RunRecord {
  const left: ClientEventRow[] = Array.from({ length: CLIENTS }, (_, client) => ({
    ...{ t: END + 1e6 + client, client, kind: 'left', reason: 'stopped' },
    localPort: portsOf(client)[1],
  }))
  const record = madeScaleOut({ moreClients: left, moreEvents })
  const { clients } = record
  for (let i = 0; i < clients.length; i++)
    if (clients.t[i]! < TRIGGER) clients.localPort[i] = portsOf(clients.client[i]!)[0]
  return record
}

const judged = (record: RunRecord, bounds?: Record<string, number>) => saysOf(record, 'untouched', bounds)

test('every client had the same local port before and at the end', () => {
  const { outcome, sentence, figures } = judged(withPorts((client) => [40_000 + client, 40_000 + client]))
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /30 connections had the same local port at the end/)
  assert.is(figures?.samePorts, 30)
})

test('a client that came back without a word has another port: it fails', () => {
  const silently = withPorts((client) => [40_000 + client, client === 7 ? 50_000 : 40_000 + client])
  const { outcome, sentence } = judged(silently)
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, /^1 of 30 clients had another connection .*; c7 had port 50000 instead of 40007/)
})

test('ports that are unknown neither pass nor fail', () => {
  for (const [before, after] of [
    [0, 0],
    [0, 40_000],
    [40_000, 0],
  ] as const) {
    const { outcome, sentence, figures } = judged(withPorts(() => [before, after]))
    assert.is(outcome, 'pass', sentence)
    assert.not.match(sentence, /local port/)
    assert.equal([figures?.samePorts, figures?.unknownPorts], [0, CLIENTS])
  }
})

const watched = (t: number, kind: string, name: string, spec: object): RecordEvent => ({
  ...{ t: t * S, type: 'watch', event: 'MODIFIED', namespace: 'default' },
  ...{ kind, name, object: { kind, metadata: { name }, spec } },
})
const PORTS = [
  { name: 'mqtt', port: 1883 },
  { name: 'ws', port: 8083 },
]
const service = (t: number, changes: object = {}) =>
  watched(t, 'Service', 'emqx', { ports: PORTS, selector: { app: 'emqx' }, ...changes })
const set = (t: number, changes: object = {}) =>
  watched(t, 'StatefulSet', 'blue', { replicas: 3, template: { spec: { a: 1 } }, ...changes })
const resource = (t: number, generation: number) => crEvent(t * S, generation, '5.8.9')

/** Written beside the resource. */
const transferred: RecordEvent = {
  ...{ t: TRIGGER + 1, type: 'setting', name: 'project', phase: 'asked', value: 'other' },
  ...{ via: 'ConfigMap default/weir-projects', tookNs: 1e6 },
}

test('what may change: the number of pods, the order of ports, and what others set on a Service', () => {
  const events = [
    service(1),
    set(1),
    set(21, { replicas: 5 }),
    service(21, { ports: [...PORTS].reverse(), sessionAffinity: 'ClientIP' }),
    watched(25, 'Service', 'new', { ports: [] }),
    resource(1, 4),
    resource(20.1, 5),
  ]
  const { outcome, sentence } = judged(madeScaleOut({ moreEvents: events }), { generations: 1 })
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /2 sets and Services stayed as they were/)
})

/** [what, events, bounds, the words] */
const RED: [string, RecordEvent[], Record<string, number>, RegExp][] = [
  [
    'another selector of a Service',
    [service(1), service(30, { selector: { app: 'other' } })],
    {},
    /^Service emqx, which was there before, got another spec\.selector at \+10\.0 s/,
  ],
  [
    'another port of a Service',
    [service(1), service(30, { ports: [...PORTS, { name: 'more', port: 9999 }] })],
    {},
    /^Service emqx, which was there before, got another spec\.ports/,
  ],
  [
    'another template of a set',
    [set(1), set(30, { template: { spec: { a: 2 } } })],
    {},
    /^StatefulSet blue, which was there before, got another spec\.template/,
  ],
  [
    'something more in a set, which is taken back',
    [set(1), set(30, { minReadySeconds: 1 }), set(31)],
    {},
    /^StatefulSet blue, which was there before, got another spec\.minReadySeconds/,
  ],
  [
    'a resource that was not to be changed',
    [transferred, resource(1, 4), resource(30, 5)],
    { generations: 0 },
    /^The resource was changed once, the last time at \+10\.0 s .*, and the operation was not to change it\.$/,
  ],
  [
    'a resource that is changed once more',
    [resource(1, 4), resource(20.1, 5), resource(30, 6)],
    { generations: 1 },
    /^The resource was changed 2 times, .*, and the operation changes it once\.$/,
  ],
]
for (const [what, events, bounds, words] of RED)
  test(`${what}: it fails`, () => {
    const { outcome, sentence, measured } = judged(madeScaleOut({ moreEvents: events }), bounds)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
    assert.match(measured, /, (1 set or Service written anew|[12] changes? of the resource)$/)
  })

test('while Services were not watched they may have been written', () => {
  const { outcome, sentence } = judged(madeScaleOut({ moreEvents: [service(1), gap('Service')] }))
  assert.is(outcome, 'inconclusive', sentence)
})

test.run()
