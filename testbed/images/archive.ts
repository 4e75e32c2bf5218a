import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Entry, writeTar } from './tar.ts'

/** What runs in an image, in the words of its configuration (OCI image-spec, config.md). */
export interface ImageConfig {
  User?: string
  Env?: string[]
  Entrypoint?: string[]
  Cmd?: string[]
  WorkingDir?: string
  Labels?: Record<string, string>
}

export interface Images {
  /** The files of the one layer that they share; see inFolders(). */
  entries: Iterable<Entry>
  createdBy: string
  /** RFC 3339; without it the beginning of Unix time. */
  created?: string | undefined
  images: readonly { tags: readonly string[]; config: ImageConfig }[]
}

const EPOCH = '1970-01-01T00:00:00Z'
const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Writes images of one layer as `docker load`, `kind load image-archive` and containerd take them, without a registry and without a
 * container engine. The same input gives the same bytes. Returns the digest of each.
 */
export function writeImages(file: string, { entries, images, createdBy, created = EPOCH }: Images): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'weir-image-'))
  try {
    const layer = join(folder, 'layer.tar')
    const layerDigest = writeTar(layer, entries)
    const described = images.map(({ tags, config }) => {
      const content = Buffer.from(
        JSON.stringify({
          architecture: ARCHITECTURES[process.arch] ?? process.arch,
          os: 'linux',
          created,
          config,
          rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
          history: [{ created, created_by: createdBy }],
        }),
      )
      return { tags, content, digest: createHash('sha256').update(content).digest('hex') }
    })
    const layers = [`${layerDigest}/layer.tar`]
    const manifest = described.map(({ tags, digest }) => ({
      Config: `${digest}.json`,
      RepoTags: tags,
      Layers: layers,
    }))
    mkdirSync(dirname(file), { recursive: true })
    writeTar(file, [
      ...described.map(({ digest, content }) => ({ path: `${digest}.json`, mode: 0o644, content })),
      { path: layerDigest, mode: 0o755 },
      { path: layers[0]!, mode: 0o644, from: layer },
      { path: 'manifest.json', mode: 0o644, content: Buffer.from(JSON.stringify(manifest)) },
    ])
    return described.map(({ digest }) => digest)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The entries in order, with the folders that they are in. Later entries of a path win. */
export function inFolders(entries: Iterable<Entry>): Entry[] {
  const all = new Map<string, Entry>()
  for (const entry of entries) all.set(entry.path, entry)
  for (const path of [...all.keys()])
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at)
      if (!all.has(folder)) all.set(folder, { path: folder, mode: 0o755 })
    }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}
