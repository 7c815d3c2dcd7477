import type { SendRequest } from "../../../provider/http/message.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/emulator.ts";

/** Where services run and how they are reached. */
export interface Place {
	start(options: EmulatorOptions): Promise<Emulator>;
	/** Carries the provider's requests. Default the network. */
	readonly network?: SendRequest;
	/** Carries a test's own requests for tokens. Default the network. */
	readonly fetch?: typeof fetch;
}

/** On this machine, behind sockets. */
export const LOOPBACK: Place = { start: startEmulator };
