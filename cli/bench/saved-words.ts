/** MQTTX writes versions as numbers: 3 is 3.1, 4 is 3.1.1. */
const VERSIONS: Readonly<Record<string, string>> = { '3': '3.1', '4': '3.1.1' }

/** MQTTX writes these into every file, given or not; they mean nothing. */
const IMPLIED: Readonly<Record<string, unknown>> = {
  path: '/mqtt',
  reqProblemInfo: true,
  maximumReconnectTimes: 10,
  message: 'Hello From MQTTX CLI',
}

/** The command line of a saved section, so that one parser checks both. */
export function wordsOf(section: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(section).flatMap(([key, value]) => {
    const name = kebabCase(key)
    if (value === null || value === undefined || value === IMPLIED[key]) return []
    if (value === true) return [`--${name}`]
    if (value === false)
      return [name === 'no_local' || name === 'retain-as-published' ? `--${name}=false` : `--no-${name}`]
    if (name === 'mqtt-version') return [`--${name}=${VERSIONS[String(value)] ?? value}`]
    if (Array.isArray(value)) return value.map((item) => `--${name}=${item}`)
    if (typeof value === 'object') return pairsOf(value).map((pair) => `--${name}=${pair}`)
    return [`--${name}=${value}`]
  })
}

/** MQTTX writes user properties and headers as objects: { name: value } or { name: [value, …] }. */
function pairsOf(object: object): string[] {
  return Object.entries(object).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}`),
  )
}

export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
