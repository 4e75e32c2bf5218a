import type { RunView } from '#weir/record/view/index.ts'
import { TEXTS } from '../texts/index.ts'

const { time: texts } = TEXTS

const NS_PER_SECOND = 1e9

export function secondsOf(ns: number): number {
  return ns / NS_PER_SECOND
}

/** A moment as a number of seconds, e.g. "187.4 s": the notation of the verdict's sentences. */
export function momentOf(ns: number): string {
  return Number.isFinite(ns) ? `${secondsOf(ns).toFixed(1)} s` : texts.end
}

/** A length of time for people: "850 ms", "4.2 s", "6 min 41 s". */
export function durationOf(ns: number): string {
  if (!Number.isFinite(ns)) return texts.forEver
  const seconds = secondsOf(ns)
  if (seconds < 1) return texts.ms(Math.round(seconds * 1000))
  if (seconds < 60) return texts.seconds(Number(seconds.toFixed(seconds < 10 ? 2 : 1)))
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? texts.hours({ hours, minutes }) : texts.minutes({ minutes, seconds: whole % 60 })
}

/** "2026-11-22 07:54:33 UTC" of a Unix time in ms. */
export function utcOf(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The instant that a report counts from: the trigger, as verdicts do; the record's zero when nothing was triggered. */
export function originOf(run: RunView): number {
  return run.moments.trigger ?? 0
}

/** A time of the record as in the verdict's sentences: "+31.4 s" after the trigger, "-5.0 s" before it. */
export function momentsOf(run: RunView): (t: number) => string {
  const { trigger } = run.moments
  if (trigger === undefined) return momentOf
  return (t) => (t >= trigger ? `+${momentOf(t - trigger)}` : momentOf(t - trigger))
}
