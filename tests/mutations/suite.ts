import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { runFit } from '../acceptance/weir.ts'
import type { Deviation, Held } from './hold.ts'
import type { Mutation } from './mutation.ts'
import { recordings } from './sources.ts'
import { MUTATIONS } from './table.ts'

/** What became of one mutation of every recording. */
export interface MutationResult {
  mutation: Mutation
  judged: number
  deviations: Deviation[]
}

/** Every mutation whose name has `only` in it, of every recording and of the records in `dirs`, on all cores. */
export async function runSuite(dirs: readonly string[], only = ''): Promise<MutationResult[]> {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
    maxThreads: availableParallelism(),
  })
  const sources = [...recordings(), ...dirs]
  try {
    return await Promise.all(
      MUTATIONS.filter(({ name }) => name.includes(only)).map(async (mutation) => {
        const tasks = sources.map((dir) => pool.run({ dir, mutation: mutation.name }) as Promise<Held>)
        const held = await Promise.all(tasks)
        return {
          mutation,
          judged: held.reduce((sum, { judged }) => sum + judged, 0),
          deviations: held.flatMap(({ deviations }) => deviations),
        }
      }),
    )
  } finally {
    await pool.close()
  }
}

/** Makes an honest record of both quick scenarios, side by side, for as long as `use` needs them. */
export function withQuickRecords<T>(use: (dirs: string[]) => Promise<T>): Promise<T> {
  const first = Promise.withResolvers<string>()
  const second = Promise.withResolvers<string>()
  const done = Promise.all([first.promise, second.promise]).then(use)
  const keep = (scenario: string, made: PromiseWithResolvers<string>) =>
    runFit([scenario], async ({ dir }) => {
      made.resolve(dir)
      await done
    })
  return Promise.all([keep('blue-green-quick', first), keep('blue-green-v5-quick', second)]).then(() => done)
}

/** A line for each way in which verdicts differ from the table. */
export function linesOf({ deviations }: MutationResult): string[] {
  const kinds = Map.groupBy(deviations, ({ what, assertion, source }) => `${what}: ${assertion} on ${source}`)
  return [...kinds].map(([kind, same]) => `${kind} (${same.length}): ${same[0]!.sentence}`)
}
