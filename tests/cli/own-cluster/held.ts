import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { EXIT } from '#weir/errors/index.ts'

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Nothing failed, and all that was asked held. On a busy machine it may stay open whether the harness kept up, and that alone. */
export function assertHeld({ code, stdout, stderr }: Ended, out: string): void {
  if (code === EXIT.pass) return
  assert.is(code, EXIT.inconclusive, stdout + stderr)
  const { findings } = JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as {
    findings: { id: string; outcome: string }[]
  }
  const open = findings.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id)
  assert.equal(open, ['harness-healthy'], stdout + stderr)
}
