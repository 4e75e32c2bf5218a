/** What the run ended itself is no fault of the cluster; all else still is. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rowsEndedByRun } from '#weir/assertions/evidence/ended-by-run.ts'
import { CLIENT_KIND, type RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { honestRun, S, saysOf, withEvents } from '../checks/honest-run.ts'

/** The honest run, in which the node evacuated first loses the rest of its clients at once, three seconds after its first eviction. */
function killed(): { record: RunRecord; pod: string; t: number } {
  const record = honestRun()
  const view = viewOf(record)
  const node = view.evictions.node[0]!
  const t = view.evictions.t[0]! + 3 * S
  const { clients } = record
  // Later ends of that node's connections come at once, and so do the ways back of their clients.
  const { connections } = view
  const shift = new Map<number, { endT: number; byNs: number }>()
  for (let row = 0; row < connections.length; row++)
    if (connections.node[row] === node && connections.to[row]! > t && Number.isFinite(connections.to[row]!))
      shift.set(connections.client[row]!, { endT: connections.to[row]!, byNs: connections.to[row]! - t })
  for (let i = 0; i < clients.length; i++) {
    const moved = shift.get(clients.client[i]!)
    if (moved && clients.t[i]! >= moved.endT && clients.kind[i] !== CLIENT_KIND.left)
      clients.t[i]! -= moved.byNs
  }
  const order = Array.from(clients.t.keys()).sort((a, b) => clients.t[a]! - clients.t[b]!)
  const sorted = Object.fromEntries(
    Object.entries(clients).map(([name, column]) => [
      name,
      ArrayBuffer.isView(column)
        ? (column as Float64Array).map((_, i) => (column as Float64Array)[order[i]!]!)
        : column,
    ]),
  ) as unknown as RunRecord['clients']
  return { record: { ...record, clients: sorted }, pod: view.nodes[node]!.pod, t }
}

const action = (t: number, more: Partial<Extract<RecordEvent, { type: 'action' }>>): RecordEvent => ({
  ...{ t, type: 'action', id: 'action-9', action: 'kill-pod', phase: 'done' },
  ...more,
})

test('a node that loses its clients at once breaks the rate; where the run killed it, its clients are not counted', () => {
  const { record, pod, t } = killed()
  assert.is(saysOf(record, 'eviction-envelope').outcome, 'fail')
  assert.is(saysOf(record, 'no-storm').outcome, 'fail')
  const byRun = withEvents(record, action(t, { endedPod: pod }))
  assert.is(saysOf(byRun, 'eviction-envelope').outcome, 'pass')
  assert.is(saysOf(byRun, 'no-storm').outcome, 'pass')
  const view = viewOf(byRun)
  const node = view.nodes.findIndex((one) => one.pod === pod)
  const rows = rowsEndedByRun(view)
  assert.ok(rows.size > 20)
  for (const row of rows) assert.is(view.connections.node[row], node)
})

test('what a node did before the run killed it is not excused', () => {
  const { record, pod, t } = killed()
  const later = t + 0.9 * S
  const byRun = withEvents(record, action(later, { phase: 'start' }), action(later + 1e7, { endedPod: pod }))
  assert.is(saysOf(byRun, 'eviction-envelope').outcome, 'fail')
})

test('a client that was evicted and not yet back when the run killed its node has lost its session with it', () => {
  const { record, pod, t } = killed()
  const view = viewOf(record)
  const node = view.nodes.findIndex((one) => one.pod === pod)
  const { clients } = record
  const sessionPresent = clients.sessionPresent.slice()
  const empty = (isLost: (evictedT: number, backT: number) => boolean) => {
    for (let i = 0; i < view.evictions.length; i++) {
      if (view.evictions.node[i] !== node) continue
      const client = view.evictions.client[i]!
      const back = Array.from(clients.t.keys()).find(
        (row) =>
          clients.client[row] === client &&
          clients.kind[row] === CLIENT_KIND.connected &&
          clients.t[row]! > view.evictions.t[i]!,
      )!
      if (isLost(view.evictions.t[i]!, clients.t[back]!)) sessionPresent[back] = 0
    }
    return { ...record, clients: { ...clients, sessionPresent } }
  }
  const events = [action(t, { phase: 'start' }), action(t + 1e7, { endedPod: pod })]
  const late = empty((evictedT, backT) => evictedT < t && backT > t)
  assert.is(saysOf(late, 'session-kept').outcome, 'fail')
  assert.is(saysOf(withEvents(late, ...events), 'session-kept').outcome, 'pass')
  const early = empty((_, backT) => backT < t)
  assert.is(saysOf(withEvents(early, ...events), 'session-kept').outcome, 'fail')
})

test('a kill of another pod, or one that was refused, excuses nothing', () => {
  const { record, pod, t } = killed()
  const other = viewOf(record).nodes.find((one) => one.pod !== pod)!.pod
  for (const more of [action(t, { endedPod: other }), action(t, { phase: 'refused' })])
    assert.is(saysOf(withEvents(record, more), 'eviction-envelope').outcome, 'fail')
})

test.run()
