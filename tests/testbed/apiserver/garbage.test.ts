import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { configMap, eventually, harness, withHarness } from './harness.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'

withHarness(test)

const exists = async (name: string) => (await harness.ask('GET', `${MAPS}/${name}`)).status === 200
const goes = (name: string) =>
  eventually(async () => ((await exists(name)) ? undefined : true), `${name} to go`)

async function make(name: string, owners: { name: string; uid: string }[] = [], finalizers: string[] = []) {
  const ownerReferences = owners.map((owner, i) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...owner,
    controller: i === 0,
    blockOwnerDeletion: true,
  }))
  const object = { ...configMap(name), metadata: { name, ownerReferences, finalizers } }
  const { body } = await harness.ask('POST', MAPS, object)
  return { name, uid: body.metadata.uid as string }
}

test('what an owner owned goes after it, and so on down', async () => {
  const owner = await make('owner')
  const child = await make('child', [owner])
  await make('grandchild', [child])
  await make('stranger')
  await harness.ask('DELETE', `${MAPS}/owner`)
  await goes('child')
  await goes('grandchild')
  assert.ok(await exists('stranger'))
})

test('an object stays while one of its owners lives, and forgets the other', async () => {
  const [one, two] = [await make('one'), await make('two')]
  await make('child', [one, two])
  await harness.ask('DELETE', `${MAPS}/one`)
  const left = await eventually(async () => {
    const { ownerReferences } = (await harness.ask('GET', `${MAPS}/child`)).body.metadata
    return ownerReferences.length === 1 ? ownerReferences : undefined
  }, 'the reference to go')
  assert.is(left[0].name, 'two')
  await harness.ask('DELETE', `${MAPS}/two`)
  await goes('child')
})

test('an object whose owner never was is collected', async () => {
  await make('orphan', [{ name: 'nobody', uid: '00000000-0000-0000-0000-000000000000' }])
  await goes('orphan')
})

test('an owner of the same name but another uid does not count', async () => {
  const first = await make('owner')
  await harness.ask('DELETE', `${MAPS}/owner`)
  await make('owner')
  await make('child', [first])
  await goes('child')
  assert.ok(await exists('owner'))
})

test('Orphan leaves the dependents behind without a reference', async () => {
  const owner = await make('owner')
  await make('child', [owner])
  await harness.ask('DELETE', `${MAPS}/owner`, { propagationPolicy: 'Orphan' })
  await goes('owner')
  assert.is((await harness.ask('GET', `${MAPS}/child`)).body.metadata.ownerReferences, undefined)
})

test('Foreground keeps the owner until the dependents are gone', async () => {
  const owner = await make('owner')
  await make('child', [owner], ['weir.test/hold'])
  const marked = await harness.ask('DELETE', `${MAPS}/owner?propagationPolicy=Foreground`)
  assert.equal(marked.body.metadata.finalizers, ['foregroundDeletion'])
  await eventually(
    async () => (await harness.ask('GET', `${MAPS}/child`)).body.metadata.deletionTimestamp,
    'the child to be marked',
  )
  assert.ok(await exists('owner'))
  await harness.ask(
    'PATCH',
    `${MAPS}/child`,
    { metadata: { finalizers: null } },
    { 'content-type': 'application/merge-patch+json' },
  )
  await goes('child')
  await goes('owner')
})

test.run()
