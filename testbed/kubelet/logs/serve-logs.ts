import type { ServerResponse } from 'node:http'
import type { ContainerLog, LogLine } from './container-log.ts'

/** What a kubelet answers where there is no such log: 400 with these words (pkg/kubelet, GetKubeletContainerLogs). */
export interface NoLog {
  why: string
}

/** Finds the log of a container: of its run now, or of the one before. Undefined: the pod is not here. */
export type FindLog = (
  target: { namespace: string; pod: string; container: string },
  previous: boolean,
) => ContainerLog | NoLog | undefined

const NANOSECONDS = 1e6

/** As the kubelet writes it: RFC 3339 with nine digits. */
function stamp(atMs: number): string {
  const [seconds = '', fraction = ''] = new Date(atMs).toISOString().split('.')
  const below = Math.floor((atMs - Math.floor(atMs)) * NANOSECONDS)
  return `${seconds}.${fraction.slice(0, 3)}${String(below).padStart(6, '0')}Z`
}

/** Options of a request for a log (Kubernetes API, PodLogOptions). */
interface LogOptions {
  follow: boolean
  timestamps: boolean
  sinceMs: number
  tailLines: number
}

function optionsOf(query: URLSearchParams): LogOptions {
  const isOn = (name: string) => query.get(name) === 'true'
  const sinceSeconds = query.get('sinceSeconds')
  const sinceTime = query.get('sinceTime')
  // The API server passes a time on in whole seconds.
  const sinceMs =
    sinceTime === null ? Number.NEGATIVE_INFINITY : Math.floor(Date.parse(sinceTime) / 1000) * 1000
  return {
    follow: isOn('follow'),
    timestamps: isOn('timestamps'),
    sinceMs: sinceSeconds === null ? sinceMs : Date.now() - Number(sinceSeconds) * 1000,
    tailLines: Number(query.get('tailLines') ?? Number.POSITIVE_INFINITY),
  }
}

/** Answers with the lines of a log, and with those that come where the request follows it. */
export function serveLog(log: ContainerLog, query: URLSearchParams, response: ServerResponse): void {
  const { follow, timestamps, sinceMs, tailLines } = optionsOf(query)
  const write = ({ atMs, text }: LogLine) => {
    if (atMs >= sinceMs) response.write(timestamps ? `${stamp(atMs)} ${text}\n` : `${text}\n`)
  }
  response.writeHead(200, { 'content-type': 'text/plain' })
  const known = log.lines.filter(({ atMs }) => atMs >= sinceMs)
  for (const line of Number.isFinite(tailLines) ? known.slice(-tailLines || known.length) : known) write(line)
  if (!follow || log.isEnded) {
    response.end()
    return
  }
  // What was written so far reaches the client, and also the head where nothing was.
  response.flushHeaders()
  const stop = log.follow({ onLine: write, onEnd: () => response.end() })
  response.on('close', stop)
}
