/**
 * Keeps what was typed into a long form over a reload, in this tab alone and until it is closed. Never a password,
 * never a file; what the server sent back after a refusal is newer and stays.
 */
type Kept = Readonly<Record<string, string>>;
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const PASSING = new Set(['hidden', 'password', 'file', 'submit']);

/** An attachment of an element around the form: `{@attach keepTyped('register', { restore: !form })}`. */
export function keepTyped(name: string, { restore }: { readonly restore: boolean }) {
  return (around: HTMLElement): (() => void) => {
    if (restore) putBack(around, read(name));
    const keep = (): void => write(name, typedIn(around));
    around.addEventListener('input', keep);
    around.addEventListener('change', keep);
    return () => {
      around.removeEventListener('input', keep);
      around.removeEventListener('change', keep);
    };
  };
}

export function forgetTyped(name: string): void {
  try {
    sessionStorage.removeItem(`typed.${name}`);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function controls(around: HTMLElement): Control[] {
  return [...around.querySelectorAll<Control>('input[name], select[name], textarea[name]')].filter(
    ({ type }) => !PASSING.has(type),
  );
}

const isTick = (control: Control): control is HTMLInputElement =>
  control.type === 'checkbox' || control.type === 'radio';
/** Radios of one name differ in their value. */
const keyOf = (control: Control): string =>
  control.type === 'radio' ? `${control.name}=${control.value}` : control.name;

function typedIn(around: HTMLElement): Kept {
  return Object.fromEntries(
    controls(around).map((control) => [
      keyOf(control),
      isTick(control) ? (control.checked ? 'on' : '') : control.value,
    ]),
  );
}

/** As if it were typed again, so that everything on the page that follows a field follows it. */
function putBack(around: HTMLElement, kept: Kept): void {
  for (const control of controls(around)) {
    const value = kept[keyOf(control)];
    if (value === undefined) continue;
    if (isTick(control)) {
      if (control.checked === (value === 'on')) continue;
      control.checked = value === 'on';
    } else if (control.value === value) continue;
    else control.value = value;
    control.dispatchEvent(new Event('input', { bubbles: true }));
    control.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

function read(name: string): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(`typed.${name}`) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

function write(name: string, kept: Kept): void {
  try {
    sessionStorage.setItem(`typed.${name}`, JSON.stringify(kept));
  } catch {
    // Full or forbidden: the form works as before.
  }
}
