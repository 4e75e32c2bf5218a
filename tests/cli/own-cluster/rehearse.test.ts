/** A change that the API server would refuse is known before anything starts. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { weir } from '../weir.ts'
import { type OwnCluster, startOwnCluster } from './own-cluster.ts'

let cluster: OwnCluster
test.before(async () => {
  const set = ['cluster.manifest.spec.replicas=1']
  const of = { scenario: 'blue-green-quick', set, resource: resources.emqxEnterprises }
  cluster = await startOwnCluster(of, { operator: '2.2.29' })
  await cluster.settled()
})
test.after(() => cluster.close())

for (const [what, patch, words] of [
  [
    'a misspelt field',
    '{ blueGreenUpdate: { evacuationStrategy: { connEvictRates: 5 } } }',
    /strict decoding error: unknown field "spec\.blueGreenUpdate\.evacuationStrategy\.connEvictRates"/,
  ],
  [
    'what the webhook refuses',
    '{ template: { spec: { emqxContainer: { emqxConfig: { cluster.dns.name: other } } } } }',
    /refuse to update the "\^cluster\.\*\$" field/,
  ],
] as const)
  test(`${what}: exit code 2, one line, no record, and the resource is as it was`, async () => {
    const file = join(cluster.dir, 'own.yaml')
    const steps = `[{ action: patch, patch: { spec: ${patch} } }, { waitFor: running }]`
    writeFileSync(
      file,
      `name: own\nbase: blue-green-quick\ndescription: x\nfleet: { clients: 10 }\nsteps: ${steps}\n`,
    )
    const out = join(cluster.dir, 'out')
    const before = await cluster.admin.get(resources.emqxEnterprises, 'default', cluster.name)
    const args = ['run', file, '--kubeconfig', cluster.kubeconfig, '--yes', '--out', out]
    const { code, stdout, stderr } = await weir(args, {})
    assert.is(code, 2, stderr)
    assert.is(stdout, '')
    const lines = stderr.trim().split('\n')
    assert.is(lines.length, 1, stderr)
    assert.match(lines[0]!, /the scenario own, step patch: the API server would refuse the change/)
    assert.match(lines[0]!, words)
    assert.is(existsSync(out), false)
    const after = await cluster.admin.get(resources.emqxEnterprises, 'default', cluster.name)
    assert.is(after.metadata.generation, before.metadata.generation)
  })

test.run()
