/** The operator's passes over a Rebalance, with an API server and an EMQX that are objects of the test. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type KubeApi, KubeApiError, type KubeObject, type Resource } from '#weir/cluster/kubernetes/types.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import { startRebalanceController } from '#weir/testbed/operator/rebalance/controller.ts'
import type { Rebalance } from '#weir/testbed/operator/rebalance/types.ts'
import type { OperatorEnvironment } from '#weir/testbed/operator/runtime/reconciler.ts'
import type { EventRecorder } from '#weir/testbed/runtime/event-recorder.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'

const meta = { namespace: 'default' }
const node = (name: string, edition = 'Enterprise') => ({ node: name, node_status: 'running', edition })
const emqx = (condition: string, nodes = [node('emqx@a'), node('emqx@b')]): KubeObject => ({
  kind: 'EMQX',
  metadata: { name: 'emqx', uid: 'u', ...meta },
  spec: { coreTemplate: { spec: { replicas: 2 } } },
  status: { conditions: [{ type: condition, status: 'True' }], coreNodes: nodes },
})
const enterprise: KubeObject = {
  kind: 'EmqxEnterprise',
  metadata: { name: 'emqx-ee', labels: { own: 'ee' }, ...meta },
  spec: {},
  status: {
    conditions: [{ type: 'Running', status: 'True' }],
    emqxNodes: [node('emqx-ee@a'), node('emqx-ee@b')],
  },
}
const pod = (name: string): KubeObject => ({
  kind: 'Pod',
  metadata: { name, creationTimestamp: '2023-01-01T00:00:00Z', ...meta },
  status: {
    podIP: '10.0.0.1',
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'ContainersReady', status: 'True' },
    ],
  },
})
const secret = (name: string, key: string, text: string): KubeObject => ({
  kind: 'Secret',
  metadata: { name, ...meta },
  data: { [key]: Buffer.from(text).toString('base64') },
})

interface World {
  objects?: KubeObject[]
  /** What EMQX answers to `METHOD path`; anything else is 200 `{}`. */
  answers?: Record<string, { status: number; body: string }>
  failsUnlessReady?: boolean
}

/** Runs the controller on a Rebalance; the clock moves it on. */
function run(
  spec: Partial<Rebalance['spec']> = {},
  { answers = {}, failsUnlessReady = false, ...world }: World = {},
) {
  const clock = new VirtualClock()
  const asked: { call: string; body: unknown }[] = []
  const said: string[] = []
  const objects = new Map<string, KubeObject>()
  const put = (object: KubeObject) => objects.set(`${object.kind}/${object.metadata.name}`, object)
  for (const one of world.objects ?? [emqx('Ready')]) put(one)
  for (const one of [
    pod('emqx-core-0'),
    secret('emqx-bootstrap-api-key', 'bootstrap_api_key', 'emqx-operator-controller:x'),
    secret('emqx-ee-bootstrap-user', 'bootstrap_user', 'emqx_operator_controller:x'),
  ])
    put(one)
  const rebalanceStrategy = {
    ...{ connEvictRate: 5, sessEvictRate: 500, waitTakeover: 60, waitHealthCheck: 60 },
    ...{ absConnThreshold: 1000, absSessThreshold: 1000, relConnThreshold: '1.1', relSessThreshold: '1.1' },
  }
  put({
    kind: 'Rebalance',
    metadata: { name: 'r', ...meta },
    spec: { instanceKind: 'EMQX', instanceName: 'emqx', rebalanceStrategy, ...spec },
  })
  const now = () => objects.get('Rebalance/r') as Rebalance
  let seen: (object: Rebalance) => void = () => {}
  const change = (object: KubeObject) => {
    put(object)
    if (object.kind === 'Rebalance') seen(object as Rebalance)
  }
  const kube = {
    async get(resource: Resource, _namespace: string | undefined, name: string) {
      const found = objects.get(`${resource.kind}/${name}`)
      if (found === undefined) throw new KubeApiError(404, 'NotFound', `${name} not found`)
      return structuredClone(found)
    },
    list: async (resource: Resource) => ({
      items: [...objects.values()].filter(({ kind }) => kind === resource.kind),
      resourceVersion: '1',
    }),
    async replace(_resource: Resource, object: KubeObject) {
      change(structuredClone(object))
      return object
    },
    watch(
      _resource: Resource,
      _options: unknown,
      handler: { onList(items: Rebalance[]): void; onEvent(type: string, object: Rebalance): void },
    ) {
      seen = (object) => handler.onEvent('MODIFIED', object)
      handler.onList([now()])
      return { ready: Promise.resolve(), stop() {} }
    },
  } as unknown as KubeApi
  const http: OperatorEnvironment['http'] = {
    async send(_ip, method, path, { body }) {
      asked.push({ call: `${method} ${path}`, body })
      return answers[`${method} ${path}`] ?? { status: 200, body: '{}' }
    },
    close() {},
  }
  const recorder = {
    emit: (_o: unknown, type: string, reason: string, text: string) => said.push(`${type} ${reason} ${text}`),
  }
  const env = { kube, clock, http, recorder, line: LINES['2.2.29'], idleMs: 1000, random: () => 0, log() {} }
  startRebalanceController(
    env as unknown as OperatorEnvironment,
    { failsUnlessReady },
    recorder as unknown as EventRecorder,
  )
  return { clock, asked, said, now, change, put, answers }
}

const told = ({ status }: Rebalance) => [status?.phase, status?.conditions?.[0]?.message]
const GLOBAL = 'GET /api/v5/load_rebalance/global_status'
const listed = (state: string) => ({
  status: 200,
  body: JSON.stringify({
    rebalances: [
      { node: 'emqx@b', coordinator_node: 'emqx@b', state, donors: ['emqx@a'], recipients: ['emqx@b'] },
    ],
  }),
})

test('EMQX is asked once, with numbers for text and every node by name, and looked at every 5 s', async () => {
  const { clock, asked, said, now, answers } = run({}, { answers: { [GLOBAL]: listed('wait_health_check') } })
  await clock.advance(100)
  assert.equal(asked[0], {
    call: 'POST /api/v5/load_rebalance/emqx@a/start',
    body: {
      ...{ conn_evict_rate: 5, sess_evict_rate: 500, wait_takeover: 60, wait_health_check: 60 },
      ...{
        abs_conn_threshold: 1000,
        abs_sess_threshold: 1000,
        rel_conn_threshold: 1.1,
        rel_sess_threshold: 1.1,
      },
      nodes: ['emqx@a', 'emqx@b'],
    },
  })
  assert.is(now().status?.phase, 'Processing')
  await clock.advance(5100)
  assert.is(now().status?.rebalanceStates?.[0]?.state, 'wait_health_check')
  assert.equal(now().metadata.finalizers, ['apps.emqx.io/finalizer'])
  const before = asked.length
  await clock.advance(20_000)
  assert.ok(asked.length - before >= 3 && asked.length - before <= 5, String(asked.length - before))
  answers[GLOBAL] = { status: 200, body: '{"rebalances":[]}' }
  await clock.advance(5100)
  assert.is(now().status?.phase, 'Completed')
  assert.equal(said, ['Normal Rebalance rebalance is processing', 'Normal Rebalance rebalance is completed'])
  // For ever: whatever the cluster does.
  const after = asked.length
  await clock.advance(60_000)
  assert.is(asked.length, after)
  assert.is(asked.filter(({ call }) => call.includes('/start')).length, 1)
})

/** [what, spec, the world, the message] */
const FAILED: [string, Partial<Rebalance['spec']>, World, RegExp][] = [
  ['no such EMQX', { instanceName: 'x' }, {}, /^EMQX x is not found$/],
  ['no such EmqxEnterprise', { instanceKind: 'EmqxEnterprise' }, {}, /^EMQX Enterprise emqx is not found$/],
  [
    'an EMQX in the middle of something',
    {},
    { objects: [emqx('CoreNodesProgressing')] },
    /^EMQX emqx is not ready$/,
  ],
  [
    'the open-source edition',
    {},
    { objects: [emqx('Ready', [node('emqx@a', 'Opensource')])] },
    /^Only enterprise edition can be rebalanced$/,
  ],
  [
    'nothing to balance',
    {},
    {
      answers: {
        'POST /api/v5/load_rebalance/emqx@a/start': {
          status: 400,
          body: '{"code":"BAD_REQUEST","message":"error on node \'emqx@a\': nothing_to_balance"}',
        },
      },
    },
    /^Failed to start rebalance: .*nothing_to_balance/,
  ],
  [
    "4.4's refusal, which is a 200",
    { instanceKind: 'EmqxEnterprise', instanceName: 'emqx-ee' },
    {
      objects: [enterprise],
      answers: {
        'POST /api/v4/load_rebalance/emqx-ee@a/start': {
          status: 200,
          body: '{"code":400,"message":"already_started"}',
        },
      },
    },
    /^Failed to start rebalance: .*already_started/,
  ],
]

for (const [what, spec, world, words] of FAILED)
  test(`fails, for ever: ${what}`, async () => {
    const { clock, now, said, asked } = run(spec, world)
    await clock.advance(1000)
    assert.is(now().status?.phase, 'Failed')
    assert.match(told(now())[1] ?? '', words)
    const times = asked.length
    await clock.advance(60_000)
    assert.is(asked.length, times)
    assert.ok(said[0]?.startsWith('Warning Rebalance rebalance is failed: '))
  })

test('a status that cannot be had fails it', async () => {
  const { clock, now } = run({}, { answers: { [GLOBAL]: { status: 503, body: 'RPC_ERROR' } } })
  await clock.advance(5200)
  assert.equal(told(now())[0], 'Failed')
  assert.match(told(now())[1] ?? '', /^Failed to get rebalance status: /)
})

test('a cluster that is not ready any more fails it only where operators do so', async () => {
  for (const failsUnlessReady of [false, true]) {
    const { clock, now, put } = run({}, { failsUnlessReady, answers: { [GLOBAL]: listed('evicting_conns') } })
    await clock.advance(100)
    put(emqx('CoreNodesProgressing'))
    await clock.advance(5200)
    assert.equal(
      told(now()),
      failsUnlessReady ? ['Failed', 'EMQX emqx is not ready'] : ['Processing', undefined],
    )
  }
})

test('a deletion stops what is under way at its coordinator, and lets go', async () => {
  const { clock, now, change, asked } = run({}, { answers: { [GLOBAL]: listed('evicting_conns') } })
  await clock.advance(5200)
  const { metadata } = now()
  change({ ...now(), metadata: { ...metadata, deletionTimestamp: '2023-01-01T00:00:00Z' } })
  await clock.advance(100)
  assert.is(asked.at(-1)?.call, 'POST /api/v5/load_rebalance/emqx@b/stop')
  assert.equal(now().metadata.finalizers, [])
})

test("EMQX 4.4 is asked by its own API, of the nodes that the resource's status lists", async () => {
  const { clock, asked, now } = run(
    { instanceKind: 'EmqxEnterprise', instanceName: 'emqx-ee' },
    {
      objects: [enterprise],
      answers: { 'GET /api/v4/load_rebalance/global_status': { status: 200, body: '{"rebalances":[]}' } },
    },
  )
  await clock.advance(5200)
  assert.equal(
    asked.map(({ call }) => call),
    ['POST /api/v4/load_rebalance/emqx-ee@a/start', 'GET /api/v4/load_rebalance/global_status'],
  )
  assert.is(now().status?.phase, 'Completed')
})

test.run()
