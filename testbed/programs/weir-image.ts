import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packageFile, weirVersion } from '#weir/errors/index.ts'
import type { ImageContent } from './process-program.ts'

/** Where the image has weir, as in deploy/Dockerfile. */
const HOME = '/weir'
const NODE = '/opt/weir-node'

/** True for the image of the weir that runs this testbed. */
export const isWeirImage = (image: string): boolean => image === `weir:${weirVersion()}`

/** This weir, on this Node: what the pods of a fleet run. */
export function weirImage(): ImageContent {
  const parts = ['cli', 'dist', 'scenarios', 'package.json']
  return {
    entrypoint: [NODE, `${HOME}/cli/weir.mjs`],
    mounts: () => [
      { from: realpathSync(process.execPath), at: NODE },
      { from: packagesFolder(), at: `${HOME}/node_modules` },
      ...parts.map((path) => ({ from: fileURLToPath(packageFile(path)), at: `${HOME}/${path}` })),
    ],
  }
}

/** Where npm has put the packages that weir needs: below weir, or beside it. */
function packagesFolder(): string {
  const one = fileURLToPath(import.meta.resolve('yargs'))
  return one.slice(0, one.lastIndexOf('/node_modules/') + '/node_modules'.length)
}
