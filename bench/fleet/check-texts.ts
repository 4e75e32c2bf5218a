import type { GroupSpec, MessageProperties, UserProperties } from '../types.ts'
import { short } from './bounds.ts'

/**
 * Refuses texts of a group that are longer than the two bytes of their length can say (MQTT 5 §1.5.4, §1.5.6, §1.5.7), before a
 * worker writes them. Names the field, and MQTTX's flag for it. Throws WEIR_USAGE.
 */
export function checkTexts({ name, connect, will, subscribe = [], publish }: GroupSpec): void {
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
