/** A value as Erlang prints it with ~p: a map, a list of atoms, a number, an atom, a text as it is. */
export type Term = string | number | readonly string[] | undefined | { readonly [key: string]: Term }

const isList = (term: Term): term is readonly string[] => Array.isArray(term)

const atom = (text: string) => (/^[a-z][\w@]*$/.test(text) ? text : `'${text}'`)

export function printed(term: Term): string {
  if (term === undefined) return 'undefined'
  if (typeof term === 'number') return String(term)
  if (typeof term === 'string') return term
  if (isList(term)) return `[${term.map(atom).join(',')}]`
  const entries = Object.entries(term).map(([key, value]) => `${key} => ${printed(value)}`)
  return `#{${entries.join(',')}}`
}
