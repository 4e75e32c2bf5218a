import { escapeHtml } from '../text/escape.ts'
import { HTML_TEXTS as texts } from '../texts/index.ts'

/** The place of the timeline, which the page's script fills. */
export const timelineSection = (): string =>
  `<section id="timeline-section" aria-labelledby="timeline-title"><h2 id="timeline-title">${escapeHtml(texts.sections.timeline)}</h2><div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(texts.events)}"><ol id="timeline" class="timeline"></ol></div></section>`
