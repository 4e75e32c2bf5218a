import * as assert from 'uvu/assert'
import { type Cases, configMap, MERGE, refused, type World } from '../world.ts'

const MAPS = 'configmaps'

interface Owner {
  name: string
  uid: string
}

async function owned(world: World, name: string, owners: Owner[] = [], more: object = {}): Promise<Owner> {
  const ownerReferences = owners.map((owner, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...owner,
    controller: index === 0,
    blockOwnerDeletion: true,
  }))
  const { metadata } = await world.create(MAPS, configMap(name, {}, { ownerReferences, ...more }))
  return { name, uid: metadata.uid }
}

const at = (world: World, name: string) => world.path(MAPS, name)

/** Owners, finalizers, and namespaces that end. */
export const ownershipCases: Cases = {
  'what an owner owned goes after it, and so on': async (world) => {
    const owner = await owned(world, 'owner')
    const child = await owned(world, 'child', [owner])
    await owned(world, 'grandchild', [child])
    await owned(world, 'stranger')
    await world.remove(at(world, 'owner'))
    await world.gone(at(world, 'child'))
    await world.gone(at(world, 'grandchild'))
    await world.read(at(world, 'stranger'))
  },

  'an object stays while one of its owners is there': async (world) => {
    const [one, two] = [await owned(world, 'one'), await owned(world, 'two')]
    await owned(world, 'child', [one, two])
    await world.remove(at(world, 'one'))
    const left = await world.eventually('the reference to go', async () => {
      const { ownerReferences } = (await world.read(at(world, 'child'))).metadata
      return ownerReferences.length === 1 && ownerReferences
    })
    assert.is(left[0].name, 'two')
    await world.remove(at(world, 'two'))
    await world.gone(at(world, 'child'))
  },

  'an object of an owner that never was is collected': async (world) => {
    await owned(world, 'child', [{ name: 'nobody', uid: '11111111-1111-1111-1111-111111111111' }])
    await world.gone(at(world, 'child'))
  },

  'orphans forget their owner': async (world) => {
    const owner = await owned(world, 'owner')
    await owned(world, 'child', [owner])
    await world.remove(at(world, 'owner'), { propagationPolicy: 'Orphan' })
    await world.gone(at(world, 'owner'))
    const { metadata } = await world.read(at(world, 'child'))
    assert.is(metadata.ownerReferences, undefined)
  },

  'in the foreground an owner goes last': async (world) => {
    const owner = await owned(world, 'owner')
    await owned(world, 'child', [owner], { finalizers: ['example.com/wait'] })
    const { status, body } = await world.remove(at(world, 'owner'), { propagationPolicy: 'Foreground' })
    assert.is(status, 200)
    assert.equal(body.metadata.finalizers, ['foregroundDeletion'])
    assert.ok(body.metadata.deletionTimestamp)
    await world.eventually(
      'the deletion of the child',
      async () => (await world.read(at(world, 'child'))).metadata.deletionTimestamp,
    )
    await world.read(at(world, 'owner'))
    await world.patch(at(world, 'child'), { metadata: { finalizers: null } })
    await world.gone(at(world, 'owner'))
  },

  'a finalizer keeps a deleted object until it is taken away': async (world) => {
    await owned(world, 'one', [], { finalizers: ['example.com/wait'] })
    const { status, body } = await world.remove(at(world, 'one'))
    assert.is(status, 200)
    assert.is(body.kind, 'ConfigMap')
    assert.ok(body.metadata.deletionTimestamp)
    assert.is(body.metadata.deletionGracePeriodSeconds, 0)
    const again = await world.remove(at(world, 'one'))
    assert.is(again.status, 200)
    await world.patch(at(world, 'one'), { data: { a: 'b' } })
    await world.patch(at(world, 'one'), { metadata: { finalizers: [] } })
    assert.is((await world.get(at(world, 'one'))).status, 404)
  },

  'no finalizer is added to an object that is going': async (world) => {
    await owned(world, 'one', [], { finalizers: ['example.com/wait'] })
    await world.remove(at(world, 'one'))
    const answer = await world.ask(
      'PATCH',
      at(world, 'one'),
      { metadata: { finalizers: ['example.com/wait', 'example.com/more'] } },
      { headers: MERGE },
    )
    refused(
      answer,
      422,
      'Invalid',
      /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"example\.com\/more"\}/,
    )
    await world.patch(at(world, 'one'), { metadata: { finalizers: null } })
  },

  'an owner reference without a uid is refused': async (world) => {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '' }]
    const answer = await world.ask('POST', world.path(MAPS), configMap('one', {}, { ownerReferences }))
    refused(
      answer,
      422,
      'Invalid',
      'ConfigMap "one" is invalid: metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    )
  },

  'two controllers of one object are refused': async (world) => {
    const [one, two] = [await owned(world, 'one'), await owned(world, 'two')]
    const ownerReferences = [one, two].map((owner) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      ...owner,
      controller: true,
    }))
    const answer = await world.ask('POST', world.path(MAPS), configMap('child', {}, { ownerReferences }))
    refused(
      answer,
      422,
      'Invalid',
      /metadata\.ownerReferences: Invalid value: .*: Only one reference can have Controller set to true\. Found "true" in references for ConfigMap\/one and ConfigMap\/two/,
    )
  },

  'a namespace that is deleted takes its objects with it': async (world) => {
    const name = `${world.namespace}-more`
    const home = `/api/v1/namespaces/${name}`
    await world.ask('POST', '/api/v1/namespaces', { metadata: { name } })
    await world.ask('POST', `${home}/configmaps`, configMap('one', {}, { finalizers: ['example.com/wait'] }))
    const { status, body } = await world.remove(home)
    assert.is(status, 200)
    assert.is(body.status.phase, 'Terminating')
    const late = await world.ask('POST', `${home}/configmaps`, configMap('two'))
    refused(
      late,
      403,
      'Forbidden',
      `configmaps "two" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
    )
    await world.eventually(
      'the deletion of the map',
      async () => (await world.get(`${home}/configmaps/one`)).body.metadata?.deletionTimestamp,
    )
    await world.read(home)
    await world.patch(`${home}/configmaps/one`, { metadata: { finalizers: null } })
    await world.gone(home)
  },
}
