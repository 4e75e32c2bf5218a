/**
 * Makes an image of weir without a registry and without a container engine: one layer, from nothing but this machine's Node, its
 * libraries, and node_modules. The same inputs give the same bytes. `docker load` and `kind load image-archive` take it.
 *
 *     npm run image [-- FILE]
 *     docker build $(npm run --silent image -- --build-flags) -f deploy/Dockerfile .     # the same labels and tags
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile } from '#weir/errors/index.ts'
import { writeWeirImage } from '#weir/testbed/images/weir.ts'
import { buildFlags } from '#weir/testbed/images/weir-labels.ts'

const [given] = process.argv.slice(2)
if (given === '--build-flags') console.log(buildFlags(fileURLToPath(packageFile('.')), process.env).join(' '))
else {
  const file = resolve(given ?? 'runs/weir-image.tar')
  const { digest, tags } = writeWeirImage(file, 'weir: npm run image')
  console.log(`${file}: ${tags.join(', ')} (sha256:${digest})
docker load --input ${file}
kind load image-archive ${file}`)
}
