/** weir ops … --dry-run --json: the plan for programs, by its schema, and nothing is written. */
import { readFile, writeFile } from 'node:fs/promises'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PLAN_SCHEMA, type PlanDocument } from '#weir/cli/own-cluster/plan-document.ts'
import { listOf } from '../../cluster/api-server.ts'
import { weir } from '../weir.ts'
import { cannedCluster, EMQX, EMQXES, json, MAY_I, settledEmqx, WHO_AM_I } from './canned-cluster.ts'

const isPlan = new Ajv({ allErrors: true }).compile(PLAN_SCHEMA)

async function planned(args: string[], resource: object = settledEmqx()) {
  return cannedCluster(
    { answers: { [EMQX]: json(resource), [EMQXES]: listOf(resource) } },
    async ({ kubeconfig, requests }) => {
      const ran = await weir(['ops', ...args, '--kubeconfig', kubeconfig, '--dry-run', '--json'])
      const written = requests.filter(
        ({ method, path }) => method !== 'GET' && ![WHO_AM_I, MAY_I].includes(path),
      )
      assert.equal(written, [], 'nothing is changed')
      return ran
    },
  )
}

async function documentOf(args: string[]): Promise<PlanDocument> {
  const { code, stdout, stderr } = await planned(args)
  assert.is(code, 0, stderr)
  assert.not.match(stderr, 'on your own cluster')
  const plan = JSON.parse(stdout) as PlanDocument
  assert.ok(isPlan(plan), JSON.stringify(isPlan.errors))
  return plan
}

test('the user and the password in the URL of a server are not printed', async () => {
  await cannedCluster({ answers: { [EMQX]: json(settledEmqx()) } }, async ({ kubeconfig }) => {
    const text = await readFile(kubeconfig, 'utf8')
    await writeFile(kubeconfig, text.replace('http://', 'http://someone:hunter2@'))
    for (const json of [['--json'], []]) {
      const asked = ['ops', 'upgrade', '5.8.9', '--kubeconfig', kubeconfig, '--dry-run', ...json]
      const { code, stdout, stderr } = await weir(asked)
      assert.is(code, 0, stderr)
      assert.match(stdout + stderr, /:\/\/127\.0\.0\.1:\d+/)
      assert.not.match(stdout + stderr, /someone|hunter2/)
    }
  })
})

test('an upgrade: from, to, and the patch', async () => {
  const plan = await documentOf(['upgrade', '5.8.9'])
  assert.equal(plan.emqx, { from: '5.8.6', to: '5.8.9' })
  assert.is(plan.scenario, 'ops-upgrade')
  assert.ok(plan.actions.includes('upgrade'))
  assert.match(JSON.stringify(plan.changes.map(({ patch }) => patch)), '5.8.9')
  assert.is(plan.changes[0]?.of, `${plan.resource.kind} ${plan.resource.namespace}/${plan.resource.name}`)
  assert.ok(plan.assertions.length > 0)
  assert.ok(plan.expectedSeconds > 0)
})

test('other operations have the same shape', async () => {
  const scaled = await documentOf(['scale', '4'])
  assert.equal([scaled.emqx.from, scaled.emqx.to], ['5.8.6', '5.8.6'])
  assert.match(JSON.stringify(scaled.changes), '"replicas":4')
  assert.ok((await documentOf(['stop'])).actions.includes('stop'))
})

test('the schema refuses what it does not have', async () => {
  const plan = await documentOf(['stop'])
  assert.not.ok(isPlan({ ...plan, more: 1 }))
  assert.not.ok(isPlan({ ...plan, clients: -1 }))
})

test('a guard that refuses is one line, and no document', async () => {
  const { code, stdout, stderr } = await planned(['scale', '9'])
  assert.is(code, 6)
  assert.is(stdout, '')
  assert.match(stderr, /^weir: [^\n]+\n$/)
})

test.run()
