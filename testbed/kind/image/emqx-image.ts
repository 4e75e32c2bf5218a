import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Images, inFolders, writeImages } from '../../images/archive.ts'
import type { Entry } from '../../images/tar.ts'
import { emulatedImages, isEmqx5 } from '../../kubelet/image.ts'
import { checkInstallation } from '../../programs/emqx-image.ts'
import type { EmqxInstallation } from '../../types.ts'
import { FILES, kindDir } from '../paths.ts'
import { makeTree, TREE_RECIPE } from './debian.ts'
import type { Naming } from './own-names.ts'
import { hashOf, makeOnce, type Stage } from './stage.ts'

/** The user of EMQX's own image, as which operators run its pods. */
const USER = 1000
const HOME = 'opt/emqx'
/** What a node writes to. */
const WRITABLE = ['etc', 'data', 'log']
/** What a release calls, and the Erlang of Debian for installations that bring none. */
const PACKAGES = ['libssl3', 'libncurses6', 'libstdc++6', 'procps', 'ca-certificates']
const ERLANG = [
  'erlang-base',
  'erlang-asn1',
  'erlang-crypto',
  'erlang-eldap',
  'erlang-ftp',
  'erlang-inets',
  'erlang-mnesia',
  'erlang-os-mon',
  'erlang-parsetools',
  'erlang-public-key',
  'erlang-runtime-tools',
  'erlang-snmp',
  'erlang-ssl',
  'erlang-syntax-tools',
  'erlang-tftp',
  'erlang-tools',
  'erlang-xmerl',
]

/** Whether it is a release with an Erlang of its own. */
const bringsErlang = ({ dir }: EmqxInstallation): boolean =>
  readdirSync(dir).some((name) => name.startsWith('erts-'))

function treeOf(installation: EmqxInstallation): Stage & { packages: string[]; makes: string } {
  const own = bringsErlang(installation)
  const packages = own ? PACKAGES : [...PACKAGES, ...ERLANG]
  const name = own ? 'the tree of EMQX' : 'the tree of EMQX with Erlang'
  const makes = join(kindDir(), own ? FILES.emqxTree : FILES.erlangTree)
  return { name, key: hashOf(TREE_RECIPE, ...packages), packages, makes }
}

/** Makes the Debian that an installation runs on, once. Throws WEIR_EMQX where it is no installation, and WEIR_KIND. */
export async function prepareInstallation(
  installation: EmqxInstallation,
  note: (line: string) => void,
): Promise<void> {
  checkInstallation(installation.dir)
  const tree = treeOf(installation)
  const dir = kindDir()
  await makeOnce(dir, tree, note, () => makeTree(tree.makes, tree.packages, join(dir, FILES.log)))
}

/** The EMQX 5 releases that an installation stands for, as images. */
export function imagesOf({ version }: EmqxInstallation): string[] {
  const images = emulatedImages().filter((image) => isEmqx5(image, version))
  return images.length > 0 || version === undefined ? images : [`docker.io/emqx/emqx-enterprise:${version}`]
}

/** Writes an archive with an installation as the image of the EMQX 5 releases that it stands for. */
export function writeInstallation(file: string, installation: EmqxInstallation, naming: Naming): void {
  const { dir } = installation
  writeImages(file, {
    entries: inFolders([
      ...filesBelow(treeOf(installation).makes, ''),
      ...filesBelow(dir, HOME),
      ...WRITABLE.map((name) => ({ path: `${HOME}/${name}`, mode: 0o755, owner: USER })),
      { path: ENTRYPOINT, mode: 0o755, content: Buffer.from(SCRIPT) },
      { path: 'etc/passwd', mode: 0o644, content: Buffer.from(PASSWD) },
    ]),
    images: imagesOf(installation).map((image) => imageOf(naming(image))),
    createdBy: 'weir: testbed kind',
  })
}

const imageOf = (tag: string): Images['images'][number] => ({
  tags: [tag],
  config: {
    User: String(USER),
    // A build that plays several releases says which it is by this.
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `WEIR_IMAGE_VERSION=${tag.split(':').at(-1)}`,
    ],
    Entrypoint: [`/${ENTRYPOINT}`],
    Cmd: [`/${HOME}/bin/emqx`, 'foreground'],
    WorkingDir: `/${HOME}`,
  },
})

const PASSWD = `root:x:0:0:root:/root:/bin/sh\nemqx:x:${USER}:${USER}::/${HOME}:/bin/bash\n`
const ENTRYPOINT = 'usr/bin/emqx-entrypoint'
/** EMQX's own image makes the name of its node so too (docs/contract/operator.md). */
const SCRIPT = `#!/bin/bash
# Names the node as the operator's variables say, and runs it.
set -eu
name=\${EMQX_NODE__NAME:-\${EMQX_NODE_NAME:-emqx}}
case $name in
  *@*) ;;
  *) name=$name@\${EMQX_HOST:-$(hostname --fqdn)} ;;
esac
export EMQX_NODE__NAME=$name
unset EMQX_NODE_NAME
exec "$@"
`

/** Entries of a folder's files and links, below `prefix`; what a node writes to is its own. */
function filesBelow(root: string, prefix: string): Entry[] {
  const found: Entry[] = []
  const walk = (path: string): void => {
    const at = join(root, path)
    const stat = lstatSync(at)
    const target = [prefix, path].filter((part) => part !== '').join('/')
    const owner = WRITABLE.some((name) => target.startsWith(`${HOME}/${name}/`)) ? USER : 0
    if (stat.isDirectory()) {
      if (target !== '') found.push({ path: target, mode: stat.mode & 0o7777, owner })
      for (const name of readdirSync(at).sort()) walk(path === '' ? name : `${path}/${name}`)
    } else if (stat.isSymbolicLink()) found.push({ path: target, mode: 0o777, link: readlinkSync(at) })
    else if (stat.isFile()) found.push({ path: target, mode: stat.mode & 0o7777, from: at, owner })
  }
  if (existsSync(root)) walk('')
  return found
}
