import type { RunView } from '#weir/record/view/index.ts'

/** Nanoseconds in a second. */
export const SECOND = 1e9

/** "12.3 s"; whole seconds from 100 s on. */
export function seconds(ns: number): string {
  const value = ns / SECOND
  return `${Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)} s`
}

/** "at +31.4 s after the trigger", or from the record's zero when there was none. */
export function atTrigger(run: RunView, t: number): string {
  const { trigger } = run.moments
  if (trigger === undefined) return `at ${seconds(t)}`
  return t < trigger
    ? `${seconds(trigger - t)} before the trigger`
    : `at +${seconds(t - trigger)} after the trigger`
}

/** A node as a reader names it: its pod, e.g. "emqx-ee-54fc496fb4-2". */
export function shortName(run: RunView, node: number): string {
  return run.nodes[node]?.pod ?? 'unknown'
}

/** "1 client", "3 clients". */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`
}
