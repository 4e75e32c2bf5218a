/**
 * Starts a command again and again, a few at a time, and counts how often it dies of a signal or ends otherwise than with 0: rare
 * crashes of the runtime show only in numbers.
 *
 * usage: node dist/tools/benchmarks/starts.js [--times 500] [--beside 2] -- program [argument…]
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '500' }, beside: { type: 'string', default: '2' } },
  allowPositionals: true,
})
const [program, ...args] = positionals
if (program === undefined) throw new Error('name a program behind --')

const outcomes = new Map<string, number>()
let left = Number(values.times)

function start(): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('close', (code, signal) => {
      const how = signal ?? `exit ${code}`
      if (how !== 'exit 0') console.log(`${how}: ${stderr.trim().split('\n').slice(0, 3).join(' | ')}`)
      outcomes.set(how, (outcomes.get(how) ?? 0) + 1)
      resolve()
    })
  })
}

async function worker(): Promise<void> {
  while (left-- > 0) await start()
}

await Promise.all(Array.from({ length: Number(values.beside) }, worker))
console.log([...outcomes].map(([how, times]) => `${times} × ${how}`).join(', '))
