import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WeirError } from '#weir/errors/index.ts'
import { binaryIn } from '../../control-plane/build/cache.ts'
import { kubernetesVersion, readModules } from '../../control-plane/build/modules.ts'
import { run } from '../command.ts'
import { type Engine, engineId, startEngine } from '../engine.ts'
import { FILES, kindDir, kindHome, ownFile } from '../paths.ts'
import { inTurn } from '../turn.ts'
import { componentNames, componentOf, writeComponentImages } from './component-images.ts'
import { makeTree, TREE_RECIPE } from './debian.ts'
import { forget, hashOf, isDone, makeOnce, type Stage } from './stage.ts'

const PACKAGES = [
  'systemd',
  'containerd',
  'runc',
  'containernetworking-plugins',
  'iptables',
  'nftables',
  'conntrack',
  'ethtool',
  'iproute2',
  'mount',
  'kmod',
  'procps',
  'socat',
  'ca-certificates',
]
/** Units that belong to a machine, not to a container. */
const MASKED = [
  'systemd-logind.service',
  'systemd-modules-load.service',
  'systemd-sysctl.service',
  'systemd-random-seed.service',
  'systemd-machine-id-commit.service',
  'systemd-firstboot.service',
  'systemd-pstore.service',
  'systemd-update-utmp.service',
  'systemd-user-sessions.service',
  'systemd-journald-audit.socket',
  'getty.target',
  'remote-fs.target',
  'dpkg-db-backup.timer',
  'fstrim.timer',
  'dev-hugepages.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
]
const ENABLED = ['containerd.service', 'images.service', 'kubelet.service']

/** To be raised when the image is made otherwise of the same inputs. */
const RECIPE = '1'

/** Files of the node that are neither Debian's nor built, by path. */
function nodeFiles(): string[] {
  const root = fileURLToPath(ownFile('node'))
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

function stages(dir: string, engine: string): { rootfs: Stage; image: Stage & { tag: string } } {
  const modules = readModules()
  const version = kubernetesVersion(modules)
  const tree = hashOf(TREE_RECIPE, ...PACKAGES)
  const files = nodeFiles().flatMap((path) => [path, readFileSync(ownFile(`node/${path}`))])
  const own = hashOf(
    RECIPE,
    tree,
    modules.kubernetes.digest,
    modules.node.digest,
    ...files,
    ...MASKED,
    ...ENABLED,
  )
  const tag = `weir/kind-node:${version}-${own}`
  return {
    rootfs: { name: 'the tree of the node', key: tree, makes: join(dir, FILES.rootfs) },
    image: { name: 'the node image', key: `${tag} in ${engine}`, tag },
  }
}

/** The name of the image that fits this weir. */
export const nodeImage = (): string => stages('', '').image.tag

/** Whether nothing has to be made before a cluster can start, as far as files tell. */
export function isMade(dir: string = kindDir()): boolean {
  const { rootfs, image } = stages(dir, engineId(kindHome()))
  return isDone(dir, rootfs) && isDone(dir, image)
}

/**
 * Makes the image of a node in the engine, unless it was made: Debian, the programs of Kubernetes, and the images of its control plane,
 * which kind would otherwise pull. Throws WEIR_KIND.
 */
export async function makeNodeImage(programs: string, note: (line: string) => void): Promise<void> {
  const dir = kindDir()
  const log = join(dir, FILES.log)
  const { rootfs, image } = stages(dir, engineId(kindHome()))
  mkdirSync(dir, { recursive: true })
  await makeOnce(dir, rootfs, note, () => makeTree(join(dir, FILES.rootfs), PACKAGES, log))
  const importIt = async () => {
    const engine = await startEngine(kindHome())
    try {
      await importImage(engine, programs, image.tag, { dir, log })
    } finally {
      await engine.release()
    }
  }
  const waiting = { note: (line: string) => note(`weir: ${line}`) }
  await makeOnce(dir, image, note, () => inTurn(kindHome(), importIt, waiting))
}

/** Throws WEIR_KIND where docker has lost the image since; the next command makes it again then. */
export async function mustHaveNodeImage(engine: Engine): Promise<void> {
  const dir = kindDir()
  const { image } = stages(dir, '')
  try {
    await run('docker', ['image', 'inspect', image.tag], { env: engine.env, what: 'the image is gone' })
  } catch (cause) {
    forget(dir, image)
    const message = `docker has no image ${image.tag} any more: run the command again, which makes it`
    throw new WeirError('WEIR_KIND', message, { cause })
  }
}

async function importImage(
  engine: Engine,
  programs: string,
  tag: string,
  { dir, log }: { dir: string; log: string },
): Promise<void> {
  const rootfs = join(dir, FILES.rootfs)
  const overlay = join(dir, FILES.overlay)
  rmSync(overlay, { recursive: true, force: true })
  const version = kubernetesVersion(readModules())
  const images = componentNames(programs, version)
  writeComponentImages(images, { programs, rootfs, folder: join(overlay, 'kind', FILES.images) })
  for (const name of ['kubelet', 'kubeadm', 'kubectl'] as const)
    place(binaryIn(programs, name), join(overlay, 'usr/bin', name))
  for (const path of nodeFiles()) {
    const target = join(overlay, path)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(ownFile(`node/${path}`), target)
    chmodSync(target, path.startsWith('usr/') ? 0o755 : 0o644)
  }
  const pause = images.find((name) => componentOf(name) === 'pause')!
  const config = join(overlay, 'etc/containerd/config.toml')
  writeFileSync(config, readFileSync(config, 'utf8').replace('PAUSE_IMAGE', pause))
  writeFileSync(join(overlay, 'etc/containerd/base-spec.json'), containerSpec(rootfs))
  writeFileSync(join(overlay, 'kind/version'), version)
  for (const folder of ['etc/kubernetes/manifests', 'etc/cni/net.d'])
    mkdirSync(join(overlay, folder), { recursive: true })
  linkUnits(overlay)
  const what = 'the node image cannot be made'
  const whole = join(dir, FILES.tree)
  rmSync(whole, { recursive: true, force: true })
  // docker takes no archive with two files of one path, so one tree is made of both.
  await run('cp', ['--archive', '--link', rootfs, whole], { log, what })
  await run('cp', ['--archive', '--link', '--remove-destination', `${overlay}/.`, whole], { log, what })
  const tar = spawn('tar', ['-c', '-C', whole, '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const args = ['import', '--change', 'ENTRYPOINT ["/usr/local/bin/entrypoint"]', '-', tag]
  // docker takes what tar has written for whole, also where tar could not read everything.
  const packed = once(tar, 'close') as Promise<[number | null]>
  packed.catch(() => undefined)
  await run('docker', args, { env: engine.env, log, input: tar.stdout, what })
  const [code] = await packed.catch((error: Error) => [error.message])
  if (code !== 0) throw new WeirError('WEIR_KIND', `${what}: tar ended with ${code}`)
  for (const folder of [overlay, whole]) rmSync(folder, { recursive: true, force: true })
}

/** A second name costs no disk, where both are on one. */
function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

/** containerd's own, without limits on open files and the like: those of the node hold. */
function containerSpec(rootfs: string): string {
  const spec = JSON.parse(execFileSync('chroot', [rootfs, 'ctr', 'oci', 'spec'], { encoding: 'utf8' })) as {
    process: { rlimits?: unknown }
  }
  delete spec.process.rlimits
  return JSON.stringify(spec)
}

function linkUnits(overlay: string): void {
  const units = join(overlay, 'etc/systemd/system')
  const wanted = join(units, 'multi-user.target.wants')
  mkdirSync(wanted, { recursive: true })
  for (const name of ENABLED) {
    const own = nodeFiles().includes(`etc/systemd/system/${name}`)
    symlinkSync(own ? `/etc/systemd/system/${name}` : `/lib/systemd/system/${name}`, join(wanted, name))
  }
  for (const name of MASKED) symlinkSync('/dev/null', join(units, name))
}
