import { createEmqxCluster } from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { nextAddress } from '../../../testbed/emqx/support/nodes.ts'
import { carries } from './carried.ts'

const PORTS = { mqtt: 1883, mqtts: 8883, ws: 8083, wss: 8084 }

for (const version of ['4.4.19', '5.8.9'])
  carries(`emulated EMQX ${version}`, undefined, async () => {
    const cluster = createEmqxCluster({ faults: makeFaults([]), seed: 1 })
    const ip = nextAddress()
    const nodeName = version.startsWith('4') ? 'emqx-ee@blue-0' : `emqx@${ip}`
    await cluster.startNode({ nodeName, podName: 'emqx-core-1', ip, version, clusterKey: 'transport' })
    return {
      target: (protocol) => ({ host: ip, port: PORTS[protocol] }),
      transport: (protocol) =>
        protocol === 'mqtts' || protocol === 'wss' ? { protocol, tls: { insecure: true } } : { protocol },
      protocol: '5',
      stop: async () => cluster.close(),
    }
  })
