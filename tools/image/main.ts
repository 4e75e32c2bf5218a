/**
 * Makes an image of weir without a registry and without a container engine: one layer, from nothing but this machine's Node, its
 * libraries, and node_modules. The same inputs give the same bytes. `docker load` and `kind load image-archive` take it.
 *
 *     npm run image [-- FILE]
 */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile, weirVersion } from '#weir/errors/index.ts'
import { writeTar } from './tar.ts'
import { imageTree, NODE, RESULTS, USER } from './tree.ts'

const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

function makeImage(file: string): { digest: string; tags: string[] } {
  const root = fileURLToPath(packageFile('.'))
  const folder = mkdtempSync(join(tmpdir(), 'weir-image-'))
  try {
    const layer = join(folder, 'layer.tar')
    const layerDigest = writeTar(layer, imageTree(root))
    const config = Buffer.from(JSON.stringify(configOf(layerDigest)))
    const digest = createHash('sha256').update(config).digest('hex')
    const tags = [`weir:${weirVersion()}`, 'weir:latest']
    const manifest = [{ Config: `${digest}.json`, RepoTags: tags, Layers: [`${layerDigest}/layer.tar`] }]
    mkdirSync(dirname(file), { recursive: true })
    writeTar(file, [
      { path: `${digest}.json`, mode: 0o644, content: config },
      { path: layerDigest, mode: 0o755 },
      { path: `${layerDigest}/layer.tar`, mode: 0o644, content: readFileSync(layer) },
      { path: 'manifest.json', mode: 0o644, content: Buffer.from(JSON.stringify(manifest)) },
    ])
    return { digest, tags }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An image configuration (OCI image-spec, config.md). */
const configOf = (layerDigest: string) => ({
  architecture: ARCHITECTURES[process.arch] ?? process.arch,
  os: 'linux',
  created: '1970-01-01T00:00:00Z',
  config: {
    User: `${USER}:${USER}`,
    Env: ['PATH=/usr/local/bin', `HOME=/${RESULTS}`],
    Entrypoint: [`/${NODE}`, '/weir/cli/weir.mjs'],
    WorkingDir: `/${RESULTS}`,
    Labels: { 'org.opencontainers.image.version': weirVersion() },
  },
  rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
  history: [{ created: '1970-01-01T00:00:00Z', created_by: 'weir: npm run image' }],
})

const file = resolve(process.argv[2] ?? 'runs/weir-image.tar')
const { digest, tags } = makeImage(file)
console.log(`${file}: ${tags.join(', ')} (sha256:${digest})
docker load --input ${file}
kind load image-archive ${file}`)
