import { computeFingerprint } from "./auth/fingerprint.ts";

/** Where machines are registered, as messages have it. A stack has one tenant. */
export const AUTOPILOT_REGISTRY = "Windows Autopilot";

/** What identifies a machine, as a program declares it. */
export interface MachineIdentifiers {
	readonly serialNumber: string;
	/** The hardware hash; undefined, or the empty text, where the program has none. */
	readonly hardwareIdentifier?: string | undefined;
	readonly productKey?: string | undefined;
}

/**
 * A text that tells a machine from every other one, the hash as a fingerprint in it. Undefined without a hash, for several
 * machines may have one serial number.
 */
export function createMachineKey({
	serialNumber,
	hardwareIdentifier = "",
	productKey = "",
}: MachineIdentifiers): string | undefined {
	if (hardwareIdentifier === "") return undefined;
	return JSON.stringify([serialNumber, productKey, computeFingerprint(hardwareIdentifier)]);
}
