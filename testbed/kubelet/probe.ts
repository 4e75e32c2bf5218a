import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Container, Probe } from '#weir/cluster/kubernetes/kinds.ts'
import type { Clock } from '../runtime/clock.ts'

/** Kubernetes' own defaults, in seconds (core/v1 Probe). */
const PERIOD_SECONDS = 10
const TIMEOUT_SECONDS = 1
const FAILURES = 3
const SUCCESSES = 1

export interface ProbeOptions {
  clock: Clock
  podIp: string
  container: Container
  probe: Probe
  /** What holds before the first probe: a container is alive, and not ready. */
  first: boolean
  /** The first probe is the first one of the period that comes after the initial delay; where the period begins is up to the caller. */
  phaseMs: number
  onChange(success: boolean): void
}

/** Probes a container by HTTP until stopped. Reports changes only. */
export function watchProbe(options: ProbeOptions): () => void {
  const { clock, podIp, container, probe, first, phaseMs, onChange } = options
  const periodMs = (probe.periodSeconds ?? PERIOD_SECONDS) * 1000
  let stopped = false
  let present = first
  let streak = 0
  let cancel = clock.after((probe.initialDelaySeconds ?? 0) * 1000 + phaseMs, look)

  function look(): void {
    cancel = clock.after(periodMs, look)
    void succeeds(probe, container, podIp).then((success) => {
      if (stopped) return
      streak = success === present ? 0 : streak + 1
      const needed = success ? (probe.successThreshold ?? SUCCESSES) : (probe.failureThreshold ?? FAILURES)
      if (streak < needed) return
      present = success
      streak = 0
      onChange(present)
    })
  }

  return () => {
    stopped = true
    cancel()
  }
}

/** True for a status from 200 to 399 within the time limit. */
function succeeds(probe: Probe, container: Container, podIp: string): Promise<boolean> {
  const { path = '/', port, scheme } = probe.httpGet!
  return new Promise((resolve) => {
    const send = scheme === 'HTTPS' ? secureRequest : request
    const sent = send({
      host: podIp,
      port: portOf(port, container),
      path,
      headers: { 'user-agent': 'kube-probe/1.34', accept: '*/*', connection: 'close' },
      agent: false,
      // A kubelet does not ask whose certificate it is.
      rejectUnauthorized: false,
      timeout: (probe.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(false))
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode! >= 200 && response.statusCode! < 400)
    })
    sent.end()
  })
}

function portOf(port: number | string, container: Container): number {
  if (typeof port === 'number') return port
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port)
}
