import { readdirSync } from 'node:fs'
import type { Assertion } from './assertion.ts'

/** The order in which a verdict lists its findings: that of the design's table, harness last. */
const ORDER = [
  'eviction-envelope',
  'eviction-slope',
  'eviction-floor',
  'gauge-truth',
  'evacuation-serial',
  'evacuation-states',
  'initial-delay',
  'undisturbed-before',
  'switch-before-evict',
  'landing',
  'hops',
  'no-storm',
  'amplification',
  'offline-peak',
  'downtime',
  'refusals',
  'conservation',
  'drained-before-delete',
  'all-new',
  'status-truth',
  'status-shape',
  'session-kept',
  'available',
  'duration',
  'harness-healthy',
]

const exportName = (id: string) => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/**
 * One assertion a file: `<folder>/<id>.ts` exports a const named like the id in camelCase. Files of these folders that
 * are not named like an assertion are parts that assertions share.
 */
async function load(folder: 'client' | 'cluster'): Promise<Assertion[]> {
  const files = readdirSync(new URL(folder, import.meta.url)).filter((file) => file.endsWith('.ts'))
  const ids = files.map((file) => file.slice(0, -'.ts'.length)).filter((id) => ORDER.includes(id))
  return Promise.all(
    ids.map(async (id) => {
      const module = (await import(`./${folder}/${id}.ts`)) as Record<string, Assertion | undefined>
      const assertion = module[exportName(id)]
      if (!assertion) throw new Error(`assertions/${folder}/${id}.ts exports no const ${exportName(id)}`)
      return assertion
    }),
  )
}

const place = (assertion: Assertion) => ORDER.indexOf(assertion.id)

/** Every assertion there is, in the order in which verdicts list them. */
export const assertions: readonly Assertion[] = [...(await load('client')), ...(await load('cluster'))].sort(
  (a, b) => place(a) - place(b),
)

/** The assertion with this id, or undefined. */
export function findAssertion(id: string): Assertion | undefined {
  return assertions.find((assertion) => assertion.id === id)
}
