/** What a refusing CONNACK says, in words. 3.1.1 return codes are below 0x80 (OASIS 3.1.1, 3.2.2.3), 5 above (5.0, 3.2.2.2). */
const WORDS: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
  128: 'unspecified error',
  133: 'client identifier not valid',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  151: 'quota exceeded',
  156: 'use another server',
  157: 'server moved',
  159: 'connection rate exceeded',
}

/** "0x9C (use another server)", "code 3 (server unavailable)". */
export function connackWords(code: number): string {
  const shown =
    code < 0 ? 'without a code' : code < 128 ? `code ${code}` : `0x${code.toString(16).toUpperCase()}`
  return WORDS[code] === undefined ? shown : `${shown} (${WORDS[code]})`
}
