/** The size of the page must not grow with the fleet: what is drawn is bounded, and no list has an entry for each client. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { renderHtml } from '#weir/reports/index.ts'
import { largeRecord } from '#weir/tools/benchmarks/large-record.ts'

const CLIENTS = 1_000_000
const MOST_BYTES = 3e6

/** The same course with a hundredth of the clients: its findings have the same spans, and to judge a million takes a while. */
function verdictOfFewer(): Verdict {
  const clients = CLIENTS / 100
  const record = largeRecord({ clients, rate: clients / 100, listEverySeconds: 100 })
  return judge(record, { asserts: ASSERTION_IDS.map((id) => ({ id })) })
}

test(`the page of ${CLIENTS} clients stays below ${MOST_BYTES / 1e6} MB`, () => {
  const record = largeRecord({ clients: CLIENTS, rate: CLIENTS / 100, listEverySeconds: 100 })
  assert.ok(record.clients.length >= 5 * CLIENTS)
  const run = viewOf(record)
  assert.is(run.evictions.length, CLIENTS)
  const html = renderHtml({ run, verdict: verdictOfFewer() })
  assert.match(html, /1,?000,?000/)
  const bytes = Buffer.byteLength(html)
  assert.ok(bytes > 100_000 && bytes <= MOST_BYTES, `${bytes} bytes`)
})

test.run()
