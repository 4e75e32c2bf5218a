/** "+31.4 s" after the trigger, as the verdict's sentences count; without a sign when nothing was triggered. */
export function clock(seconds: number, hasTrigger: boolean, digits = 1): string {
  const text = Math.abs(seconds).toFixed(digits)
  if (Number(text) === 0) return `${text} s`
  return `${seconds < 0 ? '−' : hasTrigger ? '+' : ''}${text} s`
}

/** "07:54:33" UTC. */
export function wallClock(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(11, 19)
}
