import type { ConsoleType, Provider } from '@burstcell/provider';

/** What the gateway shows of a server: pictures of its screen, or its serial console to type in. */
export type View = 'screen' | 'terminal';

/** Types of console that the gateway has, as nova names them: `novnc` is the page with the screen. */
export type OwnConsoleType = Extract<ConsoleType, 'novnc' | 'serial'>;

/**
 * What a token of that type opens where it is offered. Who may see a screen could press its keys at any other cloud, so the
 * terminal is there too; a token for the serial console shows no screen.
 */
const OPENS: Readonly<Record<OwnConsoleType, readonly View[]>> = { novnc: ['screen', 'terminal'], serial: ['terminal'] };

/** The types that the gateway can serve with this provider; none where the provider hands out consoles of its own. */
export function consoleTypesOf(provider: Provider): readonly OwnConsoleType[] {
  if (provider.connectConsole !== undefined) return [];
  const types: readonly OwnConsoleType[] = ['novnc', 'serial'];
  return types.filter((type) => (type === 'novnc' ? provider.screenshot : provider.openSerial) !== undefined);
}

/** What a token of that type opens with this provider; nothing for a type that is none of the gateway's. */
export function viewsOf(type: string, provider: Provider): readonly View[] {
  const opens = Object.hasOwn(OPENS, type) ? OPENS[type as OwnConsoleType] : [];
  return opens.filter((view) => (view === 'screen' ? provider.screenshot : provider.openSerial) !== undefined);
}
