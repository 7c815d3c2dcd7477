import { fingerprint } from "./auth/fingerprint.ts";

/** Where machines are registered, as messages have it. A stack has one tenant. */
export const AUTOPILOT = "Windows Autopilot";

/** What identifies a machine, as a program declares it. */
export interface MachineFacts {
	readonly serialNumber: string;
	/** The hardware hash; undefined, or the empty text, where the program has none. */
	readonly hardwareIdentifier?: string | undefined;
	readonly productKey?: string | undefined;
}

/**
 * A text that tells a machine from every other one, the hash as a fingerprint in it. Undefined without a hash, for several
 * machines may have one serial number.
 */
export function machineKey({
	serialNumber,
	hardwareIdentifier = "",
	productKey = "",
}: MachineFacts): string | undefined {
	if (hardwareIdentifier === "") return undefined;
	return JSON.stringify([serialNumber, productKey, fingerprint(hardwareIdentifier)]);
}
