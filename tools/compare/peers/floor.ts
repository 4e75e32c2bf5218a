import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packageFile } from '#weir/errors/index.ts'
import { type Peer, taskWords } from '../peer.ts'

const source = fileURLToPath(packageFile('tools/compare/peers/floor.c'))
const program = join(mkdtempSync(join(tmpdir(), 'weir-floor-')), 'floor')

/** The floor in C, compiled when there is a compiler. */
export const floor: Peer = {
  name: 'C floor',
  async missing() {
    try {
      await promisify(execFile)('cc', ['-O2', '-o', program, source])
      return undefined
    } catch (error) {
      return `cc: ${(error as Error).message.split('\n')[0]}`
    }
  },
  command: (task) => [program, ...taskWords(task)],
}
