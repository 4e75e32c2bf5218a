/** The Job of a fleet: what it asks of Kubernetes, and why it does not start. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FleetJob, ownImage } from '#weir/cluster/fleet-job/fleet-job.ts'
import { INDEX_ANNOTATION, jobOf, resourcesFor, secretsOf } from '#weir/cluster/fleet-job/objects.ts'
import { endOfPod } from '#weir/cluster/fleet-job/pod-end.ts'
import type { Pod, PodStatus } from '#weir/cluster/kubernetes/kinds.ts'
import { KubeApiError, type KubeObject, type Resource } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { FakeKube } from '../fake-kube.ts'

const SPEC = {
  ...{ namespace: 'q6', name: 'weir-fleet-1a2b3c4d', pods: 2, image: 'weir:1' },
  ...{ clientsEach: 2000, deadlineSeconds: 60 },
}
const SECRET = { token: 'the-token', access: [Buffer.from('part one'), Buffer.from('part two')] }

class JobKube extends FakeKube {
  readonly created: KubeObject[] = []
  readonly deleted: string[] = []
  /** As an older server, which does not know the field. */
  dropsField = false
  refuses: { kind: string; error: KubeApiError } | undefined

  override async create<T>(...args: unknown[]): Promise<T> {
    const [resource, object] = args as [Resource, KubeObject]
    if (this.refuses?.kind === resource.kind) throw this.refuses.error
    const made = structuredClone(object)
    if (this.dropsField && resource.kind === 'Job')
      delete (made.spec as { backoffLimitPerIndex?: number }).backoffLimitPerIndex
    this.created.push(made)
    return { ...made, metadata: { ...made.metadata, uid: 'the-uid' } } as T
  }

  override async delete(...args: unknown[]): Promise<void> {
    const [resource, , name] = args as [Resource, string, string]
    this.deleted.push(`${resource.kind} ${name}`)
  }

  pod(index: number, status: PodStatus, type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'MODIFIED'): void {
    const metadata = { name: `pod-${index}`, annotations: { [INDEX_ANNOTATION]: String(index) } }
    this.watches.get('Pod')?.onEvent(type, { metadata, status } as unknown as KubeObject)
  }
}

const RUNNING = (ip: string): PodStatus => ({
  ...{ phase: 'Running', podIP: ip },
  containerStatuses: [{ name: 'weir', state: { running: { startedAt: '' } } }],
})

const ended = (more: object): PodStatus =>
  ({ phase: 'Failed', containerStatuses: [{ name: 'weir', state: { terminated: more } }] }) as PodStatus

const waiting = (reason: string, message: string): PodStatus => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'weir', state: { waiting: { reason, message } } }],
})

const NEVER = new AbortController().signal

async function refused(promise: Promise<unknown>, words: RegExp): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.instance(error, WeirError)
  assert.match((error as WeirError).message, words)
}

test('an Indexed Job that starts nothing again, ends by itself, and asks for no right', () => {
  const job = jobOf(SPEC, SECRET) as unknown as {
    spec: Record<string, unknown> & { template: { spec: Record<string, unknown> & { containers: object[] } } }
  }
  const { template, ...spec } = job.spec
  assert.equal(spec, {
    completionMode: 'Indexed',
    completions: 2,
    parallelism: 2,
    backoffLimitPerIndex: 0,
    podReplacementPolicy: 'Failed',
    activeDeadlineSeconds: 60,
    ttlSecondsAfterFinished: 3600,
  })
  const { containers, ...pod } = template.spec
  assert.is(pod.restartPolicy, 'Never')
  assert.is(pod.automountServiceAccountToken, false)
  const { securityContext } = containers[0] as { securityContext: object }
  assert.equal(securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
})

test('token, and how clients connect and who they are, are in Secrets alone, which belong to the Job', () => {
  const secrets = secretsOf(SPEC, { name: SPEC.name, uid: 'the-uid' }, SECRET)
  const named = secrets.map(({ metadata }) => metadata.name)
  assert.equal(named, [SPEC.name, `${SPEC.name}-1`])
  for (const { metadata } of secrets)
    assert.equal(
      metadata.ownerReferences?.map(({ kind, uid }) => [kind, uid]),
      [['Job', 'the-uid']],
    )
  const text = (k: number, key: string) =>
    Buffer.from((secrets[k]!.data as Record<string, string>)[key] ?? '', 'base64').toString()
  assert.equal([text(0, 'token'), text(1, 'token')], ['the-token', ''])
  assert.equal([text(0, 'access'), text(1, 'access')], ['part one', 'part two'])
  const job = JSON.stringify(jobOf(SPEC, SECRET))
  for (const secret of ['the-token', 'part one', Buffer.from('part one').toString('base64')])
    assert.not.ok(job.includes(secret))
  for (const [k, name] of named.entries()) {
    assert.ok(job.includes(`"secretName":"${name}"`))
    assert.ok(job.includes(`"mountPath":"/etc/weir-fleet${k === 0 ? '' : `-${k}`}"`))
  }
})

test('what a pod requests grows with its clients, and no CPU is limited', () => {
  assert.equal(resourcesFor(10_000), {
    requests: { cpu: '500m', memory: '317Mi' },
    limits: { memory: '1268Mi' },
  })
  assert.is(resourcesFor(1_000_000).requests.cpu, '1000m')
})

test('pods by their number, however they come', async () => {
  const kube = new JobKube()
  const job = await FleetJob.create(kube, SPEC, SECRET)
  assert.equal(
    kube.created.map(({ kind }) => kind),
    ['Job', 'Secret', 'Secret'],
  )
  const running = job.running(60_000, NEVER)
  kube.pod(1, RUNNING('10.0.0.2'), 'ADDED')
  kube.pod(0, waiting('ContainerCreating', ''), 'ADDED')
  kube.pod(0, RUNNING('10.0.0.1'))
  assert.equal(await running, [
    { name: 'pod-0', ip: '10.0.0.1' },
    { name: 'pod-1', ip: '10.0.0.2' },
  ])
  kube.pod(1, ended({ exitCode: 137, reason: 'OOMKilled' }))
  assert.is(await job.ended('pod-1'), 'ended (OOMKilled, exit code 137)')
  kube.pod(0, RUNNING('10.0.0.1'), 'DELETED')
  assert.is(await job.ended('pod-0'), 'was deleted')
  await job.remove()
  assert.equal(kube.deleted, ['Job weir-fleet-1a2b3c4d'])
})

test('why a pod does not start, in one line', async () => {
  for (const [status, words] of [
    [
      ended({ exitCode: 2, reason: 'Error', message: 'x\nweir: no such command\n' }),
      /pod-0 ended \(Error, exit code 2\): weir: no such command: nothing was changed/,
    ],
    [waiting('ErrImagePull', 'not found'), /pod-0 does not start: ErrImagePull: not found/],
    [
      {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' },
        ],
      },
      /pod-0 does not start: Unschedulable: 0\/1 nodes/,
    ],
  ] as [PodStatus, RegExp][]) {
    const kube = new JobKube()
    const job = await FleetJob.create(kube, SPEC, SECRET)
    kube.pod(0, status, 'ADDED')
    kube.pod(1, RUNNING('10.0.0.2'), 'ADDED')
    await refused(job.running(300, NEVER), words)
  }
})

test('a quota: the Job’s own event says why there are no pods', async () => {
  const kube = new JobKube()
  kube.put('Event', {
    metadata: { name: 'e' },
    ...{ type: 'Warning', reason: 'FailedCreate', message: 'pods "x" is forbidden: exceeded quota: small' },
  })
  const job = await FleetJob.create(kube, SPEC, SECRET)
  await refused(
    job.running(3500, NEVER),
    /Job weir-fleet-1a2b3c4d cannot create its pods \(FailedCreate: .*exceeded quota: small\)/,
  )
})

test('no Jobs, no permission, an older Kubernetes: one line each, and nothing stays', async () => {
  const without = new JobKube()
  without.refuses = { kind: 'Job', error: new KubeApiError(404, 'NotFound', 'not found') }
  await refused(FleetJob.create(without, SPEC, SECRET), /no Job controller .*batch\/v1/)
  const forbidden = new JobKube()
  forbidden.refuses = { kind: 'Secret', error: new KubeApiError(403, 'Forbidden', 'no') }
  await refused(
    FleetJob.create(forbidden, SPEC, SECRET),
    /does not allow this user to create Secrets in namespace q6/,
  )
  assert.equal(forbidden.deleted, ['Job weir-fleet-1a2b3c4d'])
  const old = new JobKube()
  old.dropsField = true
  await refused(FleetJob.create(old, SPEC, SECRET), /needs Kubernetes 1\.29 or later/)
  assert.equal(old.deleted, ['Job weir-fleet-1a2b3c4d'])
})

test('a Job that cannot be removed either hides no error: what went wrong first comes first', async () => {
  const stays = new JobKube()
  stays.refuses = { kind: 'Secret', error: new KubeApiError(403, 'Forbidden', 'no') }
  stays.delete = async () => {
    throw new KubeApiError(500, 'InternalError', 'etcd is full')
  }
  await refused(
    FleetJob.create(stays, SPEC, SECRET),
    /^the API server \S+ does not allow this user to create Secrets .*; Job weir-fleet-1a2b3c4d is still there \(.*etcd is full\): remove it with "kubectl --namespace q6 delete job weir-fleet-1a2b3c4d"$/,
  )
})

test('how pods end, in Kubernetes’ words', () => {
  const end = (status: object) => endOfPod({ status } as Pick<Pod, 'status'>)
  assert.is(end({ phase: 'Running' }), undefined)
  assert.is(
    end({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    'ended (Evicted): The node was low on resource: memory.',
  )
  const terminated = {
    exitCode: 137,
    reason: 'Error',
    message: 'weir fleet pod: listening on 10.0.0.1:9465\n',
  }
  assert.is(
    end({ phase: 'Failed', containerStatuses: [{ state: { terminated } }] }),
    'ended (Error, exit code 137)',
    'what it printed about something else is not why',
  )
  assert.is(
    end({
      phase: 'Failed',
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
      containerStatuses: [{ state: { terminated: { exitCode: 143, reason: 'Error' } } }],
    }),
    'ended (PreemptionByScheduler, Error, exit code 143)',
  )
})

test('the image of the pod that weir runs in', async () => {
  const kube = new FakeKube().put('Pod', {
    metadata: { name: 'weir-abc' },
    spec: {
      containers: [
        { name: 'sidecar', image: 'x' },
        { name: 'weir', image: 'registry/weir:1' },
      ],
    },
  })
  assert.is(await ownImage(kube, 'weir-abc'), 'registry/weir:1')
  assert.is(await ownImage(kube, undefined), undefined)
})

test.run()
