/** The floor of the panel's page: takes the same messages, throws the texts away, and draws twelve figures a frame. */
import type { ToWebview } from '../src/shared/protocol.ts';

const METERS = 12;
const meters = Array.from({ length: METERS }, () =>
  document.body.appendChild(document.createElement('span')).appendChild(new Text()),
);
let characters = 0;
let isDue = false;

window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => {
  if (data.type !== 'events') return;
  for (const event of data.events)
    if (event.type === 'lane' && event.event.type === 'text') characters += event.event.text.length;
  if (!isDue) requestAnimationFrame(draw);
  isDue = true;
});

function draw(): void {
  isDue = false;
  for (const [index, meter] of meters.entries()) meter.data = ` ${characters + index} `;
}
