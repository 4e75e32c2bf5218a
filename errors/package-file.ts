import { readFileSync } from 'node:fs'

/** A file of the package, by its path from the root: code runs from dist/, while scenarios and package.json stay at the root. */
export const packageFile = (path: string): URL => new URL(path, import.meta.resolve('#weir/package.json'))

export const weirVersion = (): string =>
  (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version
