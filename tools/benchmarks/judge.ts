/**
 * How long it takes to judge a synthetic upgrade of 100,000 clients with five events each, and in how much memory:
 * `node dist/tools/benchmarks/judge.js [clients]`. Target: at most 10 s and 1 GiB.
 */

import { judge } from '#weir/assertions/index.ts'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import { largeRecord } from './large-record.ts'

const clients = Number(process.argv[2] ?? 100_000)
const record = largeRecord({ clients, rate: 1000, listEverySeconds: 10 })
const startedMs = performance.now()
const verdict = judge(record, { asserts: ASSERTION_IDS.map((id) => ({ id })) })
const tookSeconds = (performance.now() - startedMs) / 1000
const rssMiB = process.resourceUsage().maxRSS / 1024
for (const finding of verdict.findings)
  console.log(`${finding.outcome.padEnd(13)} ${finding.id}: ${finding.measured}`)
console.log(
  `${record.clients.length} events judged in ${tookSeconds.toFixed(2)} s, ${rssMiB.toFixed(0)} MiB at most`,
)
