import { quantityOf } from '#weir/facts/index.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import { isObject, type JsonObject, listAt } from '../json.ts'

/** What containers of a pod request beyond their own limits, in the API server's words. `path` is that of the pod's spec. */
export const resourceErrors = (object: unknown, ...path: string[]): FieldError[] =>
  ['initContainers', 'containers'].flatMap((list) =>
    listAt(object as JsonObject, ...path, list).flatMap(({ resources }, i) =>
      isObject(resources)
        ? beyondLimits(resources, `${path.join('.')}.${list}[${i}].resources.requests`)
        : [],
    ),
  )

function beyondLimits({ requests, limits }: JsonObject, field: string): FieldError[] {
  if (!isObject(requests) || !isObject(limits)) return []
  return Object.entries(requests).flatMap(([name, quantity]) => {
    const [wanted, most] = [quantity, limits[name]].map((one) => quantityOf(`${one}`))
    if (wanted === undefined || most === undefined || wanted <= most) return []
    return [
      invalidValue(field, `${quantity}`, `must be less than or equal to ${name} limit of ${limits[name]}`),
    ]
  })
}
