import { WeirError } from '#weir/errors/index.ts'
import { isLanguage, LANGUAGES, type Language, languageOf } from '#weir/facts/index.ts'

/** A command line without its `--lang`, and the language that it or the environment asks for. */
export interface Spoken {
  words: readonly string[]
  language: Language
}

/** `--lang` may stand anywhere, and more than once: the last one holds. Throws WEIR_USAGE for a language that weir does not have. */
export function spokenIn(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Spoken {
  const words: string[] = []
  let language = languageOf(env)
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') return { words: [...words, ...argv.slice(i)], language }
    if (word === '--lang') language = languageNamed(argv[++i])
    else if (word.startsWith('--lang=')) language = languageNamed(word.slice('--lang='.length))
    else words.push(word)
  }
  return { words, language }
}

function languageNamed(name = ''): Language {
  if (isLanguage(name)) return name
  throw new WeirError('WEIR_USAGE', `--lang cannot be "${name}": use one of ${LANGUAGES.join(', ')}`)
}
