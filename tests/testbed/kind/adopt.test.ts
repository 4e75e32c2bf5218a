/** Clusters of the user's: what is refused, when weir notes that it uses one, and how its images are named there. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, type WeirError } from '#weir/errors/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { markOurs, mustBeOurs } from '#weir/testbed/kind/cluster/adopt.ts'
import { withOwnImages } from '#weir/testbed/kind/image/own-names.ts'
import { readImage } from '#weir/testbed/kubelet/image.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import { podTemplate } from '#weir/testbed/operator/v1beta4/objects/pod-template.ts'
import type { EmqxEnterprise } from '#weir/testbed/operator/v1beta4/types.ts'

interface World {
  dir: string
}
const test = suite<World>('adopted kind clusters')
test.before.each((world) => {
  world.dir = mkdtempSync(join(tmpdir(), 'weir-kind-adopt-'))
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

/** An API server that answers the question for EMQX's definitions so; undefined when it does not answer. */
const serverWith = (status: number | undefined, uid = 'one') =>
  ({
    async get() {
      return { metadata: { name: 'kube-system', uid } }
    },
    async raw(_method: string, path: string) {
      assert.is(path, '/apis/apps.emqx.io')
      if (status === undefined) throw new Error('connect ECONNREFUSED 172.18.0.2:6443')
      return { status, body: status === 403 ? { message: 'forbidden: User "viewer"' } : {} }
    },
  }) as unknown as KubeApi

const adopting = ({ dir }: World, operator = 'the emulated operator 2.2.29') => ({
  ...{ dir, operator },
  name: 'mine',
})
const refusal = (work: Promise<unknown>): Promise<WeirError> =>
  work.then(
    () => assert.unreachable('it was not refused'),
    (error) => error,
  )

test('one without EMQX’s definitions is used, and nothing is noted before the operator is there', async (world) => {
  await mustBeOurs(serverWith(404), adopting(world))
  assert.is(existsSync(join(world.dir, 'adopted-mine.json')), false)
  // An operator that somebody installs meanwhile is theirs.
  const error = await refusal(mustBeOurs(serverWith(200), adopting(world)))
  assert.match(
    messageOf(error),
    /^the kind cluster mine has definitions of an EMQX Operator that weir did not/,
  )
})

test('one with weir’s own operator is used again, and a later cluster of its name is another', async (world) => {
  await markOurs(serverWith(200), adopting(world))
  await mustBeOurs(serverWith(200), adopting(world))
  const error = await refusal(mustBeOurs(serverWith(200, 'another'), adopting(world)))
  assert.is(error.code, 'WEIR_KIND')
})

test('one that has another operator of weir’s is refused: the run would be of that', async (world) => {
  await markOurs(serverWith(200), adopting(world, 'the build emqx/operator:build-1'))
  const error = await refusal(mustBeOurs(serverWith(200), adopting(world)))
  assert.is(
    messageOf(error),
    'the kind cluster mine has the build emqx/operator:build-1 of an earlier run, and this one is of the emulated operator 2.2.29: make another cluster for it',
  )
})

test('only "not found" says that there is no operator: any other answer is an error in one line', async (world) => {
  const says = 'it is not known whether the kind cluster mine has an EMQX Operator'
  for (const [status, what] of [
    [403, ': GET /apis/apps.emqx.io was answered with 403 forbidden: User "viewer"'],
    [503, ': GET /apis/apps.emqx.io was answered with 503'],
    [undefined, ': connect ECONNREFUSED 172.18.0.2:6443'],
  ] as const) {
    const error = await refusal(mustBeOurs(serverWith(status), adopting(world)))
    assert.is(error.code, 'WEIR_KIND')
    assert.is(messageOf(error), says + what)
  }
})

const imagesIn = (manifest: object) => JSON.stringify(manifest).match(/"[^"]*emqx\/emqx-[^"]*"/g) ?? []

test('scenarios run weir’s images there, before the change and after it', () => {
  const v5 = loadScenario('blue-green-v5').cluster.manifest as unknown as KubeObject
  const named = withOwnImages(v5, [])
  assert.equal(imagesIn(named), ['"weir.invalid/emqx/emqx-enterprise:5.8.6"'])
  assert.equal(dialects.v2beta1.versionPatch(named, '5.8.7'), {
    spec: { image: 'weir.invalid/emqx/emqx-enterprise:5.8.7' },
  })
  assert.equal(imagesIn(v5), ['"emqx/emqx-enterprise:5.8.6"'])
  assert.is(readImage('weir.invalid/emqx/emqx-enterprise:5.8.6').emqxVersion, '5.8.6')

  const v4 = withOwnImages(loadScenario('blue-green').cluster.manifest, []) as unknown as EmqxEnterprise
  const { containers } = podTemplate(v4, LINES['2.2.29']).spec
  assert.equal(
    containers.map(({ image }) => image),
    ['weir.invalid/emqx/emqx-ee:4.4.14', 'weir.invalid/emqx/emqx-operator-reloader:0.0.2'],
  )
  // The line has no field for it.
  delete (v4.spec.template.spec as { reloaderImage?: string }).reloaderImage
  const older = podTemplate(v4, { ...LINES['2.1.2'], registry: 'weir.invalid' }).spec.containers
  assert.is(older[1]?.image, 'weir.invalid/emqx/emqx-operator-reloader:0.0.2')
})

test('an image that weir does not bring keeps its name', () => {
  for (const image of ['emqx/emqx-enterprise:5.7.0', 'quay.io/emqx/emqx-enterprise:5.8.6', 'emqx/emqx:5.8.6'])
    assert.equal(withOwnImages({ spec: { image } }, []), { spec: { image } })
  const image = 'emqx/emqx-enterprise:5.7.0'
  assert.equal(withOwnImages({ spec: { image } }, [{ dir: '/opt/emqx', version: '5.7.0' }]), {
    spec: { image: 'weir.invalid/emqx/emqx-enterprise:5.7.0' },
  })
})

test.run()
