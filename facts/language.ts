/** The language of what weir writes for people. Words of a record and of programs are English in every language. */

export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/** One for the whole process: what is written together is in one language. */
let chosen: Language = 'en'

export const language = (): Language => chosen

/** To be called before anything is written. */
export function chooseLanguage(one: Language): void {
  chosen = one
}

/** What `write` returns when it writes in another language. It must not wait for anything. */
export function inLanguage<T>(one: Language, write: () => T): T {
  const before = chosen
  chosen = one
  try {
    return write()
  } finally {
    chosen = before
  }
}

export const isLanguage = (text: string): text is Language => LANGUAGES.some((one) => one === text)

/** By POSIX' variables for the language of messages, the first of them that is set: "zh", "zh_CN.UTF-8", "zh-CN". */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^zh(?![a-z])/i.test(locale) ? 'zh' : 'en'
}

/** The same text in each language. */
export type InEach<T> = Readonly<Record<Language, T>>

/** `texts` as one object, at any depth: each text is looked up, in the language chosen then, when it is read. */
export function inChosen<T extends object>(texts: InEach<T>): T {
  const { en, ...others } = texts
  const read = {} as T
  for (const key of Object.keys(en) as (keyof T)[]) {
    const part = en[key]
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
      const parts = { en: part, zh: others.zh[key] } as InEach<T[keyof T] & object>
      read[key] = inChosen(parts)
    } else Object.defineProperty(read, key, { get: () => texts[chosen][key], enumerable: true })
  }
  return read
}
