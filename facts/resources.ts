/** What a container requests and may use at most: quantities of Kubernetes, e.g. cpu "500m" and memory "1Gi". */
export interface Resources {
  requests?: Amounts
  limits?: Amounts
}

export interface Amounts {
  cpu?: string | number
  memory?: string | number
}

const KINDS = ['requests', 'limits'] as const
const NAMES = ['cpu', 'memory'] as const

/** The figures of some resources, in one order. */
const figures = (resources: Resources) =>
  KINDS.flatMap((kind) => NAMES.map((name) => ({ kind, name, amount: resources[kind]?.[name] })))

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P', 'E']
const SMALL: Readonly<Record<string, number>> = { m: 1e3, u: 1e6, n: 1e9 }

/** A quantity of Kubernetes as a number of cores, bytes or pods; undefined for a text that is none. */
export function quantityOf(quantity: string | number): number | undefined {
  const [, number, suffix = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))([a-zA-Z]*|[eE][+-]?\d+)$/.exec(`${quantity}`) ?? []
  if (number === undefined) return undefined
  const value = Number(number)
  if (BINARY.includes(suffix)) return value * 1024 ** BINARY.indexOf(suffix)
  if (DECIMAL.includes(suffix)) return value * 1000 ** DECIMAL.indexOf(suffix)
  // Divided, so that 100m is the same number as 0.1.
  if (suffix in SMALL) return value / SMALL[suffix]!
  return /^[eE]/.test(suffix) ? Number(`${number}${suffix}`) : undefined
}

/** Whether two containers have the same requests and limits, however they are written. */
export const sameResources = (a: Resources, b: Resources): boolean =>
  comparison(a, b).every(({ by }) => by === 0)

/** Each figure of `a` that differs from that of `b`. */
export const differingFigures = (a: Resources, b: Resources) => comparison(a, b).filter(({ by }) => by !== 0)

/** The same in words: "limits memory 1Gi instead of 2Gi". */
export const differences = (a: Resources, b: Resources): string[] =>
  differingFigures(a, b).map(
    ({ kind, name, is, other }) => `${kind} ${name} ${is ?? 'none'} instead of ${other ?? 'none'}`,
  )

/** The first figure of `a` that exceeds that of `b`: "requests cpu 4 exceeds 2". A figure that either lacks exceeds nothing. */
export function exceeding(a: Resources, b: Resources): string | undefined {
  const found = comparison(a, b).find(({ by }) => by !== undefined && by > 0)
  return found && `${found.kind} ${found.name} ${found.is} exceeds ${found.other}`
}

/** `by`: positive where `a` has more, 0 where both have as much or nothing, undefined where only one has a figure. */
function comparison(a: Resources, b: Resources) {
  const others = figures(b)
  return figures(a).map(({ kind, name, amount: is }, i) => {
    const other = others[i]!.amount
    const [left, right] = [is, other].map((one) => (one === undefined ? undefined : quantityOf(one)))
    if (is === undefined && other === undefined) return { kind, name, is, other, by: 0 }
    const isKnown = left !== undefined && right !== undefined
    return { kind, name, is, other, by: isKnown ? left - right : undefined }
  })
}

/** "requests cpu 200m and memory 500Mi, limits cpu 1 and memory 1Gi"; "neither requests nor limits". */
export function resourcesText(resources: Resources): string {
  const told = KINDS.flatMap((kind) => {
    const of = NAMES.flatMap((name) => {
      const amount = resources[kind]?.[name]
      return amount === undefined ? [] : [`${name} ${amount}`]
    })
    return of.length === 0 ? [] : [`${kind} ${of.join(' and ')}`]
  })
  return told.length === 0 ? 'neither requests nor limits' : told.join(', ')
}

/** From the `resources` of a raw container, which may be damaged: cpu and memory. Undefined where it has none. */
export function readResources(raw: unknown): Resources {
  const amountsOf = (of: unknown): Amounts | undefined => {
    const found = NAMES.flatMap((name) => {
      const amount = (of as Record<string, unknown> | null | undefined)?.[name]
      return typeof amount === 'string' || typeof amount === 'number' ? [[name, amount] as const] : []
    })
    return found.length === 0 ? undefined : Object.fromEntries(found)
  }
  const { requests, limits } = (raw ?? {}) as { requests?: unknown; limits?: unknown }
  const [wanted, most] = [amountsOf(requests), amountsOf(limits)]
  return { ...(wanted && { requests: wanted }), ...(most && { limits: most }) }
}
