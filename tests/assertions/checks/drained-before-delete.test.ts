import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Evacuation, PodEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, S, saysOf } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'drained-before-delete')
const firstEvictionT = Number(saysOf(base, 'initial-delay').evidence.at(-1)?.fromT)
const deleting = base.events.find((event): event is PodEvent => event.type === 'pod' && event.deleting)!

/** EMQX's last count of the first deleted pod is this, so long before its deletion; the operator's copy goes or stays. */
function lastCount(secondsBefore: number, currentSessions: number, operator: 'silent' | 'tells'): RunRecord {
  const t = deleting.t - secondsBefore * S
  return changed(base, (event) => {
    if (event.type !== 'cr' && event.type !== 'evacuation') return event
    if (!event.evacuations.some(({ node }) => node === deleting.node)) return event
    if (event.type === 'cr') return operator === 'tells' ? event : undefined
    if (event.t > t) return undefined
    const left = { state: 'evicting_sessions' as const, currentConnected: 0, currentSessions }
    return { ...event, evacuations: event.evacuations.map((one): Evacuation => ({ ...one, ...left })) }
  })
}

/** The last clients of the first deleted pod are evicted, and come back, only after its deletion. */
function heldUntilDeleted(clientsHeld: number): RunRecord {
  // Nor did any listing see them elsewhere in between.
  const record = changed(honestRun(), (event) =>
    event.type === 'listing' &&
    event.t > deleting.t - 60 * S &&
    event.t < deleting.t + 3 * S &&
    event.t > firstEvictionT
      ? undefined
      : event,
  )
  const { clients } = record
  const rows = Array.from(clients.t.keys())
  const isLast = rows.filter((i) => clients.kind[i] === 5 && clients.t[i]! < deleting.t).slice(-clientsHeld)
  for (const i of isLast) {
    const [client, from] = [clients.client[i], clients.t[i]!]
    for (const j of rows)
      if (clients.client[j] === client && clients.t[j]! >= from)
        clients.t[j] = clients.t[j]! - from + deleting.t + 0.1 * S
  }
  const order = rows.sort((a, b) => clients.t[a]! - clients.t[b]!)
  return {
    ...record,
    clients: {
      ...clients,
      t: Float64Array.from(order, (i) => clients.t[i]!),
      client: Uint32Array.from(order, (i) => clients.client[i]!),
      kind: Uint8Array.from(order, (i) => clients.kind[i]!),
      reason: Uint16Array.from(order, (i) => clients.reason[i]!),
      code: Int16Array.from(order, (i) => clients.code[i]!),
      sessionPresent: Int8Array.from(order, (i) => clients.sessionPresent[i]!),
      target: Uint16Array.from(order, (i) => clients.target[i]!),
    },
  }
}

test('the honest run deletes each pod empty', () => {
  const { outcome, figures } = says(base)
  assert.is(outcome, 'pass')
  assert.is(figures.podsDeleted, 2)
})

test('sessions that cannot have gone in the time that was left fail', () => {
  const { outcome, sentence } = says(lastCount(1, 57, 'silent'))
  assert.is(outcome, 'fail')
  assert.match(
    sentence,
    new RegExp(
      `Pod ${deleting.name} was deleted .* EMQX still counted 0 connections and 57 sessions, which take 5\\.7 s`,
    ),
  )
})

test('sessions that may have gone meanwhile leave it open', () => {
  const { outcome, settle } = says(lastCount(4, 30, 'silent'))
  assert.is(outcome, 'inconclusive')
  assert.match(settle ?? '', /every second/)
})

test('what the operator wrote down of the node counts as well', () => {
  assert.is(says(lastCount(4, 30, 'tells')).outcome, 'pass')
})

test('clients that were still on the pod fail, whatever EMQX said', () => {
  const { outcome, sentence, figures } = says(heldUntilDeleted(20))
  assert.is(outcome, 'fail', sentence)
  assert.is(figures.connectionsLeft, 20)
  assert.match(sentence, /was deleted at .* with 20 clients still on it/)
})

test('a pod that Kubernetes itself ends is no deletion by the operator', () => {
  const evicted = (reason: string) =>
    changed(heldUntilDeleted(20), (event) =>
      event.type === 'pod' && event.name === deleting.name && event.deleting
        ? { ...event, disruption: reason }
        : event,
    )
  assert.match(
    says(evicted('EvictionByEvictionAPI')).sentence,
    /with 20 clients still on it: it was evicted through Kubernetes' eviction API, as kubectl drain does\.$/,
  )
  assert.match(says(evicted('SomethingNew')).sentence, /: it was ended by Kubernetes \(SomethingNew\)\.$/)
})

test('a client or two without an end, where EMQX counted nobody, are missing rows', () => {
  assert.is(says(heldUntilDeleted(2)).outcome, 'inconclusive')
})

test('no pod deleted, nothing known', () => {
  const { outcome, sentence } = says(
    changed(base, (event) => (event.type === 'pod' && event.deleting ? undefined : event)),
  )
  assert.is(outcome, 'inconclusive')
  assert.match(sentence, /no pod was deleted/)
  const unsampled = changed(base, (event) =>
    event.type === 'cr' || event.type === 'evacuation' ? { ...event, evacuations: [] } : event,
  )
  assert.match(says(unsampled).sentence, /EMQX was never polled/)
})

test.run()
