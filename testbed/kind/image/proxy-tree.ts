import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from '../../images/tar.ts'

const PROGRAMS = ['usr/sbin/xtables-nft-multi', 'usr/sbin/conntrack', 'usr/sbin/nft']
/** What kube-proxy calls: all of them are one program. */
const NAMES = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`])
const EXTENSION = /^lib(xt|ipt|ip6t|ebt|arpt)_.*\.so$/

/**
 * The packet filter's tools of a Debian tree, with every library that they and their extensions load. Without an extension's library
 * iptables-restore fails on some rules only, and Services lead to one pod for ever.
 */
export function treeOf(rootfs: string): Entry[] {
  const extensions = extensionsIn(rootfs)
  const files = [...PROGRAMS.filter((path) => existsSync(join(rootfs, path))), ...extensions]
  const libraries = new Set(files.flatMap((path) => librariesOf(rootfs, path)))
  return [
    ...['bin', 'sbin', 'lib', 'lib64'].map((name) => ({ path: name, mode: 0o777, link: `usr/${name}` })),
    ...NAMES.map((name) => ({ path: `usr/sbin/${name}`, mode: 0o777, link: 'xtables-nft-multi' })),
    ...[...files, ...libraries].map((path) => copied(rootfs, path)),
    ...['run', 'var/lib', 'etc'].map((path) => ({ path, mode: 0o755 })),
  ]
}

function extensionsIn(rootfs: string): string[] {
  const libraries = join(rootfs, 'usr/lib')
  return readdirSync(libraries).flatMap((triplet) => {
    const folder = join(libraries, triplet, 'xtables')
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => EXTENSION.test(name))
      .map((name) => `usr/lib/${triplet}/xtables/${name}`)
  })
}

/** Paths in the tree, with the folders as they are and not as links name them: /lib is /usr/lib. */
function librariesOf(rootfs: string, path: string): string[] {
  const { stdout } = spawnSync('chroot', [rootfs, 'ldd', `/${path}`], { encoding: 'utf8' })
  return stdout.split('\n').flatMap((line) => {
    const found = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1]
    return found === undefined ? [] : [found.slice(1).replace(/^(lib|lib64)\//, 'usr/$1/')]
  })
}

function copied(rootfs: string, path: string): Entry {
  return { path, mode: 0o755, content: readFileSync(realInside(rootfs, path)) }
}

/** An absolute link of the tree is one within the tree. */
function realInside(rootfs: string, path: string): string {
  const real = realpathSync(join(rootfs, path))
  return real.startsWith(rootfs) ? real : join(rootfs, real)
}
