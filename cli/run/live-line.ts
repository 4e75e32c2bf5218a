import { CLUSTER_STATES } from '#weir/facts/index.ts'
import type { Progress } from '#weir/scenarios/index.ts'

/** What a step does while it lasts. A step without an entry is shown by its name. */
const DOING: Readonly<Record<string, string>> = {
  start: 'starting',
  'fleet-pods': 'starting pods of the fleet',
  apply: 'applying the resource',
  'start-fleet': 'starting the fleet',
  'cluster-ready': 'waiting for the cluster',
  'fleet-connected': 'connecting clients',
  'clients-located': 'locating clients',
  'connect-more': 'connecting more clients',
  'change-begun': 'waiting for a change',
  upgrade: 'sending the upgrade',
  upgraded: 'upgrading',
  scale: 'scaling',
  resize: 'resizing',
  evacuate: 'evacuating',
  rebalance: 'rebalancing',
  stop: 'sending the stop',
  stopped: 'stopping',
  running: 'waiting for nodes',
  'members-running': 'waiting for members',
  delete: 'sending the deletion',
  gone: 'deleting',
  hold: 'observing',
  'store-data': 'storing data',
  'find-data': 'finding data',
}

const EVACUATING: Record<NonNullable<Progress['evacuating']>['state'], (left: number) => string> = {
  prohibiting: () => 'done',
  waiting_health_check: () => 'waiting for health checks',
  evicting_conns: (left) => `${left} left`,
  waiting_takeover: () => 'waiting for takeovers',
  evicting_sessions: (left) => `${left} sessions left`,
}

/** What a run is waiting for and how long that takes, in at most `columns` characters: "[6/9] upgrading: node 2 of 3, 574 left, about 35 s". */
export function liveLine(progress: Progress, columns: number): string {
  const { phase, step, evacuating, message, secondsLeft } = progress
  const what = evacuating ? movingText(evacuating) : message
  const about = secondsLeft === undefined ? undefined : aboutText(secondsLeft)
  const words = [what, about].filter(Boolean).join(', ')
  const line = [
    `${step ? `[${step.number}/${step.count}] ` : ''}${DOING[phase] ?? phase}${words && `: ${words}`}`,
    ...factsOf(progress),
    ...(evacuating && message ? [message] : []),
  ].join('  ')
  return fitted(line, columns, progress)
}

function movingText({ node, state, current, number, count }: NonNullable<Progress['evacuating']>): string {
  const which = number === undefined ? `node ${node}` : `node ${number} of ${count}`
  return `${which}, ${EVACUATING[state](current)}`
}

const LONG_SECONDS = 120

/** A guess is no more precise than this. */
function aboutText(seconds: number): string {
  if (seconds >= LONG_SECONDS) return `about ${Math.round(seconds / 60)} min`
  const step = seconds > 20 ? 5 : 1
  return `about ${Math.ceil(seconds / step) * step} s`
}

/** How long the run has taken, its clients, and the state of its cluster. */
function factsOf({ elapsedS, clients, online, attemptsPerSecond, state }: Progress): string[] {
  return [
    timeText(elapsedS),
    ...(clients > 0 ? [`${online}/${clients} online`, `${Math.round(attemptsPerSecond)} attempts/s`] : []),
    ...(state ? [`${state} ${CLUSTER_STATES[state]}`] : []),
  ]
}

export function timeText(elapsedSeconds: number): string {
  const seconds = Math.floor(elapsedSeconds)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The line, cut where it is too long. A Chinese character takes two columns. */
export function fitted(line: string, columns: number, { state }: Pick<Progress, 'state'>): string {
  const room = columns - (state ? CLUSTER_STATES[state].length : 0)
  return line.length > room ? `${line.slice(0, Math.max(room - 1, 0))}…` : line
}
