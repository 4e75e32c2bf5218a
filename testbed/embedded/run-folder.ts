import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning, type Owner, ownerOf } from '../runtime/owner.ts'

const PREFIX = 'weir-testbed-'
const OWNER_FILE = 'owner.json'

/** A new folder for the files of a testbed that ends with this process. Those of processes that were killed are removed. */
export function claimRunFolder(parent = tmpdir()): string {
  removeAbandoned(parent)
  const folder = mkdtempSync(join(parent, PREFIX))
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(ownerOf(process.pid)), { mode: 0o600 })
  return folder
}

/** Removes the folders of testbeds whose process has ended without removing them. */
export function removeAbandoned(parent = tmpdir()): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(parent, name)
    const owner = ownerIn(folder)
    // A folder without an owner is another program's, or is being claimed at this moment.
    if (owner !== undefined && !isRunning(owner)) rmSync(folder, { recursive: true, force: true })
  }
}

function ownerIn(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as Owner
  } catch {
    return undefined
  }
}
