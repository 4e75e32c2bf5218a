import { WeirError } from '#weir/errors/index.ts'
import type { Manifest } from '#weir/facts/index.ts'

/** What runs must have in common to be compared. */
export interface Settings {
  scenario: string
  resource: string
  clients: number
  nodes: number
  connEvictRate: number
  sessEvictRate: number
}

/** Those of a record; undefined where the run ended before they were known. */
export function settingsOf({ scenario, parameters }: Manifest): Settings | undefined {
  if (parameters === undefined) return undefined
  const { clients, nodes, connEvictRate, sessEvictRate, dialect } = parameters
  return { scenario: scenario.name, resource: dialect.name, clients, nodes, connEvictRate, sessEvictRate }
}

/** Throws WEIR_UNLIKE, with the first of the settings in `other` that differs. */
export function requireAlike(base: Settings, other: Partial<Settings>, what: string): void {
  for (const [name, value] of Object.entries(other)) {
    const wanted = base[name as keyof Settings]
    if (wanted !== value)
      throw new WeirError(
        'WEIR_UNLIKE',
        `${what} has ${name} ${value}, the baseline ${wanted}: compare runs of one scenario`,
      )
  }
}
