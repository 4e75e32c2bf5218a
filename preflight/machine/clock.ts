import { ok, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** Within 200 ms NTP slews by at most 0.1 ms (0.05 %); more is a step. */
const STEP_MS = 5
/** Sources that need a system call and a device access per reading: microseconds instead of nanoseconds. */
const SLOW = new Set(['hpet', 'acpi_pm', 'pit', 'jiffies', 'refined-jiffies'])

/** Latencies use the monotonic clock; the wall clock relates the record to other machines' logs. */
export const clock: GeneratorCheck = {
  id: 'clock',
  title: 'clock',
  code: 'WEIR_MACHINE_UNFIT',
  run(_request, { clock: { watchedMs, wallAheadMs, source } }) {
    const from = source === undefined ? '' : `, read from ${source}`
    if (Math.abs(wallAheadMs) > STEP_MS)
      return [
        warning(
          `the wall clock moved ${wallAheadMs.toFixed(0)} ms against the monotonic one within ${watchedMs.toFixed(0)} ms${from}`,
          'wait for the time service to settle: times in the record will not match other machines',
        ),
      ]
    if (source !== undefined && SLOW.has(source))
      return [
        warning(
          `the clock source ${source} is slow`,
          'use tsc or the clock of the hypervisor (listed in /sys/devices/system/clocksource/clocksource0/available_clocksource)',
        ),
      ]
    return [ok(`monotonic and wall clock agree${from}`)]
  },
}
