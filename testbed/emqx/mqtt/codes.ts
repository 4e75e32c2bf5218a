import type { Ending } from '../session/ending.ts'

/** MQTT reason codes and return codes that an emulated node sends (MQTT 5 §2.4; 3.1.1 §3.2.2.3). */
export const REASON = {
  success: 0x00,
  malformed: 0x81,
  protocolError: 0x82,
  unsupportedVersion: 0x84,
  notAuthorized: 0x87,
  keepAliveTimeout: 0x8d,
  takenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdInUse: 0x91,
  packetIdNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  quotaExceeded: 0x97,
  administrative: 0x98,
  useAnotherServer: 0x9c,
  unspecified: 0x80,
  clientIdInvalid: 0x85,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
} as const

/** Reason → 3.1.1 CONNACK return code, as EMQX maps them (docs/contract/emqx.md#connack-codes). */
export function returnCode(reason: number): number {
  if (reason === 0) return 0
  if (reason <= 0x84) return 1
  if (reason === 0x85) return 2
  if (reason === 0x86) return 4
  if (reason === 0x87 || reason === 0x8a || reason === 0x8c) return 5
  return 3
}

/** Reason of a refusal → what EMQX counts the end of the process under. */
export function endingOf(reason: number): Ending {
  if (reason === REASON.useAnotherServer) return 'use_another_server'
  if (reason === REASON.quotaExceeded) return 'quota_exceeded'
  if (reason === REASON.notAuthorized) return 'not_authorized'
  return reason === REASON.clientIdInvalid ? 'client_identifier_not_valid' : 'protocol_error'
}
