import { asClusterError, isNoAnswer } from '#weir/cluster/failure.ts'
import { WeirError } from '#weir/errors/index.ts'
import { type Found, type Line, ok, refused } from '../line.ts'
import { type Check, type Facts, isStopped, type Learned, type Request } from './check.ts'
import { checks } from './index.ts'

export interface Examination {
  found: Found[]
  facts: Facts
  /** Closes what the checks opened. */
  close(): Promise<void>
}

/**
 * Runs the checks in order. A check without what it needs is reported as unknown. With `untilMissing` the first missing thing ends
 * the examination.
 */
export async function examine(
  request: Request,
  { untilMissing = false, of = checks }: { untilMissing?: boolean; of?: readonly Check[] } = {},
): Promise<Examination> {
  let facts: Facts = request
  const found: Found[] = []
  for (const check of of) {
    if (check.matters?.(request) === false) continue
    const { lines, learned } = await runCheck(check, facts)
    facts = { ...facts, ...learned }
    for (const line of lines) found.push({ check: check.id, title: check.title, ...line })
    if (untilMissing && lines.some(({ state }) => state === 'missing')) break
  }
  return {
    found,
    facts,
    async close() {
      await facts.opened?.close()
      facts.kube?.close()
    },
  }
}

async function runCheck(check: Check, facts: Facts): Promise<{ lines: Line[]; learned?: Partial<Learned> }> {
  const lacks = check.needs.find((need) => facts[need] === undefined)
  if (lacks !== undefined)
    return { lines: [{ state: 'unknown', says: 'not checked: it needs what is missing above' }] }
  if (check.asksNodes && isStopped(facts)) return { lines: [ok('not asked: the cluster is stopped')] }
  try {
    return await check.run(facts)
  } catch (error) {
    if (error instanceof WeirError) return { lines: [refused(error)] }
    if (!isNoAnswer(error) || !facts.kube) throw error
    return { lines: [refused(asClusterError(error, facts.kube.server, `check the ${check.title}`))] }
  }
}

/** The first missing thing, as the error that refuses a run. */
export function refusalOf(
  { found }: Pick<Examination, 'found'>,
  of: readonly Check[] = checks,
): WeirError | undefined {
  const first = found.find(({ state }) => state === 'missing')
  if (!first) return undefined
  if (first.cause) return first.cause
  const code = of.find(({ id }) => id === first.check)?.code ?? 'WEIR_CLUSTER_UNFIT'
  return new WeirError(code, `${first.says}: ${first.todo}`)
}
