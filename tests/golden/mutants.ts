import type { Line, Trace } from './trace.ts'

const OLD = ['old-2', 'old-1', 'old-0'] as const
const NEW = ['new-0', 'new-1', 'new-2'] as const
/** When each old node's drain begins, in seconds after 11:15:00 (docs/contract/upgrade.md#graph). */
const BEGINS = { 'old-2': 83, 'old-1': 229, 'old-0': 359 } as const

const copy = (trace: Trace): Trace => structuredClone(trace)
const valueAt = (line: Line | undefined, t: number) => line?.find((reading) => reading.t === t)?.value

/** What is not on old nodes is on new ones, in equal parts. */
function withArrivals(trace: Trace): Trace {
  for (const name of NEW)
    for (const reading of trace[name] ?? []) {
      const left = OLD.reduce((sum, old) => sum + (valueAt(trace[old], reading.t) ?? 0), 0)
      reading.value = Math.round((2997 - left) / 3)
    }
  return trace
}

/** All three nodes drained in the first one's time. */
export function allAtOnce(golden: Trace): Trace {
  const trace = copy(golden)
  for (const name of ['old-1', 'old-0']) trace[name] = copy(golden)['old-2'] ?? []
  return withArrivals(trace)
}

/** Each node drained at another rate than the one configured. */
export function atRate(golden: Trace, perSecond: number): Trace {
  const trace = copy(golden)
  let beginsT: number = BEGINS['old-2']
  const gone = new Map<string, number>()
  for (const name of OLD) {
    const drained = beginsT + 999 / perSecond
    const from = beginsT
    trace[name] = everyScrape(golden, drained + 20).map((t) => {
      return { t, value: Math.max(2, Math.round(999 - Math.max(0, t - from) * perSecond)) }
    })
    gone.set(name, drained)
    beginsT = drained + 35
  }
  const last = beginsT
  for (const name of NEW) trace[name] = everyScrape(golden, last, 66).map((t) => ({ t, value: 0 }))
  return withArrivals(trace)
}

function everyScrape(golden: Trace, untilT: number, fromT = golden['old-2']?.[0]?.t ?? 0): number[] {
  const times: number[] = []
  for (let t = fromT; t <= untilT; t += 10) times.push(t)
  return times
}

/** An old node takes in clients that another one evicts. */
export function oldNodeRises(golden: Trace): Trace {
  const trace = copy(golden)
  for (const reading of trace['old-1'] ?? [])
    if (reading.t > 100 && reading.t < 230)
      reading.value += Math.min(120, Math.round((reading.t - 100) * 1.2))
  for (const name of NEW)
    for (const reading of trace[name] ?? []) if (reading.t > 100 && reading.t < 230) reading.value -= 40
  return trace
}

/** Each drain begins while the last clients of the one before are still there: no plateau between them. */
export function withoutPlateaus(golden: Trace): Trace {
  const trace = copy(golden)
  trace['old-1'] = earlier(golden['old-1'] ?? [], 60)
  trace['old-0'] = earlier(golden['old-0'] ?? [], 60 + 50)
  return withArrivals(trace)
}

/** The same line, its drain that many seconds earlier and its plateau that much shorter. */
function earlier(line: Line, seconds: number): Line {
  const first = line[0]?.t ?? 0
  return line.map(({ t, value }) => ({ t: t - seconds, value })).filter(({ t }) => t >= first)
}

/** Ten clients never come back. */
export function tenLost(golden: Trace): Trace {
  const trace = withArrivals(copy(golden))
  const last = Math.max(...NEW.map((name) => trace[name]?.at(-1)?.t ?? 0))
  for (const name of NEW)
    for (const reading of trace[name] ?? [])
      if (reading.t > last - 60) reading.value -= name === 'new-0' ? 3 : 2
  return trace
}

/** Nobody scraped for 40 seconds in the middle of a drain. */
export function hole(golden: Trace): Trace {
  const trace = copy(golden)
  for (const name of Object.keys(trace))
    trace[name] = (trace[name] ?? []).filter(({ t }) => t < 120 || t >= 160)
  return trace
}

/** A pod gone with 57 clients on it. */
export function endsAt57(golden: Trace): Trace {
  const trace = copy(golden)
  const line = trace['old-1'] ?? []
  const last = line.findLastIndex(({ value }) => value >= 57)
  trace['old-1'] = line.slice(0, last).concat({ t: line[last]?.t ?? 0, value: 57 })
  return trace
}

/** After everything is done a new node loses a third of its clients for half a minute. */
export function secondDip(golden: Trace): Trace {
  const trace = copy(golden)
  for (const name of NEW) {
    const line = trace[name] ?? []
    const last = line.at(-1)?.t ?? 0
    for (let t = last + 10; t <= last + 90; t += 10) {
      const inDip = name === 'new-1' && t > last + 30 && t <= last + 60
      line.push({ t, value: inDip ? 660 : 1000 })
    }
  }
  return trace
}
