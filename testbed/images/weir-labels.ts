import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryUrl, usageError } from '#weir/errors/index.ts'

/** What an image says of itself, by the keys of the OCI image specification (annotations.md). */
export type ImageLabels = Record<`org.opencontainers.image.${string}`, string>

interface Described {
  labels: ImageLabels
  /** RFC 3339. Undefined where neither SOURCE_DATE_EPOCH nor a commit says so. */
  created: string | undefined
}

/**
 * The labels of the image of the weir in `root`. What only a commit says, and a folder without one does not, is left out. Its revision ends in
 * `-dirty` where files differ from it. Throws WEIR_USAGE for a SOURCE_DATE_EPOCH that is no time
 * (https://reproducible-builds.org/specs/source-date-epoch).
 */
export function describeWeir(root: string, { SOURCE_DATE_EPOCH: epoch }: NodeJS.ProcessEnv): Described {
  const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const revision = revisionOf(root)
  const seconds = epoch === undefined ? git(root, ['log', '-1', '--format=%ct']) : epoch
  const created = seconds === undefined ? undefined : dateOf(seconds)
  const labels: ImageLabels = {
    'org.opencontainers.image.title': 'weir',
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.source': repositoryUrl(),
    'org.opencontainers.image.licenses': license,
    ...(revision !== undefined && { 'org.opencontainers.image.revision': revision }),
    ...(created !== undefined && { 'org.opencontainers.image.created': created }),
  }
  return { labels, created }
}

/** The tags of a version: it, its minor release, and the newest. */
export function tagsOf(version: string): string[] {
  const [, minor] = /^(\d+\.\d+)\.\d+$/.exec(version) ?? []
  // A pre-release is none of its minor release, and not the newest.
  return minor === undefined ? [`weir:${version}`] : [`weir:${version}`, `weir:${minor}`, 'weir:latest']
}

/** What `docker build` needs for the same labels and tags with deploy/Dockerfile. */
export function buildFlags(root: string, env: NodeJS.ProcessEnv): string[] {
  const { labels, created } = describeWeir(root, env)
  const revision = labels['org.opencontainers.image.revision']
  return [
    ...tagsOf(labels['org.opencontainers.image.version']!).flatMap((tag) => ['--tag', tag]),
    ...(revision === undefined ? [] : ['--build-arg', `REVISION=${revision}`]),
    ...(created === undefined ? [] : ['--build-arg', `CREATED=${created}`]),
  ]
}

function revisionOf(root: string): string | undefined {
  const commit = git(root, ['rev-parse', 'HEAD'])
  if (commit === undefined) return undefined
  return git(root, ['status', '--porcelain', '--untracked-files=no']) ? `${commit}-dirty` : commit
}

function dateOf(seconds: string): string {
  const date = new Date(Number(seconds) * 1000)
  if (!/^\d+$/.test(seconds) || Number.isNaN(date.getTime()))
    throw usageError(`SOURCE_DATE_EPOCH is "${seconds}" but must be seconds since 1970`)
  return date.toISOString().replace('.000Z', 'Z')
}

/** Undefined where the folder is no checkout of its own, or git is not installed. */
function git(root: string, args: string[]): string | undefined {
  try {
    // A checkout that only contains the folder, as that of a project with weir in node_modules, says nothing of weir.
    const inRoot = (more: string[]) =>
      execFileSync('git', ['-C', root, ...more], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    return inRoot(['rev-parse', '--show-prefix']) === '' ? inRoot(args) : undefined
  } catch {
    return undefined
  }
}
