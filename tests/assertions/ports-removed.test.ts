/** The known deviation by which ports that a resource does not name come back with other node ports. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { DialectFacts, RecordEvent } from '#weir/facts/index.ts'
import { podEvent, S } from './checks/made-events.ts'
import { madeScaleOut } from './checks/made-scale-out.ts'

const ID = 'operator-2.1.0-2.2.29-ports-removed'

const service = (t: number, ws?: number): RecordEvent => ({
  ...{ t: t * S, type: 'watch', kind: 'Service', event: 'MODIFIED', namespace: 'default', name: 'emqx' },
  object: {
    spec: {
      ...{ type: 'NodePort', clusterIP: '10.96.0.7' },
      ports: [
        { name: 'mqtt', port: 1883, nodePort: 32_010 },
        ...(ws ? [{ name: 'ws', port: 8083, nodePort: ws }] : []),
      ],
    },
  },
})
const failure = (t: number, via = 'blue-0'): RecordEvent => ({
  ...{ t: t * S, type: 'api-failure', api: 'nodes', via, error: 'ECONNREFUSED' },
})
const ending = (t: number): RecordEvent => ({ ...podEvent('blue-2', t * S), deleting: true })

function found(events: RecordEvent[], dialect: Partial<DialectFacts> = {}) {
  const record = madeScaleOut({ moreEvents: events })
  const { parameters } = record.manifest
  const changed = {
    ...parameters!,
    dialect: { ...parameters!.dialect, operator: '2.2.29', trafficSwitch: 'service' as const, ...dialect },
  }
  const { findings } = judge(
    { ...record, manifest: { ...record.manifest, parameters: changed } },
    { asserts: [{ id: 'addresses-kept' }] },
  )
  return findings[0]!
}

test('a port that leaves the Service for a pass when EMQX does not answer, and comes back elsewhere', () => {
  for (const why of [failure(29), ending(29)])
    for (const after of [[service(31, 31_777)], []]) {
      const { outcome, deviation, sentence } = found([service(1, 31_500), why, service(30), ...after])
      assert.equal([outcome, deviation], ['fail', ID], sentence)
    }
})

/** [what, events, dialect] */
const OTHERS: [string, RecordEvent[], Partial<DialectFacts>?][] = [
  ['nobody was silent', [service(1, 31_500), service(30), service(31, 31_777)]],
  ['the silence was before the change', [service(1, 31_500), failure(19), service(30), service(31, 31_777)]],
  ['the port was never gone', [service(1, 31_500), failure(29), service(30, 31_777)]],
  [
    'only a new node was silent',
    [service(1, 31_500), failure(29, 'green-0'), service(30), service(31, 31_777)],
  ],
  [
    'an operator that is not released',
    [service(1, 31_500), failure(29), service(30), service(31, 31_777)],
    { operator: '2.3.0' },
  ],
  [
    'another kind of resource',
    [service(1, 31_500), failure(29), service(30), service(31, 31_777)],
    { trafficSwitch: 'readiness-gate' },
  ],
]
for (const [what, events, dialect] of OTHERS)
  test(`not where ${what}`, () => {
    const { outcome, deviation, sentence } = found(events, dialect)
    assert.equal([outcome, deviation], ['fail', undefined], sentence)
  })

test.run()
