/**
 * Makes an image of weir without a registry and without a container engine: one layer, from nothing but this machine's Node, its
 * libraries, and node_modules. The same inputs give the same bytes. `docker load` and `kind load image-archive` take it.
 *
 *     npm run image [-- FILE]
 */
import { resolve } from 'node:path'
import { writeWeirImage } from '#weir/testbed/images/weir.ts'

const file = resolve(process.argv[2] ?? 'runs/weir-image.tar')
const { digest, tags } = writeWeirImage(file, 'weir: npm run image')
console.log(`${file}: ${tags.join(', ')} (sha256:${digest})
docker load --input ${file}
kind load image-archive ${file}`)
