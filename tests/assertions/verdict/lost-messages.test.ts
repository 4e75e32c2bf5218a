/** Messages that were lost with a node follow from its drop: by whose they are and when they were due, and not otherwise. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Drop, dropsOf } from '#weir/assertions/evidence/drops.ts'
import { judge } from '#weir/assertions/index.ts'
import type { Receipt } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { mutantOf, simulate } from '../../simulator/index.ts'
import { S } from '../checks/honest-run.ts'

interface Change {
  /** Whose messages: of a pair of which the node dropped a client, or of one of which it dropped none. */
  of: 'dropped' | 'others'
  receipt(dropT: number): Partial<Receipt>
}

const record = simulate(mutantOf(1, 'delete-undrained'))
const run = viewOf(record)
const [drop, ...later] = dropsOf(run)
const clientsOf = (drops: readonly Drop[]) =>
  new Set(drops.flatMap(({ rows }) => rows.map((row) => run.connections.client[row]!)))
const dropped = clientsOf([drop!])
const droppedLater = clientsOf(later)

/** A run whose pods are deleted with clients on them, and with what else happened to messages. */
function runWith(...changes: Change[]): RunRecord {
  const left = [...changes]
  const publishers = record.messages!.publishers.map((account) => ({
    ...account,
    receipts: account.receipts.map((receipt) => {
      const pair = [account.publisher, receipt.subscriber]
      const isOf = (clients: ReadonlySet<number>) => pair.some((one) => clients.has(one))
      // A pair of which a node that is dropped later has one has both times in reach.
      if (receipt.qos !== 2 || isOf(droppedLater)) return receipt
      const of = isOf(dropped) ? 'dropped' : 'others'
      const next = left.findIndex((one) => one.of === of)
      if (next < 0) return receipt
      const [change] = left.splice(next, 1)
      return { ...receipt, ...change!.receipt(drop!.fromT) }
    }),
  }))
  assert.is(left.length, 0, 'no such pair')
  return { ...record, messages: { ...record.messages!, publishers } }
}

const lostAt =
  (after: number, to = after) =>
  (dropT: number): Partial<Receipt> => ({
    lost: 3,
    lostSequences: [4, 5, 6],
    lostT: [dropT + after * S, dropT + to * S],
  })
const WITH_NODE: Change = { of: 'dropped', receipt: lostAt(-0.5, 1) }

const ASSERTS = [{ id: 'messages' }, { id: 'no-storm' }, { id: 'drained-before-delete' }] as const

function assertGrouped(record: RunRecord, isGrouped: boolean): void {
  const verdict = judge(record, { asserts: ASSERTS })
  assert.is(verdict.findings.find(({ id }) => id === 'messages')?.outcome, 'fail')
  const [cause] = verdict.causes
  assert.is(cause?.id, 'node-deleted')
  assert.is(cause!.findings.includes('messages'), isGrouped)
}

test('without anything lost the messages hold, though the nodes were dropped', () => {
  const { findings } = judge(runWith(), { asserts: ASSERTS })
  assert.is(findings.find(({ id }) => id === 'messages')?.outcome, 'pass')
})

test('lost, doubled and late messages of clients of a dropped node, at that time, follow from it', () => {
  assertGrouped(runWith(WITH_NODE), true)
  const at = (dropT: number) => [dropT + 0.2 * S, dropT + 0.3 * S]
  const twice = (dropT: number) => ({ duplicated: 2, redelivered: 0, duplicateT: at(dropT) })
  assertGrouped(runWith(WITH_NODE, { of: 'dropped', receipt: twice }), true)
})

for (const [what, other] of Object.entries<Change>({
  'of clients of other nodes, at the same time': { of: 'others', receipt: lostAt(-0.5, 1) },
  'of its clients, long before': { of: 'dropped', receipt: lostAt(-30) },
  'of its clients, long after': { of: 'dropped', receipt: lostAt(30) },
  'of its clients, then and later': { of: 'dropped', receipt: lostAt(0, 30) },
  'of its clients, nobody knows when': {
    of: 'dropped',
    receipt: () => ({ lost: 1, lostSequences: [3], lostT: undefined }),
  },
  'of members of a shared subscription': {
    of: 'dropped',
    receipt: (dropT) => ({ ...lostAt(0)(dropT), share: '$share/g/x' }),
  },
  'that came twice more often than is listed': {
    of: 'dropped',
    receipt: (dropT) => ({ duplicated: 20, redelivered: 0, duplicateT: Array(8).fill(dropT) }),
  },
}))
  test(`messages lost in the same run ${what} stay outside, and with them those of the drop`, () => {
    assertGrouped(runWith(other), false)
    assertGrouped(runWith(WITH_NODE, other), false)
  })

test.run()
