import type { RunView } from '#weir/record/view/index.ts'
import { axisSeconds, type TimeAxis } from './axis.ts'
import { failuresToAnswer } from './failures.ts'

/** Health of the harness: a slow harness makes every other chart unreliable. */
export interface HealthSeries {
  seconds: number[]
  loopDelayP99Ms: number[]
  scheduleLagP99Ms: number[]
  cpuPercent: number[]
  rssMiB: number[]
  droppedEvents: number
  /** Of pods that were up. */
  failedScrapes: number
  scrapes: number
}

export function harnessHealth(run: RunView, axis: TimeAxis): HealthSeries {
  const samples = run.of('health')
  const oneDigit = (value: number) => Math.round(value * 10) / 10
  return {
    seconds: samples.map(({ t }) => axisSeconds(axis, t)),
    loopDelayP99Ms: samples.map((sample) => oneDigit(sample.loopDelayP99Ms)),
    scheduleLagP99Ms: samples.map((sample) => oneDigit(sample.scheduleLagP99Ms)),
    cpuPercent: samples.map((sample) => oneDigit(sample.cpuPercent)),
    rssMiB: samples.map((sample) => oneDigit(sample.rssMiB)),
    droppedEvents: samples.reduce((sum, sample) => sum + sample.droppedEvents, 0),
    failedScrapes: failuresToAnswer(run).scrapes.length,
    scrapes: run.record.scrapes.length,
  }
}
