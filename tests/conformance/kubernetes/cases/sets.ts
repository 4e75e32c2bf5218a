import * as assert from 'uvu/assert'
import { type Cases, MERGE, refused, type World } from '../world.ts'
import { becomePods, namesOf, podSpec, podsOf, run } from './pods.ts'

const SETS = 'apps/v1/statefulsets'
const LABELS = { app: 'web' }

const setOf = (spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    replicas: 2,
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: podSpec() },
    ...spec,
  },
})

const imagePatch = (image: string) => ({ spec: { template: { spec: podSpec(image) } } })

/** The set and its pods, all of them ready. */
async function complete(world: World, count: number, spec: object = {}): Promise<void> {
  await world.create(SETS, setOf({ replicas: count, podManagementPolicy: 'Parallel', ...spec }))
  const names = Array.from({ length: count }, (_, index) => `web-${index}`)
  await becomePods(world, ...names)
  for (const name of names) await run(world, name)
  await statusIs(world, ({ readyReplicas }) => readyReplicas === count)
}

const statusIs = (world: World, isSo: (status: Record<string, unknown>) => boolean) =>
  world.eventually('the status of the set', async () => {
    const { status, metadata } = await world.read(world.path(SETS, 'web'))
    return status.observedGeneration === metadata.generation && isSo(status) && status
  })

const imageOf = async (world: World, name: string) =>
  (await world.get(world.path('pods', name))).body.spec?.containers[0].image

/** Time for a controller that should do nothing to do it all the same. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 500))

/** Sets of pods, as their users see them. */
export const setCases: Cases = {
  'a StatefulSet has the defaults of its kind': async (world) => {
    const { spec, metadata } = await world.create(SETS, setOf({ replicas: 0 }))
    assert.is(metadata.generation, 1)
    assert.is(spec.podManagementPolicy, 'OrderedReady')
    assert.is(spec.revisionHistoryLimit, 10)
    assert.equal(spec.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } })
    assert.is(spec.template.spec.restartPolicy, 'Always')
    assert.is(spec.template.spec.dnsPolicy, 'ClusterFirst')
    assert.is(spec.template.spec.containers[0].imagePullPolicy, 'IfNotPresent')
    assert.equal(spec.template.spec.containers[0].ports, [
      { name: 'web', containerPort: 80, protocol: 'TCP' },
    ])
  },

  'its pods are made one after the other, each when the one before is ready': async (world) => {
    await world.create(SETS, setOf())
    await becomePods(world, 'web-0')
    await pause()
    await becomePods(world, 'web-0')
    await run(world, 'web-0')
    await becomePods(world, 'web-0', 'web-1')
    await run(world, 'web-1')
    const status = await statusIs(world, ({ readyReplicas }) => readyReplicas === 2)
    assert.equal(
      [
        status.replicas,
        status.currentReplicas,
        status.updatedReplicas,
        status.availableReplicas,
        status.collisionCount,
      ],
      [2, 2, 2, 2, 0],
    )
    assert.is(status.currentRevision, status.updateRevision)
  },

  'a pod carries its name, its index and its revision': async (world) => {
    const set = await world.create(SETS, setOf({ replicas: 1 }))
    const [pod] = await becomePods(world, 'web-0')
    const { status } = await world.eventually('the revision', async () => {
      const now = await world.read(world.path(SETS, 'web'))
      return now.status.updateRevision && now
    })
    assert.match(status.updateRevision, /^web-[bcdfghjklmnpqrstvwxz2456789]+$/)
    const { labels, ownerReferences, generateName } = pod!.metadata
    assert.equal(labels, {
      ...LABELS,
      'apps.kubernetes.io/pod-index': '0',
      'controller-revision-hash': status.updateRevision,
      'statefulset.kubernetes.io/pod-name': 'web-0',
    })
    assert.is(generateName, 'web-')
    assert.equal(ownerReferences, [
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        name: 'web',
        uid: set.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ])
    assert.equal([pod!.spec.hostname, pod!.spec.subdomain], ['web-0', 'web'])
  },

  'pods of a parallel set are made at once': async (world) => {
    await world.create(SETS, setOf({ replicas: 3, podManagementPolicy: 'Parallel' }))
    await becomePods(world, 'web-0', 'web-1', 'web-2')
  },

  'a set that gets smaller loses its last pod first': async (world) => {
    await complete(world, 3)
    await world.patch(`${world.path(SETS, 'web')}/scale`, { spec: { replicas: 1 } })
    await becomePods(world, 'web-0')
    await statusIs(world, ({ replicas }) => replicas === 1)
  },

  'a pod that is deleted comes again under its name': async (world) => {
    await complete(world, 2)
    const { metadata } = await world.read(world.path('pods', 'web-1'))
    await world.remove(world.path('pods', 'web-1'))
    await world.eventually('another pod', async () => {
      const { status, body } = await world.get(world.path('pods', 'web-1'))
      return status === 200 && body.metadata.uid !== metadata.uid
    })
  },

  'a changed template goes from the last pod to the first, each when the one before is ready': async (
    world,
  ) => {
    await complete(world, 3)
    const before = await statusIs(world, () => true)
    await world.patch(world.path(SETS, 'web'), imagePatch('image:2'))
    for (const name of ['web-2', 'web-1', 'web-0']) {
      await world.eventually(
        `${name} of the new template`,
        async () => (await imageOf(world, name)) === 'image:2',
      )
      await pause()
      const images = await Promise.all(['web-0', 'web-1', 'web-2'].map((one) => imageOf(world, one)))
      assert.is(images.filter((image) => image === 'image:1').length, Number(name.slice(-1)))
      await run(world, name)
    }
    const after = await statusIs(
      world,
      ({ updatedReplicas, currentRevision, updateRevision }) =>
        updatedReplicas === 3 && currentRevision === updateRevision,
    )
    assert.is.not(after.currentRevision, before.currentRevision)
  },

  'a partition keeps the pods below it': async (world) => {
    await complete(world, 2, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } })
    await world.patch(world.path(SETS, 'web'), imagePatch('image:2'))
    await world.eventually(
      'web-1 of the new template',
      async () => (await imageOf(world, 'web-1')) === 'image:2',
    )
    await run(world, 'web-1')
    const status = await statusIs(
      world,
      ({ updatedReplicas, readyReplicas }) => updatedReplicas === 1 && readyReplicas === 2,
    )
    assert.is(await imageOf(world, 'web-0'), 'image:1')
    assert.is.not(status.currentRevision, status.updateRevision)
  },

  'OnDelete changes no pod until it is deleted': async (world) => {
    await complete(world, 1, { updateStrategy: { type: 'OnDelete' } })
    await world.patch(world.path(SETS, 'web'), imagePatch('image:2'))
    await statusIs(world, ({ currentRevision, updateRevision }) => currentRevision !== updateRevision)
    assert.is(await imageOf(world, 'web-0'), 'image:1')
    await world.remove(world.path('pods', 'web-0'))
    await world.eventually(
      'web-0 of the new template',
      async () => (await imageOf(world, 'web-0')) === 'image:2',
    )
  },

  'what a StatefulSet may not change': async (world) => {
    await world.create(SETS, setOf({ replicas: 0 }))
    const answer = await world.ask(
      'PATCH',
      world.path(SETS, 'web'),
      { spec: { serviceName: 'other' } },
      { headers: MERGE },
    )
    refused(
      answer,
      422,
      'Invalid',
      /^StatefulSet\.apps "web" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', .* are forbidden$/,
    )
  },

  'a selector that does not match its template is refused': async (world) => {
    const answer = await world.ask(
      'POST',
      world.path(SETS),
      setOf({ selector: { matchLabels: { app: 'other' } } }),
    )
    refused(
      answer,
      422,
      'Invalid',
      /spec\.template\.metadata\.labels: Invalid value: .*: `selector` does not match template `labels`/,
    )
  },

  'each pod has a claim of its own, which outlives it': async (world) => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }
    await world.create(SETS, setOf({ replicas: 1, volumeClaimTemplates: [claim] }))
    const [pod] = await becomePods(world, 'web-0')
    const made = await world.read(world.path('persistentvolumeclaims', 'data-web-0'))
    assert.equal(made.metadata.labels, LABELS)
    assert.equal(made.spec.accessModes, ['ReadWriteOnce'])
    assert.equal(
      pod!.spec.volumes.find(({ name }: { name: string }) => name === 'data')?.persistentVolumeClaim,
      { claimName: 'data-web-0' },
    )
    await world.patch(world.path(SETS, 'web'), { spec: { replicas: 0 } })
    await becomePods(world)
    await world.read(world.path('persistentvolumeclaims', 'data-web-0'))
  },

  'the pods go with their set, unless they are orphaned': async (world) => {
    await complete(world, 2)
    await world.remove(world.path(SETS, 'web'), { propagationPolicy: 'Orphan' })
    await world.gone(world.path(SETS, 'web'))
    assert.equal(namesOf(await podsOf(world)), ['web-0', 'web-1'])
    const { metadata } = await world.create(SETS, setOf({ podManagementPolicy: 'Parallel' }))
    await world.eventually('the adoption of the pods', async () =>
      (await podsOf(world)).every((pod) => pod.metadata.ownerReferences?.[0]?.uid === metadata.uid),
    )
    await world.remove(world.path(SETS, 'web'))
    await becomePods(world)
  },

  'a Deployment has a ReplicaSet of its template, and says when it is available': async (world) => {
    await world.create('apps/v1/deployments', {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: podSpec() },
      },
    })
    const pods = await world.eventually('two pods', async () => {
      const found = await podsOf(world)
      return found.length === 2 && found
    })
    const [set] = (await world.read(world.path('apps/v1/replicasets'))).items
    const hash = set.metadata.labels['pod-template-hash']
    assert.is(set.metadata.name, `web-${hash}`)
    for (const { metadata } of pods) {
      assert.match(metadata.name, new RegExp(`^web-${hash}-[bcdfghjklmnpqrstvwxz2456789]{5}$`))
      assert.equal(metadata.labels, { ...LABELS, 'pod-template-hash': hash })
      await run(world, metadata.name)
    }
    await world.eventually('the Deployment is available', async () => {
      const { status } = await world.read(world.path('apps/v1/deployments', 'web'))
      const conditions = status.conditions?.map(
        ({ type, status, reason }: Record<string, string>) => `${type} ${status} ${reason}`,
      )
      return (
        status.availableReplicas === 2 &&
        conditions?.includes('Available True MinimumReplicasAvailable') &&
        conditions.includes('Progressing True NewReplicaSetAvailable')
      )
    })
  },

  'a changed Deployment makes a new set before it ends the old one': async (world) => {
    await world.create('apps/v1/deployments', {
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: podSpec() },
      },
    })
    const [first] = await world.eventually('a pod', async () => {
      const found = await podsOf(world)
      return found.length === 1 && found
    })
    await run(world, first!.metadata.name)
    await world.patch(world.path('apps/v1/deployments', 'web'), imagePatch('image:2'))
    const both = await world.eventually('a second pod', async () => {
      const found = await podsOf(world)
      return found.length === 2 && found
    })
    await run(world, both.find(({ spec }) => spec.containers[0].image === 'image:2')!.metadata.name)
    await world.gone(world.path('pods', first!.metadata.name))
    const sets = (await world.read(world.path('apps/v1/replicasets'))).items
    assert.is(sets.length, 2)
  },
}
