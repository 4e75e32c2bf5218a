import { existsSync, renameSync } from 'node:fs'
import { run } from '../command.ts'

const SUITE = 'bookworm'
const MIRRORS = [
  `deb http://deb.debian.org/debian ${SUITE} main`,
  `deb http://deb.debian.org/debian ${SUITE}-updates main`,
  `deb http://deb.debian.org/debian-security ${SUITE}-security main`,
]
/** Nothing reads them in a container. */
const LEFT_OUT = ['doc', 'man', 'locale', 'info']

/** What the key of a tree is made of, beside its packages. */
export const TREE_RECIPE = [SUITE, ...MIRRORS, ...LEFT_OUT].join('\n')

/**
 * Makes a minimal Debian in a folder, with these packages, from Debian's mirror. One that is broken off leaves no folder of that name.
 * Throws WEIR_KIND.
 */
export async function makeTree(folder: string, packages: readonly string[], log: string): Promise<void> {
  const building = `${folder}.unfinished`
  const what = `a Debian ${SUITE} cannot be made in ${folder}`
  // One that was killed may have had parts of this machine mounted in it.
  await run('rm', ['--recursive', '--force', '--one-file-system', building, folder], { log, what })
  const args = [
    '--mode=root',
    '--variant=essential',
    `--include=${packages.join(',')}`,
    ...LEFT_OUT.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    SUITE,
    building,
    ...MIRRORS,
  ]
  await run('mmdebstrap', args, { log, what })
  if (!existsSync(`${building}/usr`)) throw new Error(`mmdebstrap left nothing in ${building}`)
  renameSync(building, folder)
}
