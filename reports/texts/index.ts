/** The texts of reports in the language chosen when they are read: hold a part of them, not a text. */
import { inChosen, language } from '#weir/facts/index.ts'
import { english as chartsInEnglish } from './charts-en.ts'
import { chinese as chartsInChinese } from './charts-zh.ts'
import { english as comparisonInEnglish } from './comparison-en.ts'
import { chinese as comparisonInChinese } from './comparison-zh.ts'
import { english } from './en.ts'
import { english as factsInEnglish } from './facts-en.ts'
import { chinese as factsInChinese } from './facts-zh.ts'
import { english as htmlInEnglish } from './html-en.ts'
import { chinese as htmlInChinese } from './html-zh.ts'
import { english as scriptInEnglish } from './script-en.ts'
import { chinese as scriptInChinese } from './script-zh.ts'
import { english as timelineInEnglish } from './timeline-en.ts'
import { chinese as timelineInChinese } from './timeline-zh.ts'
import { chinese } from './zh.ts'

export const TEXTS = inChosen({ en: english, zh: chinese })
export const FACT_TEXTS = inChosen({ en: factsInEnglish, zh: factsInChinese })
export const HTML_TEXTS = inChosen({ en: htmlInEnglish, zh: htmlInChinese })
export const CHART_TEXTS = inChosen({ en: chartsInEnglish, zh: chartsInChinese })
export const TIMELINE_TEXTS = inChosen({ en: timelineInEnglish, zh: timelineInChinese })
export const COMPARISON_TEXTS = inChosen({ en: comparisonInEnglish, zh: comparisonInChinese })

/** Those of the page's script, as data of the page. */
export const scriptTexts = () => ({ en: scriptInEnglish, zh: scriptInChinese })[language()]
