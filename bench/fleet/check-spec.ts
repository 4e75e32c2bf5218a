import { usageError, type WeirError } from '#weir/errors/index.ts'
import { FOUR_BYTES, MOST_VARIABLE, TWO_BYTES } from '../codec/fields.ts'
import { canBePublishedTo, topicOf } from '../traffic/topic.ts'
import { checkTransport } from '../transport/check-transport.ts'
import type {
  ConnectProperties,
  FleetSpec,
  GroupSpec,
  MessageProperties,
  SubscriptionSpec,
  UserProperties,
  WillSpec,
} from '../types.ts'
import { clientIdOf } from './fleet-table.ts'

/** Refuses numbers, strings and transports that cannot be, before a worker meets them. Throws WEIR_USAGE. */
export function checkSpec(spec: FleetSpec): void {
  whole('clients', spec.clients, 1, 10_000_000)
  whole('connectsInFlight', spec.connectsInFlight, 1, Number.MAX_SAFE_INTEGER)
  whole('workers', spec.workers, 0, 1024)
  whole('processes', spec.processes ?? 0, 0, 1024)
  if (spec.targets.length === 0) throw usageError('fleet: targets is empty: name a broker')
  for (const { port } of spec.targets) whole('target.port', port, 1, TWO_BYTES)
  whole('startNumber', spec.startNumber ?? 0, 0, Number.MAX_SAFE_INTEGER - spec.clients)
  whole('keepAliveSeconds', spec.keepAliveSeconds, 0, TWO_BYTES)
  whole('seed', spec.seed, 0, Number.MAX_SAFE_INTEGER)
  if (spec.churn) {
    positive('churn.stayMs', spec.churn.stayMs)
    positive('churn.periodMs', spec.churn.periodMs)
  }
  positive('connectTimeoutMs', spec.connectTimeoutMs)
  positive('connackTimeoutMs', spec.connackTimeoutMs)
  // The index may make an id longer than its pattern: room for it twice over.
  short('clientId', spec.clientId, TWO_BYTES - 1000)
  short('username', spec.username)
  short('password', spec.password)
  for (const [name, values = []] of Object.entries({ ...spec.credentials, certificates: [] }))
    for (const value of values as readonly string[]) short(`credentials.${name}`, value)
  checkTransport(spec.transport)
  for (const group of spec.groups) checkGroup(group, spec)
}

/** Subscriptions of one client; each may need a SUBSCRIBE with its own packet id. */
const MOST_SUBSCRIPTIONS = 255

/** Refuses groups whose clients would break MQTT, or use what their version of MQTT lacks. Throws WEIR_USAGE. */
function checkGroup(group: GroupSpec, spec: Owners): void {
  const { name, protocol, persistent, sessionExpirySeconds = 0, connect = {}, will, subscribe = [] } = group
  checkTexts(group)
  whole(`sessionExpirySeconds of "${name}"`, sessionExpirySeconds, 0, FOUR_BYTES)
  if (protocol === '3.1.1') only5(name, connect, will, subscribe)
  checkConnect(name, connect)
  if (will) checkWill(name, will)
  whole(`subscriptions of "${name}"`, subscribe.length, 0, MOST_SUBSCRIPTIONS)
  for (const filter of subscribe) checkFilter(name, filter)
  if (spec.clientId === '' && !spec.credentials?.ids) checkWithoutId(group, persistent)
  checkTopics(group, spec)
}

function checkConnect(name: string, connect: ConnectProperties): void {
  const { receiveMaximum, maximumPacketSize, topicAliasMaximum } = connect
  whole(`connect.receiveMaximum of "${name}"`, receiveMaximum ?? 1, 1, TWO_BYTES)
  whole(`connect.maximumPacketSize of "${name}"`, maximumPacketSize ?? 1, 1, FOUR_BYTES)
  whole(`connect.topicAliasMaximum of "${name}"`, topicAliasMaximum ?? 0, 0, TWO_BYTES)
}

function checkWill(name: string, { topic, message, delaySeconds, properties }: WillSpec): void {
  whole(`will.delaySeconds of "${name}"`, delaySeconds ?? 0, 0, FOUR_BYTES)
  whole(`will.messageExpirySeconds of "${name}"`, properties?.messageExpirySeconds ?? 0, 0, FOUR_BYTES)
  short(`will.message of "${name}"`, message)
  // Variables may make a topic longer than its pattern: room for it twice over.
  short(`will.topic of "${name}"`, topic, TWO_BYTES / 2)
  if (!canBePublishedTo(topic))
    throw usage(name, `the will's topic "${topic}" cannot be published to: it is empty or has a wildcard`)
}

function checkFilter(name: string, { topic, noLocal, retainHandling, identifier }: SubscriptionSpec): void {
  short(`subscribe.topic of "${name}"`, topic, TWO_BYTES / 2)
  // MQTT 5 §3.8.2.1.2.
  whole(`subscribe.identifier of "${name}"`, identifier ?? 1, 1, MOST_VARIABLE)
  whole(`subscribe.retainHandling of "${name}"`, retainHandling ?? 0, 0, 2)
  if (topic === '') throw usage(name, 'a subscription has an empty topic filter: name one')
  if (noLocal && topic.startsWith('$share/'))
    throw usage(name, `"${topic}" is shared, and noLocal is forbidden for it (MQTT 5 §3.8.3.1): leave it out`)
}

/** What MQTT 3.1.1 has no place for would be left out without a word. */
function only5(
  name: string,
  connect: ConnectProperties,
  will: WillSpec | undefined,
  subscribe: readonly SubscriptionSpec[],
): void {
  const said = [
    ...Object.entries(connect).map(([key, value]) => [`connect.${key}`, value]),
    ['will.delaySeconds', will?.delaySeconds],
    ['will.properties', will?.properties],
    ...subscribe.flatMap(({ topic: _topic, qos: _qos, ...options }) =>
      Object.entries(options).map(([key, value]) => [`subscribe.${key}`, value]),
    ),
  ] as const
  const [first] = said.find(([, value]) => value !== undefined && value !== false && value !== 0) ?? []
  if (first)
    throw usage(name, `${first} needs MQTT 5, and the group speaks 3.1.1: leave it out, or use protocol "5"`)
}

function checkWithoutId({ name, protocol, publish, subscribe = [], will }: GroupSpec, keeps: boolean): void {
  // §3.1.3.1: "the Client MUST also set CleanSession to 1".
  if (protocol === '3.1.1' && keeps)
    throw usage(name, 'MQTT 3.1.1 keeps no session of a client without an id: give clientId')
  const topics = [publish?.topic, will?.topic, ...subscribe.map(({ topic }) => topic)]
  if (topics.some((topic) => topic?.includes('%c')))
    throw usage(name, 'a topic has %c, and the server chooses the client ids later: use %i, or give clientId')
}

/**
 * Refuses texts longer than their two-byte length allows (MQTT 5 §1.5.4, §1.5.6, §1.5.7), by field and MQTTX flag. Throws
 * WEIR_USAGE.
 */
function checkTexts({ name, connect, will, subscribe = [], publish }: GroupSpec): void {
  pairs(`connect.userProperties of "${name}" (-Cup, of bench conn -up)`, connect?.userProperties)
  for (const { userProperties } of subscribe)
    pairs(`subscribe.userProperties of "${name}" (-up)`, userProperties)
  message(name, 'will', will?.properties, 'W')
  message(name, 'publish', publish?.properties, '')
}

function message(group: string, of: string, properties: MessageProperties = {}, prefix: '' | 'W'): void {
  const field = (key: keyof MessageProperties, flag: string) =>
    `${of}.${key} of "${group}" (-${prefix}${flag})`
  short(field('contentType', 'ct'), properties.contentType)
  short(field('responseTopic', 'rt'), properties.responseTopic)
  short(field('correlationData', 'cd'), properties.correlationData)
  pairs(field('userProperties', 'up'), properties.userProperties)
}

function pairs(field: string, properties: UserProperties = {}): void {
  for (const [name, values] of Object.entries(properties))
    for (const text of [name, ...(typeof values === 'string' ? [values] : values)]) short(field, text)
}

/** Throws WEIR_USAGE, as the others: the fleet's spec names what is wrong. */
export function whole(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw usageError(`fleet: ${name} is ${value} but must be a whole number from ${low} to ${high}`)
}

function positive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw usageError(`fleet: ${name} is ${value} but must be a number above 0`)
}

export function short(name: string, text: string | undefined, mostBytes = TWO_BYTES): void {
  if (text !== undefined && Buffer.byteLength(text) > mostBytes)
    throw usageError(
      `fleet: ${name} has ${Buffer.byteLength(text)} bytes, but MQTT allows at most ${mostBytes}`,
    )
}

/** What the topics of a group are filled in from. */
type Owners = Pick<FleetSpec, 'clientId' | 'username' | 'clients' | 'credentials' | 'startNumber'>

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
  const { clientId, username = '', clients, credentials = {} } = owners
  const { ids = [clientId], usernames = [username] } = credentials
  if (topic.includes('%c')) for (const id of ids) plain(group, topic, '%c', `the client id "${id}" (-I)`, id)
  if (topic.includes('%u'))
    for (const name of usernames) plain(group, topic, '%u', `the user name "${name}" (-u)`, name)
  // The last client has the longest id, unless each has its own.
  const index = clients - 1
  const filled = topicOf(topic, {
    index,
    clientId: credentials.ids ? longest(ids) : clientIdOf(owners, index),
    username: longest(usernames),
    fleetClients: clients,
    startNumber: owners.startNumber,
  })
  short(`${field} of "${group}", filled in,`, filled)
  if (filled === '' && topic !== '')
    throw usage(
      group,
      `nothing is left of the topic "${topic}" without a user name: give one, or leave out %u`,
    )
}

function longest(texts: readonly string[]): string {
  return texts.reduce((long, text) => (Buffer.byteLength(text) > Buffer.byteLength(long) ? text : long))
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
