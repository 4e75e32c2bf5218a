import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Written last by a build: the instant at which it began, in Unix milliseconds, and the sum of its sources' paths. */
export const STAMP = '.built'
/** Not sources: what a build makes, what npm brings, and data. */
const SKIP = /^(\.|dist(\.|$)|node_modules$|fixtures$)/
/** The same, at the root only. */
const SKIP_AT_ROOT = /^(runs|docs)$/
const SOURCE =
  /\.(ts|css)$|^testbed\/.*(\.yaml|\/go\.(mod|sum)|\.go)$|^testbed\/kind\/node\/|(^|\/)(package|tsconfig(\.types)?)\.json$/

/**
 * Why dist/ cannot be run, in a few words, or undefined where it can. Only a checkout is examined: a package that npm
 * installed has no tsconfig.json and no sources.
 */
export function staleReason(root) {
  if (!existsSync(join(root, 'tsconfig.json'))) return undefined
  let builtMs
  let sum
  try {
    ;[builtMs, sum] = readFileSync(join(root, 'dist', STAMP), 'utf8')
      .split(' ')
      .map(Number)
  } catch {
    return 'dist/ is missing or incomplete'
  }
  const sources = sourcesOf(root)
  if (sources.newestMs > builtMs) return `dist/ is older than ${sources.newest}`
  return sources.sum === sum ? undefined : 'dist/ is of other sources: files were added, moved or deleted'
}

/** The source that was changed last, and a number that changes when a source is added, moved or deleted. */
export function sourcesOf(root) {
  const found = { newest: '', newestMs: 0, sum: 0 }
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (SKIP.test(entry.name) || (folder === '' && SKIP_AT_ROOT.test(entry.name))) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (SOURCE.test(path)) {
        const { mtimeMs } = statSync(join(root, path))
        if (mtimeMs > found.newestMs) Object.assign(found, { newest: path, newestMs: mtimeMs })
        let hash = 17
        for (let i = 0; i < path.length; i++) hash = (hash * 31 + path.charCodeAt(i)) % 1_000_000_007
        found.sum += hash
      }
    }
  }
  walk('')
  return found
}
