/** When the auction ends, in one sentence. */
import type { Rules, Say } from './rules.ts';

export function softCloseRule({ softClose, closesAt }: Rules, say: Say): string {
  const { t } = say;
  const at = say.at(closesAt);
  if (softClose.mode === 'none') return t('closesPlanned', { at });
  const { extensionsMax: max, hardEndAfterSeconds } = softClose;
  const hardEnd = say.at(after(closesAt, hardEndAfterSeconds));
  if (softClose.mode === 'phase') {
    return t('softPhase', { at, extension: say.span(softClose.extensionSeconds), max, hardEnd });
  }
  if (softClose.mode !== 'cooloff') {
    const { windowSeconds, extensionSeconds } = softClose;
    // A window that nothing falls into, or that moves nothing.
    if (max === 0 || extensionSeconds === 0 || hardEndAfterSeconds === 0) return t('closesPlanned', { at });
    const window = say.span(windowSeconds);
    return t('softWindow', { at, window, extension: say.span(extensionSeconds), max, hardEnd });
  }
  const quiet = t('softCooloff', { quiet: say.span(softClose.quietSeconds), at, hardEnd });
  const stop = softClose.dailyStop;
  if (stop === undefined) return quiet;
  const when = { stop: stop.stop, zone: `UTC${stop.utcOffset}` };
  const rest =
    stop.resume === undefined ? t('stopEnd', when) : t('stopDay', { ...when, resume: stop.resume });
  return `${quiet} ${rest}`;
}

function after(instant: string, seconds: number): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? instant : new Date(ms + seconds * 1000).toISOString();
}
