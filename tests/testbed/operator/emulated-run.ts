import { parse } from 'yaml'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { EmulatedLine } from '#weir/facts/index.ts'
import type { EmqxEnterprise } from '#weir/testbed/operator/v1beta4/types.ts'
import { resources } from '../../../cluster/kubernetes/resources.ts'
import type { Resource } from '../../../cluster/kubernetes/types.ts'
import { type Seen, startBed } from './bed.ts'
import { until } from './listen.ts'
import { fixture } from './recording.ts'

export interface Scenario {
  line: EmulatedLine
  pollIntervalSeconds: number
  delaySeconds: number
  rate: number
  clients: number
  faults?: string[]
}

/**
 * Every node is up before the first poll after its set was made, when that comes after a whole beat; and none before the
 * poll that comes in the middle of one.
 */
const BOOT_MS = 3500
const WATCHED: [kind: string, resource: Resource][] = [
  ['CR', resources.emqxEnterprises],
  ['StatefulSet', resources.statefulSets],
  ['Service', resources.services],
  ['Endpoints', resources.endpoints],
  ['Event', resources.events],
  ['Pod', resources.pods],
]

function resourceOf({ delaySeconds, rate }: Scenario): EmqxEnterprise {
  const cr = parse(fixture('samples/00-base-bluegreen-nodeport.yaml')) as EmqxEnterprise
  cr.spec.blueGreenUpdate = {
    initialDelaySeconds: delaySeconds,
    evacuationStrategy: { waitTakeover: 3, connEvictRate: rate, sessEvictRate: rate },
  }
  return cr
}

const upgrade = { spec: { template: { spec: { emqxContainer: { image: { version: '4.4.15' } } } } } }

/** Deploys, connects, upgrades by image and deletes, as the recordings' scenario b does, and returns what was seen. */
export async function runScenario(scenario: Scenario): Promise<Seen> {
  const { line: operator, pollIntervalSeconds, faults = [] } = scenario
  const bed = await startBed({ operator, pollIntervalSeconds, faults, watched: WATCHED, bootMs: BOOT_MS })
  const { kube, watch, latest, requests, all } = bed
  const pods = () => all('Pod')
  try {
    const cr = await kube.create(resources.emqxEnterprises, resourceOf(scenario))
    const endpoints = () =>
      (latest.get('Endpoints/emqx-ee') as { subsets?: { addresses?: unknown[] }[] } | undefined)?.subsets?.[0]
        ?.addresses?.length
    await until('endpoints of three pods', () => endpoints() === 3 && latest.has('Service/emqx-ee'))

    await bed.connect(scenario.clients, 32010)

    // In the middle of a beat, as in the recordings: no pass is under way.
    const middleOfABeat = () => {
      const lastT = requests.findLast(({ path }) => path.endsWith('/nodes'))?.t ?? 0
      const since = Date.now() / 1000 - lastT
      return since > 3 && since < 3.5
    }
    await until('the middle of a beat', middleOfABeat)
    await kube.patch(resources.emqxEnterprises, 'default', 'emqx-ee', 'merge', upgrade)
    const sets = () => all<StatefulSet>('StatefulSet')
    const done = () => {
      const status = (latest.get('CR/emqx-ee') as EmqxEnterprise | undefined)?.status
      const [newest] = status?.conditions ?? []
      const wanted = sets().map((set) => set.spec.replicas)
      return (
        wanted.length === 2 &&
        wanted.includes(0) &&
        newest?.type === 'Running' &&
        newest.status === 'True' &&
        pods().length === 3
      )
    }
    await until('the end of the upgrade', done)
    // One idle pass more, in which the last endpoints are put right.
    const idle = requests.length
    await until(
      'an idle pass',
      () => requests.slice(idle).filter(({ path }) => path.endsWith('/nodes')).length >= 4,
    )
    await until('the middle of a beat', middleOfABeat)

    await kube.delete(resources.emqxEnterprises, 'default', cr.metadata.name)
    await until(
      'the end of everything',
      () => pods().length === 0 && sets().length === 0 && !latest.has('Service/emqx-ee'),
    )
    await until('nothing is left', () => !latest.has('Service/emqx-ee-headless'))
  } finally {
    await bed.close()
  }
  return { watch, requests }
}
