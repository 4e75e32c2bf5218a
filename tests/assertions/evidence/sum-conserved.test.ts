/** The sum of gauges at the moments around which clients lose their connections all at once. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sumConserved } from '#weir/assertions/evidence/sum-conserved.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { madeDeletion, STOP } from '../checks/made-deletion.ts'
import { NODE, S } from '../checks/made-events.ts'
import { COUNT, LIVE } from '../checks/made-run.ts'

/** The clients see the ends of their connections then. */
const ENDS = STOP + S
const LATER = ENDS + 9 * S

const bounds = { widthSeconds: 3, finalTolerance: 0, ghostSeconds: 3, patienceSeconds: 4 }

/** Both pods are scraped once a second. From `fallenT` on no connection is left on them. */
function sumOf(fallenT: number) {
  const scrapes: RunRecord['scrapes'] = []
  for (let t = (fallenT % S) + 3 * S; t < ENDS + 3 * S; t += S)
    for (const pod of ['blue-0', 'blue-1']) {
      const value = t < fallenT ? 5 : 0
      const metrics = { [LIVE]: value, [COUNT]: value }
      scrapes.push({ t, tookNs: 5e6, pod, node: NODE(pod), ok: true, status: 200, metrics })
    }
  const record = { ...madeDeletion({ next: 'nothing', goneT: [LATER, LATER] }), scrapes }
  return sumConserved(viewOf(record), bounds)!
}

test('a gauge falls a moment before the clients see that their connections ended', () => {
  const sum = sumOf(ENDS - 0.1 * S)
  assert.is(sum.stray, undefined)
  assert.is(sum.holes, 0)
})

test('a gauge that falls long before the clients lose their connections lies', () => {
  assert.is(sumOf(ENDS - 0.5 * S).stray?.value, 0)
})

test.run()
