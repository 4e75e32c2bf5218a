import { usageError, type WeirError } from '#weir/errors/index.ts'
import { HEADER_BYTES } from '../ledger/header.ts'
import type { FleetSpec, PublishSpec } from '../types.ts'
import { readTemplate } from './template.ts'
import { canBePublishedTo } from './topic.ts'

/** Far beyond what a broker takes by default (EMQX: 1 MiB), within what MQTT can say (§2.1.4). */
const MOST_PAYLOAD_BYTES = 16 * 1024 * 1024

/** Refuses traffic that cannot be, before a worker meets it. Throws WEIR_USAGE. */
export function checkTraffic(spec: FleetSpec): void {
  for (const { name, publish } of spec.groups) if (publish) check(name, publish)
}

function check(
  name: string,
  { topic, everyMs, limit = 0, inFlight = 1, payload, topicAlias }: PublishSpec,
): void {
  if (!canBePublishedTo(topic))
    throw usage(name, `the topic "${topic}" cannot be published to: it is empty or has a wildcard`)
  if (!(everyMs >= 0 && Number.isFinite(everyMs)))
    throw usage(name, `everyMs is ${everyMs} but must be a number from 0 up`)
  if (!(Number.isInteger(limit) && limit >= 0))
    throw usage(name, `limit is ${limit} but must be a whole number from 0 up`)
  if (!(Number.isInteger(inFlight) && inFlight >= 1 && inFlight <= 0xffff))
    throw usage(name, `inFlight is ${inFlight} but must be a whole number from 1 to 65535`)
  if (topicAlias !== undefined && !(Number.isInteger(topicAlias) && topicAlias >= 1 && topicAlias <= 0xffff))
    throw usage(name, `topicAlias is ${topicAlias} but must be a whole number from 1 to 65535`)
  const parts =
    payload.kind === 'lines' ? payload.lines : payload.kind === 'template' ? payload.templates : undefined
  if (parts?.length === 0) throw usage(name, 'there are no lines to publish')
  if (payload.kind === 'template') for (const template of payload.templates) readTemplate(template)
  if (payload.kind !== 'ledger' && payload.kind !== 'random') return
  const least = payload.kind === 'ledger' ? HEADER_BYTES : 0
  if (!(Number.isInteger(payload.bytes) && payload.bytes >= least && payload.bytes <= MOST_PAYLOAD_BYTES))
    throw usage(
      name,
      `the payload has ${payload.bytes} bytes, and must have from ${least}${least > 0 ? " (the ledger's header)" : ''} to ${MOST_PAYLOAD_BYTES}`,
    )
}

function usage(group: string, what: string): WeirError {
  return usageError(`fleet: publish of "${group}": ${what}`)
}
