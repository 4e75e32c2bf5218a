import { onSchemeChange } from './colours.ts'
import { drawPage, place } from './draw.ts'
import { evidenceGuide } from './evidence.ts'
import { outcomeFilter } from './outcome-filter.ts'
import type { PageData } from './page.ts'

const page = drawPage(JSON.parse(place('#page-data').textContent ?? '') as PageData)
outcomeFilter(place('#outcomes'), page.data.texts)
onSchemeChange(() => page.timeWindow.redraw())
evidenceGuide(page)
