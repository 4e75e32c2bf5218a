/**
 * Runs a scenario again and again and says whether any verdict differed.
 *
 * usage: node dist/tools/benchmarks/repeat.js [scenario=blue-green-quick] [--times 10] [--beside 1] [--burn]
 *   --beside N   so many runs at a time
 *   --burn       keeps one core busy with another process
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { packageFile } from '#weir/errors/index.ts'

const root = fileURLToPath(packageFile('.'))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '10' },
    beside: { type: 'string', default: '1' },
    burn: { type: 'boolean', default: false },
  },
})
const [scenario = 'blue-green-quick'] = positionals
const times = Number(values.times)
const burner = values.burn ? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }) : undefined

function run(dir: string): Promise<number | null> {
  return new Promise((resolve) => {
    const args = [join(root, 'cli/weir.mjs'), 'run', scenario, '--out', dir]
    spawn(process.execPath, args, { stdio: 'ignore' }).on('close', resolve)
  })
}

const seen = new Map<string, number>()

async function once(number: number): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'weir-repeat-'))
  const startMs = Date.now()
  const code = await run(join(parent, 'run'))
  const verdict = JSON.parse(readFileSync(join(parent, 'run', 'verdict.json'), 'utf8')) as Verdict
  const odd = verdict.findings.filter((finding) => finding.outcome !== 'pass')
  const word = [verdict.outcome, ...odd.map((finding) => `${finding.id}=${finding.outcome}`)].join(' ')
  seen.set(word, (seen.get(word) ?? 0) + 1)
  console.log(`run ${number}: exit ${code}, ${word} (${((Date.now() - startMs) / 1000).toFixed(0)} s)`)
  for (const finding of odd) console.log(`  ${finding.id}: ${finding.sentence}`)
  rmSync(parent, { recursive: true })
}

let next = 1
const lane = async () => {
  while (next <= times) await once(next++)
}
try {
  await Promise.all(Array.from({ length: Number(values.beside) }, lane))
} finally {
  burner?.kill()
}
console.log(
  `${scenario}: ${seen.size} different verdicts in ${times} runs, ${values.beside} at a time${burner ? ', beside a process that burns one core' : ''}`,
)
for (const [word, count] of seen) console.log(`  ${count} × ${word}`)
