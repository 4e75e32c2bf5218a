/**
 * Runs blue-green-quick again and again and says whether any verdict differed.
 *
 * usage: node benchmarks/repeat.ts [times=10] [--burn]     --burn keeps one core busy with another process
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Verdict } from '#weir/assertions/verdict.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const times = Number(process.argv.find((arg) => /^\d+$/.test(arg)) ?? 10)
const burner = process.argv.includes('--burn')
  ? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  : undefined

function run(dir: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(root, 'cli/weir.mjs'), 'run', 'blue-green-quick', '--out', dir],
      {
        stdio: 'ignore',
      },
    )
    child.on('close', resolve)
  })
}

const seen = new Map<string, number>()
try {
  for (let i = 1; i <= times; i++) {
    const parent = mkdtempSync(join(tmpdir(), 'weir-repeat-'))
    const startMs = Date.now()
    const code = await run(join(parent, 'run'))
    const verdict = JSON.parse(readFileSync(join(parent, 'run', 'verdict.json'), 'utf8')) as Verdict
    const odd = verdict.findings.filter((finding) => finding.outcome !== 'pass')
    const word = [verdict.outcome, ...odd.map((finding) => `${finding.id}=${finding.outcome}`)].join(' ')
    seen.set(word, (seen.get(word) ?? 0) + 1)
    console.log(`run ${i}: exit ${code}, ${word} (${((Date.now() - startMs) / 1000).toFixed(0)} s)`)
    for (const finding of odd) console.log(`  ${finding.id}: ${finding.sentence}`)
    rmSync(parent, { recursive: true })
  }
} finally {
  burner?.kill()
}
console.log(
  `${seen.size} different verdicts in ${times} runs${burner ? ' beside a process that burns one core' : ''}`,
)
