import type { EngineMethod, EngineParams } from '../shared/hostEngine';
import type { EngineClient } from './engineClient';

/** What the host's owners need of the engine's client: tests put another one in its place. */
export type Engine = Pick<EngineClient, 'request' | 'onEvent' | 'onStatus' | 'onRestart' | 'restart' | 'forgetSpace'>;

/** Requests that concern the space of this window. */
export type SpaceMethod = {
  [M in EngineMethod]: EngineParams<M> extends { spaceId: string } ? M : never;
}[EngineMethod];

export type SpaceParams<M extends SpaceMethod> = Omit<EngineParams<M>, 'spaceId'>;

/** True for the rejection of a request that somebody took back: nobody needs to be told. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && error.name === 'CancelledError';
}

/** True for the rejection of a request whose engine died: asking again reaches the next engine. */
export function isEngineDeath(error: unknown): boolean {
  return error instanceof Error && error.name === 'EngineDiedError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
