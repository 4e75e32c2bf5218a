import type { RunRecord } from '#weir/record/index.ts'
import { settingsOf, simulate, withEmqx5 } from '../../simulator/index.ts'

const five = withEmqx5(settingsOf(1))

/** An honest run of EMQX 5: 2 cores, 2 replicants with 200 clients at 10 a second, a health-check wait of ten seconds. */
const base = simulate({
  ...five,
  parameters: {
    ...five.parameters,
    clients: 200,
    nodes: 4,
    servingNodes: 2,
    connEvictRate: 10,
    sessEvictRate: 10,
    waitTakeoverSeconds: 5,
    initialDelaySeconds: 5,
    scrapeIntervalSeconds: 2,
    reconnect: { policy: 'simulated', minMs: 1000, maxMs: 1000 },
    dialect: { ...five.parameters.dialect, healthCheckWaitSeconds: 10 },
  },
  groups: [
    {
      name: 'kept',
      protocol: '5',
      persistent: true,
      subscribed: true,
      publishes: { qos: 1, everyMs: 2000 },
      will: { qos: 1, delaySeconds: 0, sessionSeconds: 3600, retain: false },
    },
  ],
})

/** Fresh for every test to change. */
export function emqx5Run(): RunRecord {
  return structuredClone(base)
}
