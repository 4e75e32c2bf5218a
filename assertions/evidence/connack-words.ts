import { MQTT_CODE_WORDS } from '#weir/facts/mqtt-codes.ts'

/** "0x9C (use another server)", "code 3 (server unavailable)". */
export function connackWords(code: number): string {
  const shown =
    code < 0 ? 'without a code' : code < 128 ? `code ${code}` : `0x${code.toString(16).toUpperCase()}`
  const words = MQTT_CODE_WORDS[code]
  return words === undefined ? shown : `${shown} (${words})`
}
