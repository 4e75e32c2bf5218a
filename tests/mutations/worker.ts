import { hold } from './hold.ts'
import { sourceIn } from './sources.ts'
import { MUTATIONS } from './table.ts'

const sources = new Map<string, ReturnType<typeof sourceIn>>()

/** One mutation of one source; a thread keeps the sources that it has read. */
export default async function task({ dir, mutation }: { dir: string; mutation: string }) {
  const source = sources.get(dir) ?? sourceIn(dir)
  sources.set(dir, source)
  return hold(MUTATIONS.find(({ name }) => name === mutation)!, await source)
}
