import { EXIT, WeirError } from '#weir/errors/index.ts'
import type { FleetHealth } from '../types.ts'
import { breachTodo } from './breaches.ts'
import { type Ending, endingTodo, endingWords, whoseFault } from './endings.ts'
import { boundWords, isUnsound, unverified } from './messages.ts'
import type { BenchResult } from './result.ts'
import { missedRate } from './summary.ts'
import type { Tally } from './tally.ts'

/**
 * The exit code of a run (docs/commands.md): 1 `--verify` found messages lost, duplicated or out of order; 130 interrupted
 * early; 3 all was done, and too late for the rate that was asked; 0 done. Missing clients, subscriptions, messages or acknowledgements, and nothing to verify, are thrown as errors
 * of exit code 4.
 */
export function outcome(result: BenchResult): number {
  const { verify, messages } = result
  if (verify && messages && isUnsound(messages)) return EXIT.fail
  if (cutShort(result)) return EXIT.interrupted
  const failure = shortfall(result)
  if (failure) throw failure
  const { attempts } = result.counters
  if (attempts >= LEAST_ATTEMPTS && missedRate(result.health)) throw late(result.health)
  return EXIT.pass
}

/** Stopped while clients were still on their first way, or with messages of a limit unsent. */
function cutShort({ end, spec, online, tally, counters }: BenchResult): boolean {
  if (end !== 'stopped') return false
  const limit = spec.groups[0]?.publish?.limit ?? 0
  return (online < spec.clients && tally.everConnected < spec.clients) || counters.published < limit
}

function shortfall(result: BenchResult): WeirError | undefined {
  const { spec, online, subscribed, tally, counters, messages } = result
  const where = spec.targets.map(({ host, port }) => `${host}:${port}`).join(', ')
  if (spec.churn) return lostInChurn(result, where)
  if (online < spec.clients) return missingClients(result, where)
  if (spec.groups[0]?.subscribe && subscribed < spec.clients)
    return new WeirError(
      'WEIR_BROKER',
      `${spec.clients - subscribed} of ${spec.clients} clients were not subscribed at ${where} at the end (${counters.subscribesRefused} refused): check --topic and the permissions of this user`,
    )
  if (messages?.bound) {
    const { words, todo } = boundWords(messages.bound)
    const many = counters.published === 0 ? 'no message was' : `only ${counters.published} messages were`
    return new WeirError('WEIR_BROKER', `${many} sent to ${where}: ${words}: ${todo}`)
  }
  const unanswered = messages ? messages.abandoned + messages.unanswered : 0
  const unsure = messages && messages.refused + unanswered
  if (unsure)
    return new WeirError(
      'WEIR_BROKER',
      `${unsure} of ${messages.sent} messages were not accepted by ${where} (${messages.refused} refused, ${unanswered} unanswered): ${breachTodo(tally.breaches) ?? 'check --topic and the permissions of this user'}`,
    )
  const unsaid = result.command === 'sub' && result.verify && messages && unverified(messages)
  if (unsaid)
    return new WeirError(
      'WEIR_BROKER',
      `--verify verified nothing at ${where}: ${unsaid}: ${messages.received === 0 ? 'check --topic, and run bench pub --verify at the same time' : 'use fewer publishers or a lower rate'}`,
    )
  return undefined
}

function missingClients({ spec, online, tally, wrongTransport }: BenchResult, where: string): WeirError {
  const [worst] = tally.endings
  const missing = `${spec.clients - online} of ${spec.clients} clients were not connected to ${where} at the end`
  if (!worst) return new WeirError('WEIR_BROKER', `${missing}: check that the broker is up and accepts them`)
  const says = `${missing}, most often because of ${OWNER[whoseFault(worst)]}: ${endingWords(worst)}, ${worst.count} times: ${wrongTransport ?? todoOf(worst, tally)}`
  return new WeirError(whoseFault(worst) === 'generator' ? 'WEIR_GENERATOR' : 'WEIR_BROKER', says)
}

/** The 99th percentile of fewer is their maximum: one late attempt does not miss a rate. */
const LEAST_ATTEMPTS = 100

function late({ scheduleLagP99Ms }: FleetHealth): WeirError {
  return new WeirError(
    'WEIR_LATE',
    `this machine was too slow for the rate: attempts started ${scheduleLagP99Ms.toFixed(0)} ms (p99) after their planned instants: use a lower --rate, fewer clients, more --workers or a machine with more time to spare`,
  )
}

/** Clients that are away at the end are away by plan: what counts is that no connection failed or was lost. */
function lostInChurn({ tally, counters, wrongTransport }: BenchResult, where: string): WeirError | undefined {
  const [worst] = tally.endings
  if (!worst) return undefined
  const failures = tally.endings.reduce((sum, { count }) => sum + count, 0)
  const whose = whoseFault(worst)
  return new WeirError(
    whose === 'generator' ? 'WEIR_GENERATOR' : 'WEIR_BROKER',
    `${failures} of ${counters.attempts} connections to ${where} failed or were lost, most often because of ${OWNER[whose]}: ${endingWords(worst)}, ${worst.count} times: ${wrongTransport ?? todoOf(worst, tally)}`,
  )
}

/** A broker that broke the protocol is named with what it did. */
function todoOf(ending: Ending, { breaches }: Tally): string {
  const broke = ending.reason === 'protocol-error' && ending.kind === 'disconnected'
  return (broke && breachTodo(breaches)) || endingTodo(ending)
}

const OWNER = { broker: 'the broker', network: 'the network', generator: 'this machine' } as const
