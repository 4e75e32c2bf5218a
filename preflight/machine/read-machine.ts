import { readFileSync } from 'node:fs'
import { descriptorReadings } from '#weir/bench/fleet/descriptors.ts'
import { connectMs, resolveTarget } from '#weir/bench/fleet/resolve-target.ts'
import { checkAddresses } from '#weir/bench/fleet/sources/check-addresses.ts'
import { ownAddressesFor, portRange } from '#weir/bench/fleet/sources/own-addresses.ts'
import type { Target } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { readCpus } from './cpus.ts'
import type { ClockReading, GeneratorRequest, Readings, TargetReading } from './readings.ts'

/** Long enough to detect a clock that is being set, short enough to wait for. */
const WATCH_CLOCK_MS = 200

/** Reads this machine's limits, and opens and closes a connection to each target. Changes nothing. */
export async function readMachine({ targets = [], sourceAddresses }: GeneratorRequest): Promise<Readings> {
  const [clock, ...targetReadings] = await Promise.all([readClock(), ...targets.map(readTarget)])
  const reached = targetReadings.flatMap(({ host, port, address }) =>
    address ? [{ host, port, address }] : [],
  )
  const max = readNumber('/proc/sys/net/netfilter/nf_conntrack_max')
  const count = readNumber('/proc/sys/net/netfilter/nf_conntrack_count')
  const sourceTrouble = await troubleOf(() => sourceAddresses && checkAddresses(sourceAddresses, reached))
  return {
    descriptors: descriptorReadings(),
    portRange: portRange(),
    ownAddresses: reached.length > 0 ? await ownAddressesFor(reached) : [],
    sourceTrouble,
    targets: targetReadings,
    somaxconn: readNumber('/proc/sys/net/core/somaxconn'),
    conntrack: max === undefined || count === undefined ? undefined : { max, count },
    ...readCpus(),
    availableBytes: process.availableMemory(),
    clock,
  }
}

async function readTarget({ host, port }: Target): Promise<TargetReading> {
  let address: string | undefined
  const trouble = await troubleOf(async () => {
    address = await resolveTarget(host, port)
  })
  if (address === undefined) return { host, port, trouble }
  return { host, port, address, connectMs: await connectMs(address, port) }
}

async function readClock(): Promise<ClockReading> {
  const before = bothClocks()
  await new Promise((resolve) => setTimeout(resolve, WATCH_CLOCK_MS))
  const after = bothClocks()
  const watchedMs = after.monotonicMs - before.monotonicMs
  return {
    watchedMs,
    wallAheadMs: after.wallMs - before.wallMs - watchedMs,
    source: read('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
  }
}

/** Both at one instant: reads again if the process lost its CPU between the two. */
function bothClocks(): { monotonicMs: number; wallMs: number } {
  for (let tries = 0; ; tries++) {
    const monotonicMs = performance.now()
    const wallMs = Date.now()
    if (performance.now() - monotonicMs < 1 || tries === 100) return { monotonicMs, wallMs }
  }
}

async function troubleOf(attempt: () => Promise<void> | undefined): Promise<WeirError | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    if (error instanceof WeirError) return error
    throw error
  }
}

function readNumber(file: string): number | undefined {
  const text = read(file)
  return text === undefined || text === '' ? undefined : Number(text)
}

/** Undefined without the file: another system, or a kernel without the module. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
