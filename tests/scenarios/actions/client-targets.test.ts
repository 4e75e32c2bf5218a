/** Which of the cluster's addresses the clients of a run get. */
import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clientTargets } from '#weir/scenarios/actions/client-targets.ts'
import type { Run } from '#weir/scenarios/run/run.ts'

const [HERE, NOWHERE] = ['127.0.0.1', '127.9.9.77']
const server = createServer((socket) => socket.end()).listen(0, HERE)
await new Promise((resolve) => server.once('listening', resolve))
test.after(() => {
  server.close()
})
const { port } = server.address() as { port: number }

async function targetsOf(hosts: string[], inPods = false): Promise<string[]> {
  const run = {
    cluster: { clientAddresses: async () => hosts.map((host) => ({ host, port })) },
    ...(inPods && { fleetPods: {} }),
  } as unknown as Run
  return (await clientTargets(run, 'nodePort', 1000)).map(({ host }) => host)
}

test('those that answer here', async () => {
  assert.equal(await targetsOf([NOWHERE, HERE, 'no-such-node.invalid']), [HERE])
})

test('where none does, every address, and names only where there is nothing else', async () => {
  assert.equal(await targetsOf([NOWHERE, '127.9.9.78', 'no-such-node.invalid']), [NOWHERE, '127.9.9.78'])
  assert.equal(await targetsOf(['no-such-node.invalid', 'nor-this.invalid']), [
    'no-such-node.invalid',
    'nor-this.invalid',
  ])
})

test('pods may reach others than this machine', async () => {
  assert.equal(await targetsOf([NOWHERE, HERE, 'no-such-node.invalid'], true), [NOWHERE, HERE])
})

test('a single address is taken as it is', async () => {
  assert.equal(await targetsOf([NOWHERE]), [NOWHERE])
})

test.run()
