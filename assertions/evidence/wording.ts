import type { RunView } from '#weir/record/view/index.ts'

/** Nanoseconds in a second. */
export const SECOND = 1e9

/** "12.3 s"; whole seconds from 100 s on. */
export function seconds(ns: number): string {
  const value = ns / SECOND
  return `${Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)} s`
}

/** An instant, counted from the trigger or, in a record without one, from the start of the record. */
export interface Moment {
  ns: number
  from: 'trigger' | 'start'
}

export function moment(run: RunView, t: number): Moment {
  const { trigger } = run.moments
  return trigger === undefined ? { ns: t, from: 'start' } : { ns: t - trigger, from: 'trigger' }
}

/** The pod of a node, for example "emqx-ee-54fc496fb4-2". */
export function shortName(run: RunView, node: number): string {
  return run.nodes[node]?.pod ?? 'unknown'
}

/** The client id of a client. */
export function clientId({ record }: RunView, client: number): string {
  return record.fleet.ids[client] ?? String(client)
}
