import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile, WeirError, weirVersion } from '#weir/errors/index.ts'
import { inFolders, writeImages } from './archive.ts'
import type { Entry } from './tar.ts'
import { describeWeir, tagsOf } from './weir-labels.ts'

/** The user that weir runs as, and the folder that it writes to. */
const USER = 10_001
const RESULTS = 'results'
const NODE = 'usr/local/bin/node'

/**
 * Writes an archive with the image of this weir, tagged by its version and labelled. Returns the image's digest. Throws WEIR_USAGE where
 * weir is an installed package, which does not say what it needs of those beside it.
 */
export function writeWeirImage(file: string, createdBy: string): { digest: string; tags: string[] } {
  const root = fileURLToPath(packageFile('.'))
  const tags = tagsOf(weirVersion())
  const { labels, created } = describeWeir(root, process.env)
  const config = {
    User: `${USER}:${USER}`,
    Env: ['PATH=/usr/local/bin', `HOME=/${RESULTS}`],
    Entrypoint: [`/${NODE}`, '/weir/cli/weir.mjs'],
    WorkingDir: `/${RESULTS}`,
    Labels: labels,
  }
  const entries = imageTree(root)
  const [digest = ''] = writeImages(file, { entries, images: [{ tags, config }], createdBy, created })
  return { digest, tags }
}

/** Of packages: what no program reads. */
const UNREAD = /\.(map|ts|mts|cts|markdown)$/
const OWN = /^(cli\/[^/]+\.mjs|dist\/.*|scenarios\/[^/]+\.(yaml|json)|package\.json|LICENSE)$/
const NOT_OWN = /^dist\/(tests|tools)\/|^dist\/\.|\.(map|d\.ts)$/

/** The file system of the image: Node with the libraries that it needs, weir, and the packages that it needs. */
function imageTree(root: string): Entry[] {
  const files = new Map<string, Entry>()
  const add = (path: string, from: string) => {
    const mode = statSync(from).mode & 0o111 ? 0o755 : 0o644
    files.set(path, { path, mode, from })
  }
  add(NODE, realpathSync(process.execPath))
  for (const library of librariesOf(process.execPath)) add(library.slice(1), realpathSync(library))
  for (const path of filesBelow(root, ['cli', 'dist', 'scenarios', 'package.json', 'LICENSE']))
    if (OWN.test(path) && !NOT_OWN.test(path)) add(`weir/${path}`, join(root, path))
  for (const folder of productionPackages(root))
    for (const path of filesBelow(join(root, folder), ['']))
      if (!UNREAD.test(path)) add(`weir/${folder}/${path}`, join(root, folder, path))
  for (const [path, text] of Object.entries(SYSTEM))
    files.set(path, { path, mode: 0o644, content: Buffer.from(text) })
  return inFolders([
    { path: 'tmp', mode: 0o1777 },
    { path: RESULTS, mode: 0o755, owner: USER },
    ...files.values(),
  ])
}

/** glibc looks here for users and for how names resolve. */
const SYSTEM = {
  'etc/passwd': `root:x:0:0::/:\nweir:x:${USER}:${USER}::/${RESULTS}:\n`,
  'etc/group': `root:x:0:\nweir:x:${USER}:\n`,
  'etc/nsswitch.conf': 'hosts: files dns\n',
}

/** The shared libraries of a program, and its loader, as ldd(1) finds them. */
function librariesOf(program: string): string[] {
  const lines = execFileSync('ldd', [program], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? [])
}

/** Relative paths of the files below the folders; what packages bring of their own packages is listed with these. */
function filesBelow(root: string, starts: readonly string[]): string[] {
  const found: string[] = []
  const walk = (path: string) => {
    const at = join(root, path)
    if (!statSync(at).isDirectory()) return void found.push(path)
    for (const name of readdirSync(at).sort())
      if (name !== 'node_modules') walk(path === '' ? name : `${path}/${name}`)
  }
  for (const start of starts) walk(start)
  return found
}

/** The folders of the packages that weir needs to run, by package-lock.json. Optional ones of other systems are not there. */
function productionPackages(root: string): string[] {
  const lock = join(root, 'package-lock.json')
  if (!existsSync(lock))
    throw new WeirError(
      'WEIR_USAGE',
      'an image of weir can be made from a checkout only: name one that there is with --fleet-image',
    )
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  return Object.entries(packages).flatMap(([folder, { dev, devOptional }]) =>
    folder !== '' && !dev && !devOptional && existsSync(join(root, folder)) ? [folder] : [],
  )
}
