/** Of pages that show runs over each other, in light and dark. They have no script. */
export const STYLE = `:root{color-scheme:light dark;--base:#8a8f98;--now:#1f6feb;--grid:#8884}
body{font:15px/1.5 system-ui,sans-serif;max-width:820px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--grid);vertical-align:top}
.scroll{overflow-x:auto}svg{width:100%;height:auto;font-size:11px}svg.dot{width:.9em}text{fill:currentColor}polyline{fill:none;stroke-width:1.5}
.base{stroke:var(--base)}.now{stroke:var(--now)}.grid{stroke:var(--grid)}.worse{font-weight:700}
.key::before{content:"";display:inline-block;width:1.5em;border-top:2px solid;margin-right:.4em;vertical-align:middle}
.key.base::before{border-color:var(--base)}.key.now::before{border-color:var(--now)}
.pass{fill:var(--now)}.fail{fill:none;stroke:#d1242f;stroke-width:2}.inconclusive{fill:var(--base)}.holds{fill:#1f6feb1c}`
