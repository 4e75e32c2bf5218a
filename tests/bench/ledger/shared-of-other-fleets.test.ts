import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FleetLedger } from '#weir/bench/ledger/fleet-ledger.ts'
import { ledgerReport } from '#weir/bench/ledger/report.ts'
import { TrafficLog } from '#weir/bench/ledger/traffic-batch.ts'
import { TrafficPlan } from '#weir/bench/traffic/plan.ts'
import { fleetSpec } from '../support/fleet-spec.ts'

const OWN = 1
const OTHER = 2
const SHARE = '$share/g/s/#'

/** What a shared subscription, granted at second 4, makes of these numbers of another fleet's publisher. */
function settled(sequences: readonly number[]) {
  const central = new FleetLedger()
  const log = new TrafficLog([SHARE], (batch) => central.take(0, batch, 4000))
  for (const sequence of sequences) log.arrived(0, OTHER, 0, sequence, 1, false, 0)
  log.flush()
  const plan = new TrafficPlan(fleetSpec({ clients: 0, targets: [] }), { ids: [], group: [] })
  const shares = [{ subscription: SHARE, sinceMs: 4000, absences: [] }]
  const part = { publishers: [], subscribers: [], receipts: [], shares, latencies: [] }
  const parts = [{ ...part, foreign: 0, inFlight: 0, answerable: 0 }]
  const { publishers } = ledgerReport({ tag: OWN, plan, parts, central, settled: true })
  const { received, lost, lostSequences, missed } = publishers[0]!.receipts[0]!
  return { received, lost, lostSequences, missed }
}

test('what passed before a shared subscription heard of another fleet is not lost', () => {
  assert.equal(settled([410, 411, 412]), { received: 3, lost: 0, lostSequences: [], missed: 409 })
})

test('what is missing behind that is', () => {
  assert.equal(settled([410, 412]), { received: 2, lost: 1, lostSequences: [411], missed: 409 })
})

test.run()
