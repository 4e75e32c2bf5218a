/** The end of a run: messages are waited for, then the fleet leaves, then what became of them is written down. */

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Fleet } from '#weir/bench/types.ts'
import type { LedgerReport, Messages } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { closeRun } from '#weir/scenarios/run/close.ts'
import { accountOf, messagesOf } from '../../support/messages.ts'
import { fakeRun } from '../fake-run.ts'

const { complete: _, ...report } = messagesOf(
  [accountOf(1, 'weir/fleet/bench/1', { sent: 1, acknowledged: 1 })],
  { wills: [{ publisher: 1, attempt: 1, subscriber: 3, t: 5.4 }], beganT: 1.6, endedT: 9.2 },
)

/** Closes a run whose fleet writes down when it is called, and returns that with what was recorded. */
async function closed(
  how: 'completed' | 'interrupted' | 'failed',
  ledger: () => LedgerReport | undefined,
  username = 'bench',
  unanswered?: string[],
) {
  const calls: string[] = []
  const written: Omit<Messages, 'complete'>[] = []
  const scenario = loadScenario('blue-green-quick', {
    set: [
      'fleet.clients=4',
      'assert=[hops]',
      'fleet.groups.1.publish.topic=weir/fleet/%u/%i',
      'fleet.groups.2.subscribe=[{topic: $share/%u/weir/%i/#, qos: 1}]',
    ],
  })
  const run = fakeRun({}, scenario)
  Object.assign(run, { access: { clientId: 'weir-%i', username, password: 'n0-b0dy-may-read-this' } })
  Object.assign(run.record, {
    messages: async (account: Messages) => {
      calls.push('messages')
      written.push(account)
    },
    close: async () => void calls.push('close'),
  })
  Object.assign(run.cluster, { close: async () => undefined })
  Object.assign(run.listings, { all: async () => void calls.push('list') })
  const { emit } = run
  run.emit = (event) => {
    calls.push(event.type === 'mark' ? event.name : event.type)
    return emit(event)
  }
  const fleet: Partial<Fleet> = {
    table: { ids: ['a0', 'a1', 'a2', 'a3'], group: [0, 1, 2, 3], groups: [] },
    endTraffic: async (limitMs) => {
      calls.push(`end traffic within ${limitMs}`)
      return { settled: unanswered === undefined, unanswered: unanswered ?? [] }
    },
    ledger: () => {
      calls.push('ledger')
      return ledger()
    },
  }
  run.state.fleetStarted(fleet as Fleet, 0)
  run.cleanUp.add(async () => void calls.push('leave'))
  await closeRun(run, { how })
  const notes = run.of('note').map(({ text }) => text)
  return { calls, written, notes }
}

test('first publishing ends, then the fleet is listed and leaves, then its messages are accounted for', async () => {
  const { calls, written } = await closed('completed', () => report)
  assert.equal(calls, [
    'end traffic within 15000',
    'list',
    'fleet-stopping',
    'leave',
    'ledger',
    'messages',
    'close',
  ])
  const [account] = written
  assert.equal([account?.beganT, account?.endedT, account?.wills[0]?.t], [2, 9, 5])
})

test('whoever interrupts a run is not kept waiting long', async () => {
  const { calls } = await closed('interrupted', () => report)
  assert.is(calls[0], 'end traffic within 5000')
})

test('messages that are still in flight when the fleet leaves are noted', async () => {
  const { calls, notes } = await closed('failed', () => report, 'bench', [])
  assert.equal(calls.slice(0, 2), ['end traffic within 15000', 'note'])
  assert.match(notes[0] ?? '', /^messages were still in flight when the clients left, at most 15 s after/)
})

test('a pod that does not account for its messages is named', async () => {
  const { notes } = await closed('completed', () => report, 'bench', ['weir-fleet-x-1'])
  assert.is(
    notes[0],
    'fleet pod weir-fleet-x-1 did not account for its messages within 15 s after the publishers had stopped',
  )
})

test('a part of the end that does not end is noted, and the others still run', async () => {
  const run = fakeRun()
  const closed: string[] = []
  Object.assign(run.record, { close: async () => void closed.push('record') })
  Object.assign(run.cluster, { close: () => new Promise(() => undefined) })
  const stopped: string[] = []
  run.cleanUp.add(async () => void stopped.push('first'))
  run.cleanUp.add(() => new Promise(() => undefined))
  run.state.changeSent(new Promise(() => undefined))
  await closeRun(run, { how: 'interrupted' }, 20)
  assert.equal(
    run.of('note').map(({ text }) => text.split(':')[0]),
    ['while waiting for the result of the change', 'while stopping', 'while closing the cluster'],
  )
  assert.equal(stopped, ['first'])
  assert.equal(closed, ['record'])
})

test('a fleet without traffic leaves no file', async () => {
  const { calls } = await closed('completed', () => undefined)
  assert.not(calls.includes('messages'))
})

test('who the clients are to the broker is not recorded in a topic either', async () => {
  const { written } = await closed('completed', () => report)
  assert.is(written[0]?.publishers[0]?.topic, 'weir/fleet/%u/1')
  assert.not.match(JSON.stringify(written), /bench/)
})

test('nor in the name of a shared subscription; where the name stands for something else it stays', async () => {
  const came = { subscriber: 2, qos: 1 as const, received: 1, lost: 0, lostSequences: [], missed: 0 }
  const receipt = { ...came, duplicated: 0, redelivered: 0, reordered: 0, retained: 0, overflow: false }
  const [publisher] = report.publishers
  const { written } = await closed(
    'completed',
    () => ({
      ...report,
      publishers: [
        {
          ...publisher!,
          topic: 'weir/fleet/e/1',
          receipts: [
            { ...receipt, share: '$share/e/weir/2/#' },
            { ...receipt, share: '$share/other/e' },
          ],
        },
        { ...publisher!, fleet: '00beef', topic: '' },
      ],
    }),
    'e',
  )
  const [own, others] = written[0]!.publishers
  assert.is(own?.topic, 'weir/fleet/%u/1')
  assert.equal(
    own?.receipts.map(({ share }) => share),
    ['$share/%u/weir/2/#', '$share/other/e'],
  )
  assert.is(others?.topic, '')
})

test('a ledger that cannot be had is a note in the record, which is closed all the same', async () => {
  const { calls } = await closed('completed', () => {
    throw new Error('a worker is gone')
  })
  assert.equal(calls.slice(-3), ['ledger', 'note', 'close'])
})

test.run()
