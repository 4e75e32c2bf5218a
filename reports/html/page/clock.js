/** "+1:30.5" of seconds since the trigger; without a sign when nothing was triggered. */
export function clock(seconds, hasTrigger, digits = 1) {
  const scale = 10 ** digits
  const total = Math.round(Math.abs(seconds) * scale)
  const minutes = Math.floor(total / (60 * scale))
  const rest = ((total % (60 * scale)) / scale).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0')
  const sign = seconds < 0 && total > 0 ? '−' : hasTrigger ? '+' : ''
  if (minutes < 60) return `${sign}${minutes}:${rest}`
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

/** "07:54:33" UTC. */
export function wallClock(unixMs) {
  return new Date(unixMs).toISOString().slice(11, 19)
}
