/** What older records state in raw objects alone. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import { withPodStatus } from '#weir/record/reader.ts'
import { podEvent } from '../assertions/checks/made-events.ts'

const raw = (t: number, name: string, object: unknown): RecordEvent => ({
  t,
  type: 'watch',
  kind: 'Pod',
  event: 'MODIFIED',
  name,
  object,
})
const status = (restartCount: number, more: object) => ({
  status: {
    containerStatuses: [
      { name: 'reloader', restartCount: 9 },
      { name: 'emqx', restartCount, ...more },
    ],
  },
})
const terminated = { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-01T00:00:00Z', signal: 9 }
const lastEnd = { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-01T00:00:00Z' }

const containersOf = (events: RecordEvent[]) =>
  withPodStatus(events).flatMap((event) => (event.type === 'pod' ? [event.container] : []))

test('a pod has the container of the raw object before it, whether it has ended or has been started again', () => {
  const events = [
    raw(1, 'blue-0', {}),
    podEvent('blue-0', 1),
    raw(2, 'blue-0', status(0, { state: { running: {} } })),
    podEvent('blue-0', 2),
    podEvent('blue-1', 2),
    raw(3, 'blue-0', status(0, { state: { terminated } })),
    podEvent('blue-0', 3),
    raw(4, 'blue-0', status(1, { state: { running: {} }, lastState: { terminated } })),
    podEvent('blue-0', 4),
  ]
  assert.equal(containersOf(events), [
    undefined,
    { restarts: 0 },
    undefined,
    { restarts: 0, lastEnd },
    { restarts: 1, lastEnd },
  ])
})

test('what a pod event states itself stands, and a damaged object states nothing', () => {
  const own = { restarts: 3 }
  assert.equal(
    containersOf([
      raw(1, 'blue-0', status(1, { state: { terminated } })),
      { ...podEvent('blue-0', 1), container: own },
    ]),
    [own],
  )
  for (const damaged of [
    null,
    'text',
    { status: null },
    { status: { containerStatuses: 5 } },
    { status: { containerStatuses: [] } },
  ])
    assert.equal(containersOf([raw(1, 'blue-0', damaged), podEvent('blue-0', 1)]), [undefined])
  const odd = { status: { containerStatuses: [null, { state: 5, lastState: { terminated: 'x' } }] } }
  assert.equal(containersOf([raw(1, 'blue-0', odd), podEvent('blue-0', 1)]), [{ restarts: 0 }])
})

test('what disrupts a pod is in the raw object of older records', () => {
  const conditions = (status: string) => [
    { type: 'Ready', status: 'True' },
    { type: 'DisruptionTarget', status, reason: 'EvictionByEvictionAPI' },
  ]
  const events = [
    raw(1, 'blue-0', { status: { conditions: conditions('False') } }),
    podEvent('blue-0', 1),
    raw(2, 'blue-0', { status: { conditions: conditions('True') } }),
    podEvent('blue-0', 2),
    raw(3, 'blue-0', { status: { conditions: [null, 5, { type: 'DisruptionTarget', status: 'True' }] } }),
    podEvent('blue-0', 3),
  ]
  const found = withPodStatus(events).flatMap((event) => (event.type === 'pod' ? [event.disruption] : []))
  assert.equal(found, [undefined, 'EvictionByEvictionAPI', undefined])
})

test.run()
