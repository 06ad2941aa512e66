/**
 * The gate as its page sees it. Everything it decides is on the disk before the guard is told; the exchange hears of
 * it when there is network, as often as it takes.
 */
import type { Device, GateSync, GateSyncAnswer, PassFacts } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { type Problem, unreachable } from '#lib/api/problem.ts';
import { type Checked, checkToken } from './check.ts';
import { makeKeys, signMessage } from './messages.ts';
import {
  type Book,
  type GateDevice,
  type KeptEvent,
  loadBook,
  loadDevice,
  loadEvents,
  notBefore,
  saveBook,
  saveDevice,
  saveEvent,
  takePass,
  usedPasses,
} from './store.ts';

const SYNC_MS = 30_000;
/** As many as one message to the exchange may carry. */
const EVENTS_AT_ONCE = 50;
const SHOWN = 12;

export type RefusalReason = 'plate_differs' | 'driver_differs' | 'vehicle_unsafe' | 'overloaded' | 'other';

export class GateDesk {
  device = $state.raw<GateDevice>();
  book = $state.raw<Book>();
  events = $state.raw<readonly KeptEvent[]>([]);
  /** The disk has been read: until then nobody knows whether this is a gate. */
  ready = $state(false);
  connected = $state(false);
  /** What the exchange said against the last sync, other than that it could not be reached. */
  problem = $state.raw<Problem>();
  #syncing: Promise<void> | undefined;
  #again = false;

  readonly waiting = $derived(this.events.filter(({ outcome }) => outcome === null).length);
  readonly recent = $derived(this.events.toReversed().slice(0, SHOWN));

  /** @returns what ends it. */
  start(): () => void {
    const sync = (): void => void this.sync();
    const timer = setInterval(sync, SYNC_MS);
    window.addEventListener('online', sync);
    void this.#load().then(sync);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', sync);
    };
  }

  async #load(): Promise<void> {
    [this.device, this.book, this.events] = await Promise.all([loadDevice(), loadBook(), loadEvents()]);
    this.ready = true;
  }

  async register(name: string, place: string): Promise<Problem | undefined> {
    const { keys, publicKey } = await makeKeys();
    const body = { kind: 'gate', name, publicKey, ...(place !== '' && { place }) };
    const made = await call<Device>(fetch, 'POST', '/v1/devices', { body });
    if (!made.ok) return made.problem;
    this.device = { id: made.data.id, name, place: made.data.place, sellerId: '', keys, revoked: false };
    await saveDevice(this.device);
    await navigator.storage?.persist?.().catch(() => false);
    await this.sync();
    return undefined;
  }

  async check(token: string): Promise<Checked> {
    const { device, book } = this;
    if (!device || !book) return { verdict: 'unreadable' };
    const [used, now] = [await usedPasses(), await notBefore(Date.now() + book.ahead)];
    return checkToken(token, { device, book, used, now });
  }

  /** @returns false when this gate has already decided about the pass. */
  async decide(
    token: string,
    facts: Pick<PassFacts, 'passId' | 'plate'>,
    decision: 'admitted' | 'refused',
    reason: RefusalReason | null,
  ): Promise<boolean> {
    const { device, book } = this;
    if (!device || !book) return false;
    const at = new Date(await notBefore(Date.now() + book.ahead)).toISOString();
    const { passId, plate } = facts;
    const payload = JSON.stringify({ decision, token, at, reason });
    const kept = await takePass({ passId, plate, decision, sentAt: at, payload });
    if (!kept) return false;
    await this.#sign(device, kept);
    this.events = await loadEvents();
    void this.sync();
    return true;
  }

  async #sign(device: GateDevice, event: KeptEvent): Promise<KeptEvent> {
    if (event.signature !== null) return event;
    const { sequence, sentAt, payload } = event;
    const unsigned = { device: device.id, sequence, sentAt, payload };
    const { signature } = await signMessage(device.keys.privateKey, 'gate_event', unsigned);
    const signed = { ...event, signature };
    await saveEvent(signed);
    return signed;
  }

  /** One at a time; asked for meanwhile, it goes round once more. */
  async sync(): Promise<void> {
    this.#again = true;
    this.#syncing ??= this.#rounds().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      if (this.device) await this.#round(this.device);
    }
  }

  async #round(device: GateDevice): Promise<void> {
    const open = (await loadEvents()).filter(({ outcome }) => outcome === null).slice(0, EVENTS_AT_ONCE);
    const signed = await Promise.all(open.map(async (event) => this.#sign(device, event)));
    const events: GateSync['events'] = signed.map(({ sequence, sentAt, payload, signature }) => ({
      device: device.id,
      sequence,
      sentAt,
      payload,
      signature: signature!,
    }));
    const before = Date.now();
    const body = await signMessage(device.keys.privateKey, 'gate_sync', {
      device: device.id,
      sequence: before,
      sentAt: new Date(before + (this.book?.ahead ?? 0)).toISOString(),
      payload: JSON.stringify({ events }),
    });
    const answer = await call<GateSyncAnswer>(fetch, 'POST', '/v1/gate/sync', { body });
    if (answer.ok) await this.#learn(device, answer.data, signed, before);
    else await this.#refused(device, answer.problem);
  }

  async #learn(
    device: GateDevice,
    told: GateSyncAnswer,
    sent: readonly KeptEvent[],
    before: number,
  ): Promise<void> {
    for (const { sequence, outcome } of told.outcomes) {
      const event = sent.find((one) => one.sequence === sequence);
      if (event) await saveEvent({ ...event, outcome });
    }
    const asOf = Date.parse(told.now);
    const { keys, closed, sellerId, place, name } = told;
    this.book = { keys, closed, asOf, ahead: asOf - Math.round((before + Date.now()) / 2) };
    this.device = { ...device, sellerId, place, name, revoked: false };
    await saveBook(this.book);
    await saveDevice(this.device);
    this.events = await loadEvents();
    this.connected = true;
    this.problem = undefined;
    if (this.waiting > 0 && told.outcomes.length > 0) this.#again = true;
  }

  async #refused(device: GateDevice, problem: Problem): Promise<void> {
    this.connected = problem.code !== unreachable.code;
    this.problem = this.connected ? problem : undefined;
    // What a wrong clock shows: the exchange says its own, and the next round is signed by it.
    const theirs = problem.code === 'device.clock' ? problem.accepted?.['now'] : undefined;
    if (theirs !== undefined && this.book) {
      this.book = { ...this.book, ahead: Date.parse(theirs) - Date.now() };
      await saveBook(this.book);
    }
    if (problem.code !== 'device.revoked') return;
    this.device = { ...device, revoked: true };
    await saveDevice(this.device);
  }
}
