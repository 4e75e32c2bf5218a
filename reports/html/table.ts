import { escapeHtml } from '../text/escape.ts'
import { HTML_TEXTS as texts } from '../texts/index.ts'

/** A table with a name for each row; `names` are those of the columns after it. All text is escaped. */
export function table(
  caption: string,
  names: readonly string[],
  rows: readonly { name: string; values: readonly (string | number)[] }[],
): string {
  const head = names.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table class="percentiles"><caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr><th scope="col"><span class="unseen">${texts.of}</span></th>${head}</tr></thead>`,
    `<tbody>${rows.map(row).join('')}</tbody></table></div>`,
  ].join('')
}

const row = ({ name, values }: { name: string; values: readonly (string | number)[] }) =>
  `<tr><th scope="row">${escapeHtml(name)}</th>${values.map((value) => `<td>${escapeHtml(String(value))}</td>`).join('')}</tr>`
