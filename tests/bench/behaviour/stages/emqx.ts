import { createEmqxCluster } from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { nextAddress } from '../../../testbed/emqx/support/nodes.ts'
import type { Stage } from '../stage.ts'

/** An emulated EMQX 5.8 node; its listeners ask nobody for a password. */
export async function openEmqx(): Promise<Stage> {
  const cluster = createEmqxCluster({ faults: makeFaults([]), seed: 1 })
  const ip = nextAddress()
  await cluster.startNode({
    nodeName: `emqx@${ip}`,
    podName: 'emqx-core-1',
    ip,
    version: '5.8.9',
    clusterKey: 'behaviour',
  })
  return {
    name: 'emqx',
    target: { host: ip, port: 1883 },
    user: { username: 'weir', password: 'let me in' },
    stop: async () => cluster.close(),
  }
}
