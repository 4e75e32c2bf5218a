/** Which of the cluster's addresses the clients of a run get. */
import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { WayIn } from '#weir/cluster/index.ts'
import type { AddressKind } from '#weir/facts/index.ts'
import { clientTargets } from '#weir/scenarios/actions/client-targets.ts'
import type { Run } from '#weir/scenarios/run/run.ts'

const [HERE, NOWHERE] = ['127.0.0.1', '127.9.9.77']
const server = createServer((socket) => socket.end()).listen(0, HERE)
await new Promise((resolve) => server.once('listening', resolve))
test.after(() => {
  server.close()
})
const { port } = server.address() as { port: number }

/** The targets, and after a "|" the spares. */
async function targetsOf(
  hosts: string[],
  { inPods = false, kind = 'nodePort' as AddressKind, wayIn = {} as WayIn } = {},
): Promise<string> {
  const run = {
    cluster: {
      wayIn,
      clientAddresses: async () => hosts.map((host) => ({ host, port })),
    },
    ...(inPods && { fleetPods: {} }),
  } as unknown as Run
  const { targets, spares } = await clientTargets(run, kind, 1000)
  const names = targets.map(({ host }) => host)
  const first = names.length - spares
  return [names.slice(0, first), ...(spares > 0 ? [names.slice(first)] : [])]
    .map((some) => some.join(' '))
    .join(' | ')
}

const NAME = 'no-such-node.invalid'

test('those that answer here, and the others as spares: after a change they may lead somewhere', async () => {
  assert.is(await targetsOf([NOWHERE, HERE, NAME]), `${HERE} | ${NOWHERE}`)
})

test('where none does, every address, and names of nodes only where there is nothing else', async () => {
  assert.is(await targetsOf([NOWHERE, '127.9.9.78', NAME]), `${NOWHERE} 127.9.9.78`)
  assert.is(await targetsOf([NAME, 'nor-this.invalid']), `${NAME} nor-this.invalid`)
})

test('the name of a node that answers where its address does not', async () => {
  assert.is(await targetsOf([NOWHERE, 'localhost']), `localhost | ${NOWHERE}`)
})

test('names that are no nodes are addresses like others', async () => {
  const wayIn = { addresses: [] }
  for (const more of [{ kind: 'loadBalancer' as const }, { wayIn }])
    assert.is(await targetsOf([HERE, 'localhost'], more), `${HERE} localhost`)
})

test('pods may reach others than this machine', async () => {
  assert.is(await targetsOf([NOWHERE, HERE, NAME], { inPods: true }), `${NOWHERE} ${HERE}`)
})

test('a single address is taken as it is', async () => {
  assert.is(await targetsOf([NOWHERE]), NOWHERE)
})

test.run()
