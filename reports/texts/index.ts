/** The texts of reports in the language chosen when they are read: hold a part of them, not a text. */
import { inChosen } from '#weir/facts/index.ts'
import { english } from './en.ts'
import { english as factsInEnglish } from './facts-en.ts'
import { chinese as factsInChinese } from './facts-zh.ts'
import { chinese } from './zh.ts'

export const TEXTS = inChosen({ en: english, zh: chinese })
export const FACT_TEXTS = inChosen({ en: factsInEnglish, zh: factsInChinese })
