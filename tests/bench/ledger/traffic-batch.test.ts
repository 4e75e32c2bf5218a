import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FleetLedger } from '#weir/bench/ledger/fleet-ledger.ts'
import { TrafficLog } from '#weir/bench/ledger/traffic-batch.ts'

test('more shared subscriptions than 16 bits count are told apart', () => {
  const central = new FleetLedger()
  const shares = Array.from({ length: 70_001 }, (_, k) => `$share/g${k}/x`)
  const log = new TrafficLog(shares, (batch) => central.take(0, batch, 0))
  for (const share of [4464, 70_000]) log.arrived(share, 1, 0, 1, 1, false, share)
  log.flush()
  assert.equal(
    [...central.shared()].map(({ subscription, receipt }) => [subscription, receipt.received]),
    [
      ['$share/g4464/x', 1],
      ['$share/g70000/x', 1],
    ],
  )
})

test.run()
