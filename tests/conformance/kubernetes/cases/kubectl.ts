import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type Cases, configMap, type World } from '../world.ts'
import { podSpec } from './pods.ts'

interface Printed {
  code: number
  stdout: string
  stderr: string
}

/** Runs kubectl in the case's namespace, with a home of its own for what it keeps. `input` comes by `-f -`. */
async function withKubectl(
  { server, namespace }: World,
  use: (kubectl: (args: string[], input?: object) => Promise<Printed>) => Promise<void>,
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'weir-kubectl-'))
  const env = { ...process.env, HOME: home, KUBECONFIG: server.kubeconfig }
  const kubectl = (args: string[], input?: object) =>
    new Promise<Printed>((resolve) => {
      const child = execFile(
        'kubectl',
        ['--namespace', namespace, ...args],
        { env },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      )
      child.stdin?.end(input === undefined ? undefined : JSON.stringify(input))
    })
  try {
    await use(kubectl)
  } finally {
    rmSync(home, { recursive: true })
  }
}

const APPLY = ['apply', '-f', '-']
const SERVER_SIDE = [...APPLY, '--server-side']

/** What kubectl does with the server, where kubectl is installed. */
export const kubectlCases: Cases = {
  'kubectl apply makes, changes and removes what it applied before': (world) =>
    withKubectl(world, async (kubectl) => {
      const made = await kubectl(APPLY, configMap('one', { a: '1', b: '2' }))
      assert.is(made.stdout, 'configmap/one created\n', made.stderr)
      await world.patch(world.path('configmaps', 'one'), { data: { other: 'kept' } })
      const changed = await kubectl(APPLY, configMap('one', { a: '3' }))
      assert.is(changed.stdout, 'configmap/one configured\n', changed.stderr)
      assert.equal((await world.read(world.path('configmaps', 'one'))).data, { a: '3', other: 'kept' })
      assert.is((await kubectl(APPLY, configMap('one', { a: '3' }))).stdout, 'configmap/one unchanged\n')
    }),

  'kubectl apply merges lists by their keys': (world) =>
    withKubectl(world, async (kubectl) => {
      const set = (spec: object) => ({
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'web' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec },
        },
      })
      const [container] = podSpec().containers
      const made = await kubectl(APPLY, set({ containers: [container, { name: 'more', image: 'image:1' }] }))
      assert.is(made.stdout, 'replicaset.apps/web created\n', made.stderr)
      await kubectl(APPLY, set({ containers: [{ ...container, image: 'image:2' }] }))
      const { spec } = await world.read(world.path('apps/v1/replicasets', 'web'))
      assert.equal(
        spec.template.spec.containers.map(({ name, image }: { name: string; image: string }) => [
          name,
          image,
        ]),
        [['main', 'image:2']],
      )
    }),

  'kubectl apply --server-side names the manager whose field it is': (world) =>
    withKubectl(world, async (kubectl) => {
      const made = await kubectl(SERVER_SIDE, configMap('one', { a: '1' }))
      assert.match(made.stdout, /^configmap\/one serverside-applied$/m, made.stderr)
      const other = await kubectl([...SERVER_SIDE, '--field-manager', 'other'], configMap('one', { a: '2' }))
      assert.is(other.code, 1)
      assert.match(
        other.stderr,
        /Apply failed with 1 conflict: conflict with "kubectl"(?: using v1)?: \.data\.a/,
      )
      const forced = await kubectl(
        [...SERVER_SIDE, '--field-manager', 'other', '--force-conflicts'],
        configMap('one', { a: '2' }),
      )
      assert.is(forced.code, 0, forced.stderr)
    }),

  'kubectl gets, labels, scales, and deletes': (world) =>
    withKubectl(world, async (kubectl) => {
      const set = {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'web' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: podSpec() },
        },
      }
      assert.is((await kubectl(APPLY, set)).code, 0)
      assert.match(
        (await kubectl(['get', 'replicaset'])).stdout,
        /^NAME +DESIRED +CURRENT +READY +AGE\nweb +0 +0 +0 +\d+s\n$/,
      )
      assert.is(
        (await kubectl(['label', 'replicaset', 'web', 'x=y'])).stdout,
        'replicaset.apps/web labeled\n',
      )
      assert.is(
        (await kubectl(['scale', 'replicaset', 'web', '--replicas=1'])).stdout,
        'replicaset.apps/web scaled\n',
      )
      assert.is((await kubectl(['auth', 'can-i', 'delete', 'pods'])).stdout, 'yes\n')
      const gone = await kubectl(['delete', 'replicaset', 'web'])
      assert.match(gone.stdout, /^replicaset\.apps "web" deleted/)
      const missing = await kubectl(['get', 'replicaset', 'web'])
      assert.is(missing.stderr, 'Error from server (NotFound): replicasets.apps "web" not found\n')
    }),

  'kubectl waits, and a dry run of the server changes nothing': (world) =>
    withKubectl(world, async (kubectl) => {
      const dry = await kubectl([...APPLY, '--dry-run=server'], configMap('one', { a: '1' }))
      assert.is(dry.stdout, 'configmap/one created (server dry run)\n', dry.stderr)
      assert.is((await world.get(world.path('configmaps', 'one'))).status, 404)
      await world.create('configmaps', configMap('one', {}, { finalizers: ['example.com/wait'] }))
      const deleted = kubectl(['delete', 'configmap', 'one', '--timeout=60s'])
      await world.eventually(
        'the deletion',
        async () => (await world.read(world.path('configmaps', 'one'))).metadata.deletionTimestamp,
      )
      await world.patch(world.path('configmaps', 'one'), { metadata: { finalizers: null } })
      assert.is((await deleted).code, 0)
    }),
}
