/** A kind cluster of the user's: a run on it, what that leaves, and a run with another operator. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { binaryIn, cacheDir } from '#weir/testbed/control-plane/build/cache.ts'
import { kubernetesVersion, readModules } from '#weir/testbed/control-plane/build/modules.ts'
import { MODULES, removeModules } from '#weir/testbed/kind/cluster/modules-folder.ts'
import { startOwnEngine } from '#weir/testbed/kind/engine.ts'
import { nodeImage } from '#weir/testbed/kind/image/node-image.ts'
import { kindHome } from '#weir/testbed/kind/paths.ts'
import { runFit, weir } from '../weir.ts'
import { type Counts, countRun } from './counts.ts'

const NAME = 'weir-acceptance'
const NODE = `${NAME}-control-plane`
const ON_IT = ['--testbed', 'kind', '--adopt', NAME, '--set', 'fleet.clients=100']

export async function adopted(counts: Counts): Promise<void> {
  const hadModules = existsSync(MODULES)
  const { env, release } = await startOwnEngine(kindHome())
  const dir = mkdtempSync(join(tmpdir(), 'weir-acceptance-adopt-'))
  const docker = (...args: string[]) => spawnSync('docker', args, { env, encoding: 'utf8' })
  const kind = (...args: string[]) => {
    const program = binaryIn(cacheDir(kubernetesVersion(readModules())), 'kind')
    const { status, stderr } = spawnSync(program, args, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`kind ${args.join(' ')}: ${stderr}`)
  }
  const config = join(dir, 'kind.yaml')
  const text = stringify({
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    kind: 'Cluster',
    networking: { disableDefaultCNI: true },
    nodes: [{ role: 'control-plane', image: nodeImage() }],
  })
  writeFileSync(config, text)
  const daemon = process.env.DOCKER_HOST
  try {
    const kubeconfig = join(dir, 'kubeconfig')
    kind(
      'create',
      'cluster',
      '--name',
      NAME,
      '--config',
      config,
      '--kubeconfig',
      kubeconfig,
      '--wait',
      '180s',
    )
    // As the user of the cluster has it.
    process.env.DOCKER_HOST = env.DOCKER_HOST
    const scenario = ['blue-green-v5-quick', ...ON_IT]
    await runFit(scenario, (run) =>
      countRun(run, scenario.join(' '), counts, ({ verdict }) => verdict.outcome !== 'fail'),
    )
    const images = docker('exec', NODE, 'ctr', '--namespace', 'k8s.io', 'images', 'ls', '--quiet').stdout
    const emqx = images.split('\n').filter((image) => image.includes('/emqx/'))
    if (emqx.length > 0 && emqx.every((image) => image.startsWith('weir.invalid/'))) counts.pass++
    else counts.wrong.push(`images in the node of an adopted cluster: ${emqx.join(', ')}`)
    const other = await weir(['run', 'blue-green-quick', ...ON_IT])
    const says = /has the emulated operator 2\.2\.29 of an earlier run, and this one is of .*\[WEIR_KIND\]/
    if (other.code === 4 && says.test(other.stderr)) counts.pass++
    else counts.wrong.push(`another operator: exit ${other.code}: ${other.stderr}`)
    if (docker('inspect', '--format', '{{.State.Running}}', NODE).stdout === 'true\n') counts.pass++
    else counts.wrong.push('the adopted cluster is gone')
  } finally {
    if (daemon === undefined) delete process.env.DOCKER_HOST
    else process.env.DOCKER_HOST = daemon
    kind('delete', 'cluster', '--name', NAME)
    docker('network', 'rm', 'kind')
    for (const path of [dir, join(kindHome(), `adopted-${NAME}.json`)])
      rmSync(path, { recursive: true, force: true })
    if (!hadModules) removeModules()
    await release()
  }
}
