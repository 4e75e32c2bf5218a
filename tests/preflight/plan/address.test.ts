/** Which of a Service's addresses the clients of a run use: those that answer here. */
import { createServer, type Server } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseAddresses, chooseGiven, targetsText } from '#weir/preflight/plan/address.ts'

const open: Server[] = []
/** Listens on a loopback address; returns the port. */
async function listening(host: string, port = 0): Promise<number> {
  const server = createServer((socket) => socket.end())
  open.push(server)
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve))
  return (server.address() as { port: number }).port
}
test.after(() => {
  for (const server of open) server.close()
})

const [HERE, ALSO, NOWHERE] = ['127.0.0.9', '127.0.0.10', '127.9.9.77']
const port = await listening(HERE)
await listening(ALSO, port)

type Kind = 'nodePort' | 'loadBalancer' | 'externalIP' | 'clusterIP'
const at = (kind: Kind, ...hosts: string[]) => hosts.map((host) => ({ kind, host, port }))
const hosts = (targets: readonly { host: string }[]) => targets.map(({ host }) => host)

/** [what, the Service's addresses, the kind that is chosen, the hosts that clients use, those that do not answer] */
const CASES: [string, ReturnType<typeof at>, Kind, string[], string[]][] = [
  [
    'an external address answers and the internal one does not',
    at('nodePort', NOWHERE, HERE),
    'nodePort',
    [HERE],
    [NOWHERE],
  ],
  [
    'the second address of a load balancer answers',
    at('loadBalancer', NOWHERE, HERE),
    'loadBalancer',
    [HERE],
    [NOWHERE],
  ],
  ['an external IP', [...at('externalIP', HERE), ...at('clusterIP', NOWHERE)], 'externalIP', [HERE], []],
  ['all that answer are used', at('nodePort', HERE, NOWHERE, ALSO), 'nodePort', [HERE, ALSO], [NOWHERE]],
  [
    'a load balancer before the nodes',
    [...at('nodePort', HERE), ...at('loadBalancer', ALSO)],
    'loadBalancer',
    [ALSO],
    [],
  ],
  [
    'the nodes where the load balancer does not answer',
    [...at('loadBalancer', NOWHERE), ...at('nodePort', HERE)],
    'nodePort',
    [HERE],
    [],
  ],
]
for (const [what, addresses, kind, used, silent] of CASES)
  test(what, async () => {
    const found = await chooseAddresses({ addresses, missing: [] }, undefined)
    if (typeof found === 'string') throw new Error(found)
    assert.equal([found.kind, hosts(found.answered)], [kind, used])
    assert.equal(
      found.silent.map(({ target }) => target.host),
      silent,
    )
  })

test('names are tried where no address answers, and not beside one that does', async () => {
  const named = await listening('127.0.0.1')
  const nodePort = (...some: string[]) =>
    some.map((host) => ({ kind: 'nodePort' as const, host, port: named }))
  const usedOf = async (...some: string[]) => {
    const found = await chooseAddresses({ addresses: nodePort(...some), missing: [] }, undefined)
    return typeof found === 'string' ? found : hosts(found.answered)
  }
  assert.equal(await usedOf(NOWHERE, 'localhost'), ['localhost'])
  assert.equal(await usedOf('127.0.0.1', 'localhost'), ['127.0.0.1'])
})

test('none that answers, or none at all: each is named with the reason', async () => {
  const missing = [{ kind: 'loadBalancer' as const, why: 'it is pending' }]
  const why = await chooseAddresses({ addresses: at('nodePort', NOWHERE), missing }, undefined)
  assert.is(
    why,
    `it is pending; it has no externalIP; nodePort: ${NOWHERE}:${port} (ECONNREFUSED) does not accept connections; it has no clusterIP`,
  )
  assert.match(
    String(await chooseGiven([{ host: NOWHERE, port }])),
    `${NOWHERE}:${port} (ECONNREFUSED) does not accept connections`,
  )
})

test('a stopped cluster answers nowhere: its addresses are taken as they are', async () => {
  const found = await chooseAddresses({ addresses: at('nodePort', NOWHERE), missing: [] }, undefined, {
    isStopped: true,
  })
  assert.is(typeof found === 'object' && found.answered.length, 1)
})

test('many addresses are counted', () => {
  const targets = Array.from({ length: 5 }, (_, k) => ({ host: `192.0.2.${k}`, port: 1 }))
  assert.is(targetsText(targets), '192.0.2.0:1, 192.0.2.1:1, 192.0.2.2:1 and 2 more')
})

test.run()
