import { readFileSync } from 'node:fs'

/** A file of the package, by its path from the root: code runs from dist/, while scenarios and package.json stay at the root. */
export const packageFile = (path: string): URL => new URL(path, import.meta.resolve('#weir/package.json'))

interface Package {
  version: string
  repository: { url: string }
}

const read = () => JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as Package

export const weirVersion = (): string => read().version

/** Where the source and the docs are, without a slash at the end. */
export const repositoryUrl = (): string => read().repository.url.replace(/^git\+|\.git$/g, '')
