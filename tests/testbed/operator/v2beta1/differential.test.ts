import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { until } from '../listen.ts'
import { type Deployed, emulated, type Plan } from './emulated.ts'
import { type Facts, factsOf } from './facts.ts'
import { type RecordedRun, recordedFacts } from './recorded.ts'

/** Shorter pauses than the recordings', and fewer clients; the beat is the released one. */
const plan = (cores: number): Plan => ({
  cores,
  delaySeconds: 2,
  waitTakeoverSeconds: 2,
  rate: 5,
  healthCheckWaitSeconds: 4,
})

const image = (version: string) => ({ image: `emqx/emqx-enterprise:${version}` })

const isPullFailing = ({ status }: Pod) => {
  const [container] = (status?.containerStatuses ?? []) as { state?: { waiting?: { reason?: string } } }[]
  return ['ErrImagePull', 'ImagePullBackOff'].includes(container?.state?.waiting?.reason ?? '')
}

/** Looks that find nothing new are part of the recordings too. */
async function threeLooks({ requests }: Deployed): Promise<void> {
  const before = requests.length
  const looks = () => requests.slice(before).filter(({ path }) => path.endsWith('/global_status')).length
  await until('three looks', () => looks() >= 6)
}

const SCENARIOS: Record<RecordedRun, [cores: number, work: (cluster: Deployed) => Promise<void>]> = {
  'b-s1': [
    3,
    async (cluster) => {
      await cluster.connect(60)
      await cluster.change(image('5.8.7'))
      await cluster.ready(3)
      await cluster.remove()
    },
  ],
  'c-s3': [
    2,
    async (cluster) => {
      await cluster.connect(10)
      await cluster.change({ coreTemplate: { spec: { replicas: 4 } } })
      await cluster.ready(4)
      await cluster.change({ coreTemplate: { spec: { replicas: 2 } } })
      await cluster.ready(2)
      await cluster.remove()
    },
  ],
  'f-s2': [
    2,
    async (cluster) => {
      await cluster.connect(10)
      await cluster.change(image('5.8.99'))
      await until('two pods without an image', () => cluster.pods().filter(isPullFailing).length === 2)
      await threeLooks(cluster)
      await cluster.change(image('5.8.6'))
      await cluster.ready(4)
      await cluster.remove()
    },
  ],
}

const RUNS = Object.keys(SCENARIOS) as RecordedRun[]

const test = suite<{ runs: Map<RecordedRun, Facts> }>('v2beta1 differential', { runs: new Map() })

test.before(async ({ runs }) => {
  // Side by side: every testbed has addresses of its own.
  await Promise.all(
    RUNS.map(async (run) => {
      const [cores, work] = SCENARIOS[run]
      const { watch, requests } = await emulated(plan(cores), work)
      runs.set(run, factsOf(watch, requests))
    }),
  )
})

const LISTS: [list: keyof Facts, what: string][] = [
  ['objects', 'the same statuses and sizes of sets in the same order'],
  ['services', 'the same Services'],
  ['endpoints', 'the same pods behind the Service of MQTT clients'],
  ['gates', 'the same readiness gates'],
  ['events', 'the same Events'],
  ['requests', 'the same requests to EMQX'],
  ['switch', 'traffic moves in the same steps'],
  ['deleted', 'the same is deleted with the resource'],
]

for (const run of RUNS)
  for (const [list, what] of LISTS)
    test(`${run}: ${what} as the real operator's`, ({ runs }) => {
      assert.equal(runs.get(run)?.[list], recordedFacts(run)[list])
    })

test('the comparison is not blind: held to another recording, it differs', ({ runs }) => {
  for (const list of ['objects', 'endpoints', 'events', 'requests'] as const)
    assert.not.equal(runs.get('b-s1')?.[list], recordedFacts('c-s3')[list])
})

test('an upgrade moves traffic between Available and the first evacuation', () => {
  assert.equal(recordedFacts('b-s1').switch, [
    'available',
    'gates of blue: False',
    'endpoints: 3 of green',
    'evacuation',
  ])
})

test.run()
