/** What can be seen to be wrong with a page without understanding it. Runs inside the page. */

export type Inspected = { readonly kind: string; readonly what: string };

/**
 * Text outside its box, text over text, things outside the window, words in the other language, names of texts in
 * place of the texts. Left alone: what scrolls by itself, what says with an ellipsis that there is more, what
 * only a screen reader reads.
 * @param locale language the page should speak.
 */
export function inspect(locale: 'zh' | 'en'): Inspected[] {
  const found: Inspected[] = [];
  const seen = new Set<string>();
  const say = (kind: string, element: Element, more = ''): void => {
    const text = (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 80);
    const what = `<${element.tagName.toLowerCase()}> ${JSON.stringify(text)}${more}`;
    if (seen.has(kind + what)) return;
    seen.add(kind + what);
    found.push({ kind, what });
  };

  const isShown = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) return false;
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const ownText = (element: Element): string =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent ?? '')
      .join(' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
  /** Of an ancestor that scrolls or clips: what of the element is in it. */
  const visibleBox = (element: Element, box: DOMRect): DOMRect | undefined => {
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.position === 'fixed') return undefined;
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const outer = at.getBoundingClientRect();
      if (style.overflowX !== 'visible')
        [left, right] = [Math.max(left, outer.left), Math.min(right, outer.right)];
      if (style.overflowY !== 'visible')
        [top, bottom] = [Math.max(top, outer.top), Math.min(bottom, outer.bottom)];
    }
    return right - left > 1 && bottom - top > 1
      ? new DOMRect(left, top, right - left, bottom - top)
      : undefined;
  };
  const isStuck = (element: Element): boolean => {
    for (let at: Element | null = element; at; at = at.parentElement)
      if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return true;
    return false;
  };

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    found.push({
      kind: 'wider than the window',
      what: `${document.documentElement.scrollWidth} of ${width} px`,
    });

  const texts = [...document.body.querySelectorAll('*')].filter(
    (element) =>
      !['SCRIPT', 'STYLE', 'NOSCRIPT', 'OPTION', 'TITLE', 'DESC'].includes(element.tagName) &&
      ownText(element) !== '' &&
      isShown(element),
  );

  const rects: { element: Element; box: DOMRect }[] = [];
  for (const element of texts) {
    const style = getComputedStyle(element);
    const clips = (value: string): boolean => value === 'hidden' || value === 'clip';
    const isEllipsis = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    if (element instanceof HTMLElement && style.display !== 'inline') {
      const over = element.scrollWidth - element.clientWidth;
      const scrolls = ['auto', 'scroll'].includes(style.overflowX);
      if (over > 1 && clips(style.overflowX) && !isEllipsis) say('text cut off', element, ` by ${over} px`);
      else if (over > 1 && !scrolls && !clips(style.overflowX))
        say('text out of its box', element, ` by ${over} px`);
      const below = element.scrollHeight - element.clientHeight;
      if (below > 3 && clips(style.overflowY) && !isEllipsis)
        say('text cut off', element, ` below by ${below} px`);
    }
    const range = document.createRange();
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || (node.textContent ?? '').trim() === '') continue;
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        const box = visibleBox(element, line);
        if (!box) continue;
        if (box.right > width + 1 || box.left < -1) say('outside the window', element);
        if (!isStuck(element)) rects.push({ element, box });
      }
    }
  }
  rects.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < rects.length; i += 1) {
    const a = rects[i]!;
    for (let j = i + 1; j < rects.length && rects[j]!.box.top < a.box.bottom - 4; j += 1) {
      const b = rects[j]!;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
      if (a.element === b.element || across <= 3 || down <= 4) continue;
      // A layer above another one is meant: a menu, a dialog, a picture's legend.
      const at = document.elementFromPoint(b.box.left + b.box.width / 2, b.box.top + b.box.height / 2);
      if (at && !at.contains(a.element) && !at.contains(b.element) && at !== a.element && at !== b.element)
        continue;
      say('text over text', b.element, ` over ${JSON.stringify(ownText(a.element).slice(0, 40))}`);
    }
  }

  const isForeign = (element: Element): boolean => {
    const lang = element.closest('[lang]')?.getAttribute('lang') ?? '';
    return !lang.startsWith(locale) || element.closest('code, pre, samp, kbd, [translate="no"]') !== null;
  };
  /** Four words in a row; a company's name in Latin letters ends as names do. */
  const LATIN = /(?:\b[A-Za-z][a-z’']+\b[ ,;:-]+){3,}[A-Za-z][a-z’']+/;
  const NAME = /\(Demo\)|Co\.,? Ltd|Limited|LLC|PLC|Corporation|N\.V\.|\bGB[ /]T|\bISO\b|https?:/;
  /** A name has capitals only. */
  const isSentence = (text: string): boolean => / [a-z]{2,}/.test(LATIN.exec(text)?.[0] ?? '');
  const CHINESE = /[\u4e00-\u9fff]/;
  for (const element of texts) {
    const text = ownText(element);
    if (/\{[a-z]\w*\}|\bundefined\b|\bNaN\b|\[object|\bnull\b/.test(text)) say('raw value', element);
    if (element.closest('code, pre, samp, kbd, .font-mono, [translate="no"]') === null) {
      if (/^[a-z]+(?:[A-Z][a-z]+)+$/.test(text) || /(?:^|\s)[a-z]{2,}(?:_[a-z]{2,})+(?:$|\s)/.test(text))
        say('name of a text', element);
    }
    if (isForeign(element)) continue;
    if (locale === 'zh' && !CHINESE.test(text) && isSentence(text) && !NAME.test(text))
      say('not translated', element);
    if (
      locale === 'en' &&
      /[\u4e00-\u9fff]{4,}.*[\u3002\uff0c\uff1b\uff1a]/.test(text) &&
      !/[A-Za-z]{3}/.test(text)
    )
      say('not translated', element);
  }
  for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const text = element.getAttribute(name) ?? '';
      if (text === '' || isForeign(element) || NAME.test(text)) continue;
      const isWrong = locale === 'zh' ? !CHINESE.test(text) && /[A-Za-z]{3,} [a-z]{2,}/.test(text) : false;
      if (isWrong || /\{[a-z]\w*\}|\bundefined\b/.test(text))
        found.push({ kind: 'not translated', what: `${name}=${JSON.stringify(text)}` });
    }
  }
  return found;
}
