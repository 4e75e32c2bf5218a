import { usageError, type WeirError } from '#weir/errors/index.ts'
import { topicOf } from '../traffic/topic.ts'
import type { FleetSpec, GroupSpec } from '../types.ts'
import { short } from './bounds.ts'
import { clientIdOf } from './fleet-table.ts'

/** What the topics of a group are filled in from. */
type Owners = Pick<FleetSpec, 'clientId' | 'username' | 'clients'>

/**
 * Refuses topics and filters that become invalid, empty or too long once the client id and user name replace %c and %u.
 * Throws WEIR_USAGE.
 */
export function checkTopics({ name, publish, will, subscribe = [] }: GroupSpec, owners: Owners): void {
  if (publish) check(name, 'publish.topic', publish.topic, owners)
  if (will) check(name, 'will.topic', will.topic, owners)
  for (const { topic } of subscribe) check(name, 'subscribe.topic', topic, owners)
}

function check(group: string, field: string, topic: string, owners: Owners): void {
  const { clientId, username = '', clients } = owners
  if (topic.includes('%c')) plain(group, topic, '%c', `the client id "${clientId}" (-I)`, clientId)
  if (topic.includes('%u')) plain(group, topic, '%u', `the user name "${username}" (-u)`, username)
  // The last client has the longest id.
  const index = clients - 1
  const filled = topicOf(topic, {
    index,
    clientId: clientIdOf(owners, index),
    username,
    fleetClients: clients,
  })
  short(`${field} of "${group}", filled in,`, filled)
  if (filled === '' && topic !== '')
    throw usage(
      group,
      `nothing is left of the topic "${topic}" without a user name: give one, or leave out %u`,
    )
}

/** MQTT 5 §4.7.1: + and # are invalid in topics, and would widen filters. */
function plain(group: string, topic: string, variable: string, what: string, value: string): void {
  if (/[+#\0]/.test(value))
    throw usage(
      group,
      `the topic "${topic}" has ${variable}, and ${what} would bring +, # or a null character into it: choose another, or leave out ${variable}`,
    )
}

function usage(group: string, what: string): WeirError {
  return usageError(`fleet: group "${group}": ${what}`)
}
