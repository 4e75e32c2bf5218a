import type { FaultDefinition } from '../types.ts'

const fault = (
  name: string,
  part: FaultDefinition['part'],
  summary: string,
  caughtBy: string[],
  alsoFails: string[] = [],
): FaultDefinition => ({ name, part, summary, caughtBy, alsoFails })

/** Every fault, with the assertions that must catch it. */
export const FAULTS: readonly FaultDefinition[] = [
  fault(
    'rate-ignored',
    'emqx',
    'an evacuating node evicts at four times the rate it was given',
    ['eviction-envelope'],
    ['no-storm', 'offline-peak'],
  ),
  fault(
    'all-at-once',
    'emqx',
    'an evacuating node evicts everybody in its first tick',
    ['eviction-envelope', 'no-storm'],
    ['offline-peak'],
  ),
  fault(
    'double-tick',
    'emqx',
    'the eviction tick runs every half second',
    ['eviction-envelope'],
    ['no-storm', 'offline-peak'],
  ),
  fault(
    'rate-13',
    'emqx',
    'the node evicts 1.3 times the rate it was given',
    ['eviction-slope'],
    ['eviction-envelope', 'no-storm'],
  ),
  fault('evacuation-slow', 'emqx', 'the node evicts half the rate it was given', ['eviction-floor']),
  fault(
    'gauge-frozen',
    'emqx',
    "a node's gauges stop changing when its evacuation starts",
    ['gauge-truth'],
    ['conservation'],
  ),
  fault(
    'gauge-lies',
    'emqx',
    'new nodes report a tenth more connections than they hold',
    ['gauge-truth'],
    ['conservation'],
  ),
  fault('parallel-evacuation', 'operator', 'the next evacuation starts before the last has ended', [
    'evacuation-serial',
  ]),
  fault('wrong-order', 'operator', 'nodes are evacuated lowest ordinal first', ['evacuation-serial']),
  fault(
    'skip-takeover-wait',
    'emqx',
    'the node goes from evicting connections straight to evicting sessions',
    ['evacuation-states'],
  ),
  fault('no-initial-delay', 'operator', 'the first evacuation starts as soon as the new set serves', [
    'initial-delay',
  ]),
  fault('early-drop', 'emqx', 'an old node drops a few clients when new nodes join', ['undisturbed-before']),
  fault('switch-late', 'operator', 'old nodes stay in the Service until they are deleted', [
    'switch-before-evict',
    'landing',
  ]),
  fault('endpoints-empty', 'controllers', 'the Service has no endpoints for two seconds at the switch', [
    'switch-before-evict',
  ]),
  fault(
    'bounce',
    'emqx',
    'a new node disconnects each tenth client once more, a few seconds after it arrived',
    ['hops'],
  ),
  fault('refuse-some', 'emqx', 'new nodes refuse one CONNECT in five', ['refusals']),
  fault('slow-accept', 'emqx', 'new nodes answer a CONNECT only after eight seconds', ['downtime']),
  fault('lost-client', 'emqx', 'a few client ids are never admitted again once evicted', ['conservation']),
  fault('ghost-client', 'emqx', 'a node goes on listing a few clients that have moved to another', [
    'conservation',
  ]),
  fault('delete-undrained', 'operator', 'a pod is deleted while its node still has connections', [
    'drained-before-delete',
  ]),
  fault(
    'half-upgrade',
    'operator',
    'the last old node is never evacuated, yet the resource says it is done',
    ['all-new'],
  ),
  fault('status-early', 'operator', 'the resource says it is settled while nodes are still being evacuated', [
    'status-truth',
  ]),
  fault('wrong-recipients', 'operator', 'sessions are to be moved to old nodes', ['status-shape']),
  fault('session-lost', 'emqx', 'one session in fifty is lost when its client moves', ['session-kept']),
  fault('blackout', 'proxy', 'the Service answers nobody for five seconds during the first evacuation', [
    'available',
  ]),
  fault('evacuation-stuck', 'emqx', 'session eviction of the first node never ends', ['duration']),
  fault('starved-generator', 'host', 'the harness is stopped for 300 ms in every second', [
    'harness-healthy',
  ]),
]
