import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Deviation, Held } from './hold.ts'
import { recordings } from './sources.ts'
import { MUTATIONS } from './table.ts'

/** `npm run mutations [-- RECORD…] [--only TEXT]`: every mutation of every recording and of the given records. */
const args = process.argv.slice(2)
const at = args.indexOf('--only')
const only = at < 0 ? '' : args.splice(at, 2)[1]!
const dirs = [...recordings(), ...args]
const pool = new Piscina({
  filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
  maxThreads: availableParallelism(),
})

const tasks = MUTATIONS.filter(({ name }) => name.includes(only)).flatMap((mutation) =>
  dirs.map(async (dir) => ({ mutation, held: (await pool.run({ dir, mutation: mutation.name })) as Held })),
)
const results = await Promise.all(tasks)
await pool.close()

let failed = 0
for (const [mutation, list] of Map.groupBy(results, (one) => one.mutation)) {
  const judged = list.reduce((sum, { held }) => sum + held.judged, 0)
  const deviations = list.flatMap(({ held }) => held.deviations)
  if (deviations.length > 0 || judged === 0) failed++
  console.log(
    `${deviations.length > 0 ? 'FAILED' : judged === 0 ? 'NONE  ' : 'ok    '} ${mutation.name}: ${judged} verdicts`,
  )
  for (const [key, same] of Map.groupBy(deviations, keyOf)) {
    const [first] = same
    console.log(`         ${key} (${same.length}): ${first!.sentence}`)
  }
}
console.log(`\n${new Set(results.map(({ mutation }) => mutation)).size - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function keyOf({ what, source, assertion, variant }: Deviation): string {
  void variant
  return `${what}: ${assertion} on ${source}`
}
