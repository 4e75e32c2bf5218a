import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type Owner, ownerOf } from '../../runtime/owner.ts'

const POLL_MS = 1000

/**
 * Waits until no other process holds the lock, and takes it. One that its owner left behind is taken over. `waiting` is called once,
 * when there is something to wait for. The returned function releases it.
 *
 * The lock is a folder with one file that is named after its owner, so whoever removes an owner that has ended cannot remove the one
 * that came after it. A folder is renamed to it with that file inside: rename(2) replaces an empty folder and no other.
 */
export async function takeLock(
  folder: string,
  waiting: (owner: Owner) => void,
  { pollMs = POLL_MS }: { pollMs?: number } = {},
): Promise<() => void> {
  const own = fileOf(ownerOf(process.pid))
  for (let told = false; ; ) {
    const holder = holderOf(folder)
    if (holder === undefined) {
      if (tryToTake(folder, own)) return () => rmSync(join(folder, own), { force: true })
    } else {
      if (!told) waiting(holder)
      told = true
      await sleep(pollMs)
    }
  }
}

/** The owner, if it runs. Those that have ended are removed. */
function holderOf(folder: string): Owner | undefined {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) {
    const owner = ownerIn(file)
    if (isRunning(owner)) return owner
    rmSync(join(folder, file), { force: true })
  }
  return undefined
}

function tryToTake(folder: string, own: string): boolean {
  const prepared = mkdtempSync(`${folder}.`)
  writeFileSync(join(prepared, own), '')
  try {
    renameSync(prepared, folder)
    return true
  } catch (error) {
    rmSync(prepared, { recursive: true })
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

const fileOf = ({ pid, started = '' }: Owner): string => `${pid}-${started}`

function ownerIn(file: string): Owner {
  const [pid, started] = file.split('-')
  return { pid: Number(pid), started: started || undefined }
}
