import { type ChildProcess, spawn } from 'node:child_process'

/** What else a machine is doing while weir runs on it. */
export const LOADS = {
  none: () => [],
  'two burning processes': () => burners(2),
  'sixteen burning processes': () => burners(16),
  'a disk hog': () => [start(DISK_HOG)],
} satisfies Record<string, () => ChildProcess[]>

export type Load = keyof typeof LOADS

const start = (script: string) => spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
const burners = (count: number) => Array.from({ length: count }, () => start('for (;;);'))

/** Writes 64 MiB, waits until it is on the disk, and writes it again; removes it at the end. */
const DISK_HOG = `
const { openSync, writeSync, fsyncSync, rmSync, mkdtempSync } = require('node:fs')
const path = require('node:path').join(mkdtempSync(require('node:os').tmpdir() + '/weir-hog-'), 'file')
process.on('SIGTERM', () => { rmSync(path, { force: true }); process.exit() })
const file = openSync(path, 'w')
const bytes = Buffer.alloc(1 << 20, 7)
const turn = () => { for (let i = 0; i < 64; i++) writeSync(file, bytes, 0, bytes.length, i << 20); fsyncSync(file); setTimeout(turn) }
turn()`

/** Runs `act` beside such a load, which ends with it. */
export async function beside<T>(load: Load, act: () => Promise<T>): Promise<T> {
  const processes = LOADS[load]()
  try {
    return await act()
  } finally {
    for (const one of processes) one.kill()
  }
}
