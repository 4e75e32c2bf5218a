import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Written last by a build: its start, in Unix milliseconds. */
export const STAMP = '.built'
/** No sources: build output, dependencies, records. */
const SKIP = /^(\.|dist(\.|$)|node_modules$|runs$|docs$|fixtures$|golden$)/
const SOURCE = /\.(ts|css)$|^(package|tsconfig)\.json$/

/**
 * Why dist/ must not run, or undefined. Only a checkout is checked: an installed package has no tsconfig.json and no sources.
 */
export function staleReason(root) {
  if (!existsSync(join(root, 'tsconfig.json'))) return undefined
  let builtMs
  try {
    builtMs = Number(readFileSync(join(root, 'dist', STAMP), 'utf8'))
  } catch {
    return 'dist/ is missing or incomplete'
  }
  const newer = newerThan(root, builtMs)
  return newer === undefined ? undefined : `dist/ is older than ${newer.slice(root.length + 1)}`
}

function newerThan(folder, builtMs) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIP.test(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      const newer = newerThan(path, builtMs)
      if (newer !== undefined) return newer
    } else if (SOURCE.test(entry.name) && statSync(path).mtimeMs > builtMs) return path
  }
  return undefined
}
