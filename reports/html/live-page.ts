import { escapeHtml } from '../text/escape.ts'
import { built, cspHash } from './built.ts'

const script = built('live.js')
const style = built('page-style.css')

/** The page's own script and style, and the server that it came from, for the record. */
export const LIVE_POLICY = [
  "default-src 'none'",
  `script-src ${cspHash(script)}`,
  `style-src ${cspHash(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page of a run under way, without anything of its record: `page/live.ts` fetches that from `<this address>/events`. */
export const livePage = (name: string): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(name)} · weir</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    '<header id="live-head">',
    `<p class="kicker">weir · ${escapeHtml(name)}</p>`,
    '<h1><span class="headline" id="live-state" role="status">Reading the record…</span></h1>',
    '<p class="description" id="live-words"></p>',
    '<p><button type="button" id="live-pause">Pause</button> <a id="live-report" href="" hidden>The report</a> <a href="/">All runs</a></p>',
    '</header>',
    '<noscript><p>This page needs JavaScript. The report of a run that has ended does not.</p></noscript>',
    '<div id="live-charts"></div>',
    '</main>',
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
