/**
 * Makes an image of weir without a registry and without a container engine: one layer, from nothing but this machine's Node, its
 * libraries, and node_modules. The same inputs give the same bytes. `docker load` and `kind load image-archive` take it.
 *
 *     npm run image [-- FILE]
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile, weirVersion } from '#weir/errors/index.ts'
import { writeImages } from '#weir/testbed/images/archive.ts'
import { imageTree, NODE, RESULTS, USER } from './tree.ts'

const file = resolve(process.argv[2] ?? 'runs/weir-image.tar')
const tags = [`weir:${weirVersion()}`, 'weir:latest']
const [digest] = writeImages(file, {
  entries: imageTree(fileURLToPath(packageFile('.'))),
  images: [
    {
      tags,
      config: {
        User: `${USER}:${USER}`,
        Env: ['PATH=/usr/local/bin', `HOME=/${RESULTS}`],
        Entrypoint: [`/${NODE}`, '/weir/cli/weir.mjs'],
        WorkingDir: `/${RESULTS}`,
        Labels: { 'org.opencontainers.image.version': weirVersion() },
      },
    },
  ],
  createdBy: 'weir: npm run image',
})
console.log(`${file}: ${tags.join(', ')} (sha256:${digest})
docker load --input ${file}
kind load image-archive ${file}`)
