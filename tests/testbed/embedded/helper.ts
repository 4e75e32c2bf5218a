/** A process that starts an embedded cluster, says so, and waits to be killed. */
import { startEmbedded } from '../../../testbed/index.ts'

const testbed = await startEmbedded({
  operator: '2.1.2',
  pollIntervalSeconds: 20,
  faults: [],
  seed: 1,
  dir: process.argv[2] ?? '',
})
process.stdout.write(`${testbed.pid}\n`)
setInterval(() => {}, 1000)
