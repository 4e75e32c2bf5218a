import type { EmqxNodeApi, RebalanceResource } from '#weir/cluster/index.ts'
import { KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { RebalanceStatus } from '#weir/facts/index.ts'
import { rebalance } from '#weir/scenarios/actions/rebalance.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import type { Step } from '#weir/scenarios/types.ts'
import { cr, type FakeRun, fakeRun, pod } from '../fake-run.ts'

type RebalanceStep = Extract<Step, { action: 'rebalance' }>

export const NODE = 'emqx-ee@emqx-ee-0'
export const UNDER_WAY: RebalanceStatus = {
  ...{ coordinator: NODE, state: 'evicting_conns', donors: [NODE], recipients: ['emqx-ee@emqx-ee-10'] },
  ...{ connectionEvictionRate: 10, sessionEvictionRate: 100 },
}

/** A cluster of two nodes whose EMQX and operator do what the test says. */
export interface World {
  run: FakeRun
  /** What was asked of it, in order. */
  log: string[]
  /** The Rebalance that the API server has. */
  object: RebalanceResource | undefined
  /** What EMQX lists. */
  underWay: RebalanceStatus[]
  /** The API server has the kind. */
  hasKind: boolean
  create(world: World, object: RebalanceResource): void
  deleted(world: World): void
  start(world: World): void
  stop(world: World): void
  /** Throws where a pod does not answer. */
  list(podIp: string): void
  /** Runs the step, until `when` is so: then it is interrupted. Resolves with what it threw. */
  rebalance(step?: Partial<RebalanceStep>, when?: () => boolean): Promise<Error | undefined>
  /** The end of the run. Resolves with the seconds that it took by the run's clock. */
  end(): Promise<number>
  actions(): string[]
  notes(): string[]
}

const manifest = loadScenario('rebalance').cluster.manifest as KubeObject
const step = loadScenario('rebalance').steps.find(
  (one): one is RebalanceStep => 'action' in one && one.action === 'rebalance',
)!

/** `phase`, with the finalizer that operators set before. */
export const inPhase = (object: RebalanceResource, phase: string, message?: string): RebalanceResource => ({
  ...object,
  metadata: { ...object.metadata, finalizers: ['apps.emqx.io/finalizer'] },
  status: {
    ...object.status,
    phase,
    ...(message !== undefined && { conditions: [{ type: phase, message }] }),
  },
})

/** As inPhase: under way, and looked at. */
export const processing = (object: RebalanceResource): RebalanceResource => {
  const held = inPhase(object, 'Processing')
  return { ...held, status: { ...held.status, rebalanceStates: [{}] } }
}

export const notFound = () => new KubeApiError(404, 'NotFound', 'not found')

export function worldOf(more: Partial<World> = {}): World {
  const scenario = { ...loadScenario('rebalance') }
  scenario.observe = { ...scenario.observe, sampleIntervalSeconds: 0.01 }
  const emqx = (podIp: string): Partial<EmqxNodeApi> => ({
    evacuations: async () => [],
    async rebalances() {
      world.list(podIp)
      return world.underWay
    },
    nodes: async () => [],
    async startRebalance(coordinator) {
      world.log.push(`start ${coordinator}`)
      world.start(world)
    },
    async stopRebalance(coordinator) {
      world.log.push(`stop ${coordinator}`)
      world.stop(world)
    },
  })
  const kube = {
    async raw() {
      return { status: 200, body: { resources: world.hasKind ? [{ name: 'rebalances' }] : [] } }
    },
    async get() {
      if (!world.object) throw notFound()
      return world.object
    },
    async create(_kind: unknown, object: RebalanceResource) {
      world.log.push('create')
      world.create(world, object)
      return object
    },
    async delete() {
      world.log.push('delete')
      world.deleted(world)
    },
  }
  const resource = {
    ...manifest,
    status: { emqxNodes: [NODE, 'emqx-ee@emqx-ee-10'].map((node) => ({ node, node_status: 'running' })) },
  }
  const run = fakeRun({ resource, kube: kube as never, emqx }, scenario)
  run.observe(pod('emqx-ee-0'), pod('emqx-ee-10'), cr(true))
  const world: World = {
    run,
    log: [],
    object: undefined,
    underWay: [],
    hasKind: true,
    create(it, object) {
      it.object = processing(object)
      it.underWay = [UNDER_WAY]
    },
    deleted: (it) => {
      it.object = undefined
    },
    start(it) {
      it.underWay = [UNDER_WAY]
    },
    stop(it) {
      it.underWay = []
    },
    list: () => {},
    async rebalance(changes = {}, when) {
      const over = new AbortController()
      const watching = setInterval(() => {
        if (when?.()) over.abort(new Error('interrupted'))
      }, 5)
      try {
        await rebalance(run, { ...step, by: 'resource', ...changes }, over.signal)
        return undefined
      } catch (error) {
        return error as Error
      } finally {
        clearInterval(watching)
      }
    },
    async end() {
      const from = run.nowNs
      // A second of the run's clock in 20 ms.
      const clock = setInterval(() => {
        run.nowNs += 1e9
      }, 20)
      await run.cleanUp.all((stop) => stop())
      clearInterval(clock)
      return (run.nowNs - from) / 1e9
    },
    actions: () => run.of('action').map(({ action, phase }) => `${action} ${phase}`),
    notes: () => run.of('note').map(({ text }) => text),
    ...more,
  }
  return world
}
