import { test } from 'uvu'
import { connectCases } from './cases/connect.ts'
import { evacuationCases } from './cases/evacuation.ts'
import { listingCases } from './cases/listings.ts'
import { messageCases } from './cases/messages.ts'
import { metricCases } from './cases/metrics.ts'
import { packetCases } from './cases/packets.ts'
import { refusalCases } from './cases/refusals.ts'
import { sessionCases } from './cases/sessions.ts'
import { stopCases } from './cases/stop.ts'
import { willCases } from './cases/wills.ts'
import { type Cases, clear, type Nodes } from './nodes.ts'

const CASES: Cases = {
  ...connectCases,
  ...packetCases,
  ...sessionCases,
  ...messageCases,
  ...willCases,
  ...evacuationCases,
  ...refusalCases,
  ...listingCases,
  ...metricCases,
  ...stopCases,
}

/** Every case, one after the other, on the same two nodes. What differs between real and emulated nodes stands in docs/fidelity.md. */
export function conformance(start: () => Promise<Nodes & { close(): Promise<void> | void }>): void {
  let nodes: Awaited<ReturnType<typeof start>>
  test.before(async () => {
    nodes = await start()
  })
  test.after(() => nodes?.close())
  for (const [title, act] of Object.entries(CASES))
    test(title, async () => {
      try {
        await act(nodes)
      } finally {
        await clear(nodes)
      }
    })
}
