import type { Scrape } from '#weir/facts/index.ts'

/** A pause as long as this says nothing of how often a pod is scraped. */
const LONGEST_SECONDS = 3600

/** The usual time between two scrapes of one pod in seconds, however many are missing; undefined when no pod was scraped twice. */
export function scrapeIntervalSeconds(scrapes: readonly Scrape[]): number | undefined {
  const lastT = new Map<string, number>()
  const gaps: number[] = []
  for (const { pod, t, tookNs } of scrapes) {
    const askedT = t - tookNs
    const before = lastT.get(pod)
    if (before !== undefined && askedT > before) gaps.push((askedT - before) / 1e9)
    lastT.set(pod, askedT)
  }
  if (gaps.length === 0) return undefined
  gaps.sort((a, b) => a - b)
  const median = gaps[Math.floor((gaps.length - 1) / 2)]!
  return Math.min(LONGEST_SECONDS, Math.max(0.1, Math.round(median * 10) / 10))
}
