import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import { binaryIn, type ProgramName } from '../../control-plane/build/cache.ts'
import { type Images, inFolders, writeImages } from '../../images/archive.ts'
import { treeOf } from './proxy-tree.ts'

/** The images of a node's control plane, by the names that kubeadm gives them, e.g. "registry.k8s.io/etcd:3.6.5-0". */
export function componentNames(programs: string, version: string): string[] {
  const { stdout, stderr, status } = spawnSync(
    binaryIn(programs, 'kubeadm'),
    ['config', 'images', 'list', '--kubernetes-version', version],
    { encoding: 'utf8' },
  )
  if (status !== 0)
    throw new WeirError('WEIR_KIND', `kubeadm does not name its images: ${stderr.trim().split('\n').at(-1)}`)
  return stdout.trim().split('\n')
}

/** "etcd" of "registry.k8s.io/etcd:3.6.5-0". */
export const componentOf = (image: string): string =>
  image
    .replace(/:[^:]*$/, '')
    .split('/')
    .at(-1)!

/** Writes one archive for each of these images: each has one program that was built, and kube-proxy the tools that it runs. */
export function writeComponentImages(
  images: readonly string[],
  { programs, rootfs, folder }: { programs: string; rootfs: string; folder: string },
): void {
  for (const image of images) {
    const name = componentOf(image) as ProgramName
    writeImages(join(folder, `${name}.tar`), imageOf(image, name, binaryIn(programs, name), rootfs))
  }
}

function imageOf(image: string, name: ProgramName, program: string, rootfs: string): Images {
  // Manifests of kubeadm name the programs by their names alone, but for CoreDNS and pause.
  const isEntrypoint = name === 'coredns' || name === 'pause'
  const path = isEntrypoint ? name : `usr/local/bin/${name}`
  const tools = name === 'kube-proxy' ? treeOf(rootfs) : []
  return {
    entries: inFolders([...tools, { path, mode: 0o755, from: program }, { path: 'tmp', mode: 0o1777 }]),
    images: [
      {
        tags: [image],
        config: {
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
          ...(isEntrypoint && { Entrypoint: [`/${name}`] }),
          WorkingDir: '/',
        },
      },
    ],
    createdBy: 'weir: testbed kind',
  }
}
