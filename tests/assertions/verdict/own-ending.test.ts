import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import {
  CLIENT_KIND,
  CLIENT_REASON,
  type ClientEvents,
  clientRowsBetween,
  copyClientColumns,
  setClientRow,
} from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, markT, S, withEvents } from '../checks/honest-run.ts'

/** Scrapes from `fromT` on as of nodes without a client. */
function emptied({ scrapes, ...rest }: RunRecord, fromT: number): RunRecord {
  const empty = (metrics: Record<string, number>) =>
    Object.fromEntries(Object.keys(metrics).map((name) => [name, 0]))
  return {
    ...rest,
    scrapes: scrapes.map((one) => (one.t < fromT ? one : { ...one, metrics: empty(one.metrics) })),
  }
}

/** Rows up to `t`; then every client of the record ends within half a second, as `kind` and `reason`. */
function allEnding(clients: ClientEvents, t: number, kind: 'left' | 'disconnected'): ClientEvents {
  let length = 0
  while (length < clients.length && clients.t[length]! <= t) length++
  const ids = [...new Set(clients.client)]
  const rows = copyClientColumns(clientRowsBetween(clients, 0, length), length + ids.length)
  const reason = CLIENT_REASON[kind === 'left' ? 'stopped' : 'reset']
  for (const [i, client] of ids.entries()) {
    const at = t + (i * 0.5 * S) / ids.length
    setClientRow(rows, length + i, at, client, CLIENT_KIND[kind], reason, -1, -1, 0)
  }
  return { ...rows, length: length + ids.length, reasons: clients.reasons, targets: clients.targets }
}

const interrupted = (record: RunRecord, t: number, reason?: string): RunRecord => ({
  ...record,
  manifest: { ...record.manifest, end: { t: t + 2 * S, how: 'interrupted', ...(reason && { reason }) } },
})

const failed = (record: RunRecord) =>
  judge(record)
    .findings.filter(({ outcome }) => outcome === 'fail')
    .map(({ id, sentence }) => [id, sentence])

const STATES = ['mark', 'evacuation', 'nodes', 'listing', 'probe'] as const

/** The run, ended by its user in the middle of the first drain: clients leave, and scrapes go on for a moment. */
function leaving(): RunRecord {
  const honest = honestRun()
  const t = markT(honest, 'trigger') + 40 * S
  const cut = changed(honest, (event) =>
    event.t > t + 2 * S || (event.t > t && (STATES as readonly string[]).includes(event.type))
      ? undefined
      : event,
  )
  const record = withEvents(cut, { t, type: 'mark', name: 'fleet-stopping' })
  const { messages: _, ...rest } = emptied(record, t)
  return interrupted({ ...rest, clients: allEnding(record.clients, t, 'left') }, t)
}

test('a fleet that leaves after Ctrl-C is no drain', () => {
  assert.equal(failed(leaving()), [])
})

/** The run whose embedded cluster is killed: every client is reset, and the harness notices the end a little later. */
function killed(process: 'embedded cluster' | 'generator', how: string): RunRecord {
  const honest = honestRun()
  const t = markT(honest, 'trigger') + 40 * S
  const cut = changed(honest, (event) => (event.t > t ? undefined : event))
  const record = withEvents(
    { ...cut, clients: allEnding(honest.clients, t, 'disconnected') },
    { t: t + 0.6 * S, type: 'process-end', process, how },
    { t: t + 3 * S, type: 'mark', name: 'fleet-stopping' },
  )
  const end = { t: t + 4 * S, how: 'failed', reason: how } as const
  return {
    ...record,
    manifest: { ...record.manifest, end },
    scrapes: record.scrapes.filter((one) => one.t <= t),
  }
}

for (const [process, how, said] of [
  [
    'embedded cluster',
    'the embedded cluster died (SIGKILL)',
    /^The embedded cluster died \(SIGKILL\) at \+40\.6 s after/,
  ],
  [
    'generator',
    'a worker of the client fleet died (it was ended by SIGKILL)',
    /^A worker of the client fleet died/,
  ],
] as const)
  test(`the end of a process of weir's (${process}) is the headline, and nothing after it is judged`, () => {
    const verdict = judge(killed(process, how))
    assert.equal(failed(killed(process, how)), [])
    assert.match(verdict.headline, said)
    assert.match(verdict.headline, /nothing from then on is judged\. /)
    assert.is(verdict.outcome, 'inconclusive')
  })

test('a process that ends while the fleet leaves is not mentioned', () => {
  const honest = honestRun()
  const t = markT(honest, 'fleet-stopping') + 0.1 * S
  const record = withEvents(honest, { t, type: 'process-end', process: 'generator', how: 'it died' })
  assert.equal(judge(record).headline, judge(honest).headline)
})

test.run()
