/** The place of the timeline, which the page's script fills. */
export const TIMELINE_SECTION =
  '<section id="timeline-section" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2><div class="scroll" tabindex="0" role="region" aria-label="Events of the run"><ol id="timeline" class="timeline"></ol></div></section>'
