const NS_PER_SECOND = 1e9

export function secondsOf(ns: number): number {
  return ns / NS_PER_SECOND
}

/** A moment of the run as minutes and seconds since the record's zero, e.g. "3:07.4", "1:02:07.4". */
export function clockOf(ns: number): string {
  if (!Number.isFinite(ns)) return 'never'
  const tenths = Math.round(Math.abs(ns) / (NS_PER_SECOND / 10))
  const hours = Math.floor(tenths / 36_000)
  const minutes = Math.floor(tenths / 600) % 60
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0')
  const sign = ns < 0 ? '-' : ''
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${sign}${minutes}:${seconds}`
}

/** A length of time as a person says it: "850 ms", "4.2 s", "6 min 41 s". */
export function durationOf(ns: number): string {
  if (!Number.isFinite(ns)) return 'for ever'
  const seconds = secondsOf(ns)
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}

/** "2026-11-22 07:54:33 UTC" of a Unix time in ms. */
export function utcOf(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
